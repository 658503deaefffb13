import { useTranslation } from "react-i18next";
import type { CasePage } from "@/api/types";
import { Empty } from "@/components/empty";
import { useLanguage } from "@/locales/use-language";
import { DraftCard } from "./draft-card";
import type { ReportPen } from "./use-report";
import styles from "./draft-panel.module.css";

interface Props {
  page: CasePage;
  pen: ReportPen;
  shown: string | undefined;
  lit: string | null;
  onLight: (finding: string | null) => void;
  onShow: (instance: string) => void;
}

/** What the assistants propose, those of the recording on the screen first, and why others said nothing. */
export function DraftPanel({ page, pen, shown, lit, onLight, onShow }: Props) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const drafts = [...page.drafts].sort(
    (a, b) =>
      Number(b.recording === shown) - Number(a.recording === shown) ||
      Number(a.refused !== null) - Number(b.refused !== null) ||
      b.at.localeCompare(a.at),
  );
  return (
    <section className={styles.panel} aria-label={t("draft.panel")}>
      <h2 className={styles.title}>{t("draft.panel")}</h2>
      {!drafts.length && !page.notRun.length && !page.running.length && <Empty title={t("draft.none")} />}
      {drafts.map((draft) => (
        <DraftCard
          key={draft.id}
          draft={draft}
          page={page}
          pen={pen}
          lit={lit}
          onLight={onLight}
          onShow={() => onShow(draft.recording)}
        />
      ))}
      {page.running.map((run) => (
        <div key={run.assistant.id + run.recording} className={styles.silent}>
          <b>{local(run.assistant.title)}</b> {t("draft.running", { done: run.done, of: run.of })}
          <progress
            className={styles.progress}
            value={run.done}
            max={run.of}
            aria-label={t("draft.runningWhat")}
          />
        </div>
      ))}
      {page.notRun.map((silent, index) => (
        <p key={index} className={styles.silent}>
          <b>{local(silent.assistant.title)}</b> {t("draft.notRun")} {local(silent.reason)}
        </p>
      ))}
    </section>
  );
}
