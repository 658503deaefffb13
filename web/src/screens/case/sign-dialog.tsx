import { useState } from "react";
import { useTranslation } from "react-i18next";
import { signReport } from "@/api/cases";
import type { CasePage } from "@/api/types";
import { ActDialog } from "@/components/act-dialog";
import { reportKind } from "./report-kind";
import { useCaseChange } from "./use-case-change";
import type { ReportPen } from "./use-report";
import styles from "./report.module.css";

interface Props {
  page: CasePage;
  pen: ReportPen;
  onClose: () => void;
}

/** Asks once, naming the report and the patient: a signature cannot be undone. */
export function SignDialog({ page, pen, onClose }: Props) {
  const { t } = useTranslation();
  // As it was when the reader decided to sign.
  const [read] = useState(page);
  const sign = useCaseChange(
    page.id,
    () => signReport(read, pen.input),
    () => {
      pen.done();
      onClose();
    },
  );
  const title = t("sign.title", { report: t(`reportKind.${reportKind(page)}`), name: page.patient.name });
  return (
    <ActDialog
      title={title}
      action={t("sign.action")}
      failing={t("sign.signing")}
      busy={sign.isPending}
      error={sign.error}
      button={{ autoFocus: true }}
      onGo={() => sign.mutate()}
      onClose={onClose}
    >
      <p className={styles.text}>{pen.input.text}</p>
      <p className="secondary">{t("sign.final")}</p>
    </ActDialog>
  );
}
