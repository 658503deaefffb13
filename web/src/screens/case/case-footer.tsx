import { FilePdfOutlined, PrinterOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ecgPdf } from "@/api/recordings";
import type { CasePage, Recording } from "@/api/types";
import { useLanguage } from "@/locales/use-language";
import { useShortcuts } from "@/state/shortcuts";
import { AskDialog } from "./ask-dialog";
import { QuestionDialog } from "./question-dialog";
import { SignDialog } from "./sign-dialog";
import type { ReportPen } from "./use-report";
import styles from "./case-footer.module.css";

type Dialog = "sign" | "ask" | "question" | null;

interface Props {
  page: CasePage;
  pen: ReportPen;
  /** What is on the screen. */
  recording: Recording | undefined;
}

/**
 * What can be done with the case: sign, ask for an opinion, return with a question; print the report once
 * signed, and an ECG at any time.
 */
export function CaseFooter({ page, pen, recording }: Props) {
  const { t } = useTranslation();
  const { language } = useLanguage();
  const [dialog, setDialog] = useState<Dialog>(null);
  const signed = page.report?.status === "final";
  const canSign = page.may.sign && !signed;
  const written = pen.input.text.trim() !== "";
  const asked = page.requests.length > 0;
  useShortcuts({ "Ctrl+Enter": () => written && setDialog("sign") }, canSign);
  const close = () => setDialog(null);

  return (
    <footer className={`${styles.footer} no-print`}>
      {canSign && !written && <span className={styles.hint}>{t("sign.needsText")}</span>}
      {recording?.kind === "ecg" && (
        <Button
          icon={<FilePdfOutlined aria-hidden />}
          href={ecgPdf(page.id, recording.instance, language)}
          target="_blank"
        >
          {t("action.ecgPdf")}
        </Button>
      )}
      {signed && (
        <Button icon={<PrinterOutlined aria-hidden />} onClick={() => window.print()}>
          {t("action.print")}
        </Button>
      )}
      {page.may.sign && asked && !signed && (
        <Button onClick={() => setDialog("question")}>{t("question.action")}</Button>
      )}
      {page.may.ask && !signed && (
        <Button type={canSign ? "default" : "primary"} onClick={() => setDialog("ask")}>
          {t("ask.action")}
        </Button>
      )}
      {canSign && (
        <Button type="primary" disabled={!written} onClick={() => setDialog("sign")}>
          {t("sign.action")} <kbd className={styles.key}>Ctrl+Enter</kbd>
        </Button>
      )}
      {dialog === "sign" && <SignDialog page={page} pen={pen} onClose={close} />}
      {dialog === "ask" && <AskDialog page={page} onClose={close} />}
      {dialog === "question" && <QuestionDialog page={page} onClose={close} />}
    </footer>
  );
}
