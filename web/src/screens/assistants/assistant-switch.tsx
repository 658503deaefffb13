import { CheckCircleFilled, MinusCircleOutlined, WarningFilled } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { switchAssistant } from "@/api/assistants";
import type { AssistantState } from "@/api/types";
import { RelativeTime } from "@/components/relative-time";
import { TextDialog } from "@/components/text-dialog";
import { useLanguage } from "@/locales/use-language";
import { useUser } from "@/state/session";
import styles from "./assistants.module.css";

const mayUse = ["administrator", "specialist"];

/** Whether an assistant is on, who said so and why; those who may, change it with a reason. */
export function AssistantSwitch({ assistant }: { assistant: AssistantState }) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const user = useUser();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const change = useMutation({
    mutationFn: () => switchAssistant(assistant.id, !assistant.on, reason),
    onSuccess: () => {
      setAsking(false);
      setReason("");
      void client.invalidateQueries({ queryKey: ["assistants"] });
    },
  });
  const worded = (en: string | null, zh: string | null | undefined) => local({ en: en ?? "", zh: zh ?? "" });
  const why = worded(assistant.reason, assistant.reasonZh);
  const act = t(assistant.on ? "assistants.switchOff" : "assistants.switchOn");
  return (
    <div className={styles.state}>
      <b>
        {assistant.on ? <CheckCircleFilled aria-hidden /> : <MinusCircleOutlined aria-hidden />}{" "}
        {t(assistant.on ? "assistants.on" : "assistants.off")}
      </b>
      {!assistant.available && (
        <span className={styles.unavailable}>
          <WarningFilled aria-hidden />{" "}
          {worded(assistant.unavailableReason, assistant.unavailableReasonZh) || t("assistants.unavailable")}
        </span>
      )}
      {why && <span>{why}</span>}
      {!assistant.on && !why && assistant.card.why_off && <span>{local(assistant.card.why_off)}</span>}
      {assistant.changedBy && assistant.changedAt && (
        <span className="secondary">
          {assistant.changedBy} · <RelativeTime at={assistant.changedAt} />
        </span>
      )}
      {mayUse.includes(user.role) && (
        <Button
          size="small"
          aria-label={t("assistants.switchNamed", { act, name: local(assistant.title) })}
          onClick={() => setAsking(true)}
        >
          {act}
        </Button>
      )}
      {asking && (
        <TextDialog
          title={t("assistants.switchNamed", { act, name: local(assistant.title) })}
          label={t("assistants.reason")}
          action={act}
          failing={t("assistants.switching")}
          text={reason}
          onText={setReason}
          busy={change.isPending}
          error={change.error}
          danger={assistant.on}
          onGo={() => change.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
