import { CheckOutlined, PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Finding } from "@/api/types";
import { ProbabilityBar } from "@/components/probability-bar";
import { UrgencyMark } from "@/components/urgency-mark";
import { useLanguage } from "@/locales/use-language";
import { AskedFacts } from "./asked-facts";
import { EvidenceNote } from "./evidence-note";
import { Measurements } from "./measurements";
import { isEdited } from "./report-text";
import styles from "./finding-card.module.css";

interface Props {
  finding: Finding;
  /** The case, where what is not known may be said. */
  askIn: string | null;
  /** Whether it may still be accepted. */
  open: boolean;
  accepted: boolean;
  reportText: string;
  lit: boolean;
  onLight: (on: boolean) => void;
  onShow: () => void;
  onToggle: () => void;
}

/** A finding with its probability, its numbers and its evidence; pointing at it lights the evidence. */
export function FindingCard(props: Props) {
  const { finding, askIn, open, accepted, reportText, lit, onLight, onShow, onToggle } = props;
  const { t } = useTranslation();
  const { local } = useLanguage();
  const edited = accepted && isEdited(reportText, [finding.text.en, finding.text.zh]);
  return (
    <div
      className={`${styles.finding} ${lit ? styles.lit : ""}`}
      data-finding={finding.id}
      data-lit={lit}
      onPointerEnter={() => onLight(true)}
      onPointerLeave={() => onLight(false)}
      onFocus={() => onLight(true)}
      onBlur={() => onLight(false)}
    >
      <button type="button" className={styles.text} onClick={onShow} title={t("draft.showEvidence")}>
        <UrgencyMark urgency={finding.urgency} /> {local(finding.text)}
      </button>
      {finding.probability !== null && (
        <ProbabilityBar probability={finding.probability} threshold={finding.threshold} />
      )}
      <Measurements measurements={finding.measurements} />
      <EvidenceNote evidence={finding.evidence} />
      {askIn && !!finding.evidence?.asks?.length && (
        <AskedFacts caseId={askIn} asks={finding.evidence.asks} />
      )}
      {open && (
        <Button
          size="small"
          type={accepted ? "primary" : "default"}
          aria-pressed={accepted}
          icon={accepted ? <CheckOutlined aria-hidden /> : <PlusOutlined aria-hidden />}
          onClick={onToggle}
        >
          {t(accepted ? "draft.inReport" : "draft.accept")}
        </Button>
      )}
      {edited && <p className={styles.edited}>{t("draft.edited")}</p>}
    </div>
  );
}
