import { VideoCameraOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { getLiveSources, type LiveSource } from "@/api/live";
import { useLanguage } from "@/locales/use-language";

/** A button a source of live pictures; nothing where the node has none. */
export function LiveChoice({ onChoose }: { onChoose: (source: LiveSource) => void }) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const sources = useQuery({
    queryKey: ["live"],
    queryFn: ({ signal }) => getLiveSources(signal),
    staleTime: Infinity,
  });
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
