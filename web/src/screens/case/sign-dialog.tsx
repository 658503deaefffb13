import { Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { signReport } from "@/api/cases";
import type { CasePage } from "@/api/types";
import { Failure } from "@/components/failure";
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
  const sign = useCaseChange(
    page.id,
    () => signReport(page.id, pen.input),
    () => {
      pen.done();
      onClose();
    },
  );
  const title = t("sign.title", { report: t(`reportKind.${reportKind(page)}`), name: page.patient.name });
  const go = () => sign.mutate();
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      footer={[
        <Button key="cancel" onClick={onClose}>
          {t("action.cancel")}
        </Button>,
        <Button key="sign" type="primary" autoFocus loading={sign.isPending} onClick={go}>
          {t("sign.action")}
        </Button>,
      ]}
    >
      <p className={styles.text}>{pen.input.text}</p>
      <p className="secondary">{t("sign.final")}</p>
      {sign.error && <Failure act={t("sign.signing")} error={sign.error} retry={go} />}
    </Modal>
  );
}
