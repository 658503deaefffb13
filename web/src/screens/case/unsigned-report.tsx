import { useTranslation } from "react-i18next";
import type { Report } from "@/api/types";
import styles from "./report.module.css";

/** A report that someone else is still writing: said to be unsigned before anything of it is read. */
export function UnsignedReport({ report }: { report: Report | null }) {
  const { t } = useTranslation();
  return (
    <section className={styles.report} aria-label={t("report.title")}>
      <h2 className={styles.title}>{t("report.title")}</h2>
      <p className="secondary">{t(report?.text ? "report.unsigned" : "report.none")}</p>
      {report?.text && <p className={styles.text}>{report.text}</p>}
    </section>
  );
}
