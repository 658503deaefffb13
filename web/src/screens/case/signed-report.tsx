import { CheckCircleFilled } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { Report } from "@/api/types";
import { exactTime } from "@/format/time";
import styles from "./report.module.css";

/** Plain text with who signed it and when: a fact. */
export function SignedReport({ report }: { report: Report }) {
  const { t } = useTranslation();
  return (
    <section className={styles.report} aria-label={t("report.title")}>
      <h2 className={styles.title}>{t("report.title")}</h2>
      <div className={styles.signed}>
        <p className={styles.text}>{report.text}</p>
        <p className={styles.signature}>
          <CheckCircleFilled aria-hidden />{" "}
          {t("report.signedBy", {
            name: report.signedBy ?? "",
            at: report.signedAt ? exactTime(new Date(report.signedAt)) : "",
          })}
        </p>
      </div>
      {report.changes && (
        <details>
          <summary>{t("report.changes")}</summary>
          <p className={styles.changes}>{report.changes}</p>
        </details>
      )}
    </section>
  );
}
