import { CheckCircleOutlined, CloudUploadOutlined, DisconnectOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { useOnline } from "@/state/online";
import styles from "./line-state.module.css";

/** Whether the line is up, and how many cases still wait to be sent. */
export function LineState({ waiting, failed }: { waiting: number | undefined; failed: boolean }) {
  const { t } = useTranslation();
  const online = useOnline();
  if (!online || failed) {
    return (
      <p className={styles.down}>
        <DisconnectOutlined aria-hidden /> {t("home.lineDown")}
      </p>
    );
  }
  if (!waiting) {
    return (
      <p className={styles.state}>
        <CheckCircleOutlined aria-hidden /> {t("home.allSent")}
      </p>
    );
  }
  return (
    <p className={styles.waiting}>
      <CloudUploadOutlined aria-hidden /> {t("home.outbox", { count: waiting })}
    </p>
  );
}
