import { CheckCircleFilled, EyeOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { CaseRow } from "@/api/types";
import styles from "./case-state.module.css";

/** Where a case stands; who reads it, when someone does. */
export function CaseState({ row }: { row: CaseRow }) {
  const { t } = useTranslation();
  if (row.status === "signed") {
    return (
      <span className={styles.signed}>
        <CheckCircleFilled aria-hidden /> {t("status.signed")}
      </span>
    );
  }
  if (row.reader) {
    return (
      <span className={styles.reader} title={t("worklist.readBy", { name: row.reader.display })}>
        <EyeOutlined aria-hidden /> {row.reader.display}
      </span>
    );
  }
  return <span className="secondary">{t(`status.${row.status}`)}</span>;
}
