import { useTranslation } from "react-i18next";
import { likelihood, printProbability } from "@/format/probability";
import styles from "./probability-bar.module.css";

interface Props {
  probability: number;
  threshold: number | null;
}

/** A probability in words and number beside a small bar on which the card's operating point is marked. */
export function ProbabilityBar({ probability, threshold }: Props) {
  const { t } = useTranslation();
  return (
    <div className={styles.probability}>
      <span>
        {t(`likelihood.${likelihood(probability)}`)} <b>{printProbability(probability)}</b>
      </span>
      <span className={styles.bar} aria-hidden>
        <span className={styles.value} style={{ width: `${probability * 100}%` }} />
        {threshold !== null && <span className={styles.mark} style={{ left: `${threshold * 100}%` }} />}
      </span>
      {threshold !== null && (
        <span className="secondary">{t("draft.threshold", { threshold: threshold.toFixed(2) })}</span>
      )}
    </div>
  );
}
