import { AlertOutlined, HeartOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { useAlarms } from "@/viewers/monitor/use-alarms";

/** A button for the case's monitor and its alarms, saying how many nobody has acknowledged; or nothing. */
export function MonitorChoice({ caseId, onChoose }: { caseId: string; onChoose: () => void }) {
  const { t } = useTranslation();
  const { monitor, open, past, unknown, refresh } = useAlarms(caseId);
  if (unknown !== null && !open.length)
    return <Failure what={t("monitor.alarmsWhat")} error={unknown} retry={refresh} />;
  if (!monitor && !open.length && !past.length) return null;
  return (
    <div style={{ padding: "0 8px 8px" }}>
      <Button
        block
        style={{ height: "auto", minHeight: 32, whiteSpace: "normal" }}
        danger={open.length > 0}
        icon={open.length > 0 ? <AlertOutlined aria-hidden /> : <HeartOutlined aria-hidden />}
        onClick={onChoose}
      >
        {monitor ? t("monitor.watch", { name: monitor }) : t("monitor.title")}
        {open.length > 0 && ` · ${t("monitor.open", { count: open.length })}`}
      </Button>
    </div>
  );
}
