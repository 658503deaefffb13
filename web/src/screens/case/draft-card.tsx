import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { CasePage, Draft, Finding } from "@/api/types";
import { DraftWord } from "@/components/draft-word";
import { RelativeTime } from "@/components/relative-time";
import { useLanguage } from "@/locales/use-language";
import { Comparison } from "./comparison";
import { FindingCard } from "./finding-card";
import { byWeight } from "./finding-order";
import { RejectDialog } from "./reject-dialog";
import { addSentence, removeSentence } from "./report-text";
import type { ReportPen } from "./use-report";
import styles from "./draft-card.module.css";

interface Props {
  draft: Draft;
  page: CasePage;
  pen: ReportPen;
  lit: string | null;
  onLight: (finding: string | null) => void;
  onShow: () => void;
}

/** As many findings that something is not there are shown; more are folded away. */
const fewAbsent = 1;

/** One assistant's draft: its findings, each with what it rests on, to be accepted or rejected. */
export function DraftCard({ draft, page, pen, lit, onLight, onShow }: Props) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const [rejecting, setRejecting] = useState(false);
  const rejected = draft.status === "rejected";
  const open = draft.status === "draft" && !draft.refused && page.report?.status !== "final";

  const { found, absent } = byWeight(draft.findings);
  const folded = absent.length > fewAbsent ? absent : [];

  const card = (finding: Finding) => (
    <FindingCard
      key={finding.id}
      finding={finding}
      askIn={open ? page.id : null}
      open={open && page.may.sign}
      accepted={pen.input.accepted.includes(finding.id)}
      reportText={page.report?.status === "final" ? page.report.text : pen.input.text}
      lit={lit === finding.id}
      onLight={(on) => onLight(on ? finding.id : null)}
      onShow={onShow}
      onToggle={() => toggle(finding)}
    />
  );

  const toggle = (finding: Finding) => {
    const { text, accepted } = pen.input;
    if (!accepted.includes(finding.id)) {
      pen.write(addSentence(text, local(finding.text)), [...accepted, finding.id]);
      return;
    }
    const without = removeSentence(removeSentence(text, finding.text.en), finding.text.zh);
    pen.write(
      without,
      accepted.filter((id) => id !== finding.id),
    );
  };

  return (
    <article className={`${styles.card} ${draft.refused ? "" : styles[draft.status]}`}>
      <header className={styles.head}>
        {open && <DraftWord />}
        {draft.refused && <b>{t("draft.refused")}</b>}
        {draft.status === "accepted" && <b className={styles.signed}>{t("draft.accepted")}</b>}
        {rejected && <b>{t("draft.rejected")}</b>}
        <Link to={`/assistants/${encodeURIComponent(draft.assistant.id)}`} title={t("draft.card")}>
          {local(draft.assistant.title)} {draft.assistant.version}
        </Link>
        <span className="secondary">
          <RelativeTime at={draft.at} />
        </span>
      </header>
      {draft.refused && <p>{local(draft.refused.text)}</p>}
      {draft.comparison && (
        <Comparison
          compared={draft.comparison}
          onAccept={
            open && page.may.sign
              ? (sentence) => pen.write(addSentence(pen.input.text, local(sentence)), pen.input.accepted)
              : undefined
          }
        />
      )}
      <div className={rejected ? styles.struck : undefined}>
        {(folded.length ? found : [...found, ...absent]).map(card)}
        {folded.length > 0 && (
          <details className={styles.absent}>
            <summary className="secondary">{t("draft.notFound", { count: folded.length })}</summary>
            {folded.map(card)}
          </details>
        )}
      </div>
      {rejected && (
        <p className={styles.why}>
          {t("draft.rejectedBy", { name: draft.rejectedBy ?? "", reason: draft.rejectedReason ?? "" })}
        </p>
      )}
      {open && page.may.reject && (
        <Button size="small" type="text" onClick={() => setRejecting(true)}>
          {t("draft.reject")}
        </Button>
      )}
      {rejecting && <RejectDialog page={page} draft={draft} pen={pen} onClose={() => setRejecting(false)} />}
    </article>
  );
}
