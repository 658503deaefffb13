import { VideoCameraOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { LiveSource } from "@/api/live";
import { Failure } from "@/components/failure";
import { useLanguage } from "@/locales/use-language";
import { useLiveSources } from "@/state/live-sources";

/** A button a source of live pictures; nothing where the node has none. */
export function LiveChoice({ onChoose }: { onChoose: (source: LiveSource) => void }) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const sources = useLiveSources();
  if (sources.error)
    return <Failure what={t("live.sources")} error={sources.error} retry={() => void sources.refetch()} />;
  return (
    <>
      {sources.data?.map((source) => (
        <div key={source.id} style={{ padding: "0 8px 8px" }}>
          <Button block icon={<VideoCameraOutlined aria-hidden />} onClick={() => onChoose(source)}>
            {t("live.begin", { name: local(source.name) })}
          </Button>
        </div>
      ))}
    </>
  );
}
