import { useTranslation } from "react-i18next";
import type { Measurement } from "@/api/types";
import { useLanguage } from "@/locales/use-language";
import styles from "./measurements.module.css";

/** How many numbers are read at a glance. */
const atOnce = 4;

/** A finding's numbers: the first few at once, the others when asked for. */
export function Measurements({ measurements }: { measurements: Measurement[] }) {
  const { t } = useTranslation();
  if (!measurements.length) return null;
  const others = measurements.slice(atOnce);
  return (
    <>
      <Numbers measurements={measurements.slice(0, atOnce)} />
      {others.length > 0 && (
        <details>
          <summary className="secondary">{t("draft.moreNumbers", { count: others.length })}</summary>
          <Numbers measurements={others} />
        </details>
      )}
    </>
  );
}

function Numbers({ measurements }: { measurements: Measurement[] }) {
  const { local } = useLanguage();
  return (
    <p className={styles.numbers}>
      {measurements.map((one, index) => (
        <span key={index}>
          <span className="secondary">{local(one.text)} </span>
          <b>{one.display}</b>
        </span>
      ))}
    </p>
  );
}
