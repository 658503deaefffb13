import { ClockCircleFilled, ExclamationCircleFilled } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { Urgency } from "@/api/types";
import styles from "./urgency-mark.module.css";

/** Red "act now", amber "today"; routine is quiet. A sign and a word, never colour alone. */
export function UrgencyMark({ urgency, words = false }: { urgency: Urgency; words?: boolean }) {
  const { t } = useTranslation();
  if (urgency !== "emergency" && urgency !== "today") return null;
  const Icon = urgency === "emergency" ? ExclamationCircleFilled : ClockCircleFilled;
  const word = t(`urgency.${urgency}`);
  return (
    <span className={styles[urgency]} title={word}>
      <Icon aria-hidden /> <span className={words ? undefined : "visually-hidden"}>{word}</span>
    </span>
  );
}
