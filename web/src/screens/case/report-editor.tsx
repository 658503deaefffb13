import { Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import type { ReportPen } from "./use-report";
import styles from "./report.module.css";

/** The report being written, and whether the node has it yet. */
export function ReportEditor({ pen }: { pen: ReportPen }) {
  const { t } = useTranslation();
  return (
    <section className={styles.report}>
      <div className={styles.head}>
        <h2 className={styles.title}>
          <label htmlFor="report-text">{t("report.title")}</label>
        </h2>
        <span className={pen.state === "saved" ? "secondary" : styles.unsaved} role="status">
          {t(`report.state.${pen.state}`)}
        </span>
      </div>
      <Input.TextArea
        id="report-text"
        autoSize={{ minRows: 5, maxRows: 18 }}
        placeholder={t("report.placeholder")}
        value={pen.input.text}
        onChange={(event) => pen.write(event.target.value)}
      />
      {pen.state === "conflict" && (
        <div className={styles.choices}>
          <Button size="small" onClick={() => void pen.keepMine()}>
            {t("report.keepMine")}
          </Button>
          <Button size="small" onClick={() => void pen.takeTheirs()}>
            {t("report.takeTheirs")}
          </Button>
        </div>
      )}
      {(pen.state === "failed" || pen.state === "offline") && (
        <Button size="small" onClick={pen.retry}>
          {t("action.retry")}
        </Button>
      )}
    </section>
  );
}
