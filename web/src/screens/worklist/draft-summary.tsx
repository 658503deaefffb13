import { useTranslation } from "react-i18next";
import type { CaseRow } from "@/api/types";
import { DraftWord } from "@/components/draft-word";
import { printProbability } from "@/format/probability";
import { useLanguage } from "@/locales/use-language";
import styles from "./draft-summary.module.css";

/** What an assistant proposes for a case, always as a draft, and why the case was raised. */
export function DraftSummary({ row }: { row: CaseRow }) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const { draft, urgencyReason } = row;
  return (
    <span className={draft ? styles.draft : undefined}>
      <span className={styles.words}>
        {draft ? (
          <>
            <DraftWord /> {local(draft.text)}{" "}
            {draft.probability !== null && printProbability(draft.probability)}
            {draft.threshold !== null && (
              <span className="secondary">
                {" "}
                ({t("draft.threshold", { threshold: draft.threshold.toFixed(2) })})
              </span>
            )}
          </>
        ) : (
          <span className="secondary">{t("worklist.noDraft")}</span>
        )}
      </span>
      {urgencyReason && local(urgencyReason) !== local(draft?.text) && (
        <span className={`${styles.words} secondary`}>
          {t("worklist.raised", { reason: local(urgencyReason) })}
        </span>
      )}
    </span>
  );
}
