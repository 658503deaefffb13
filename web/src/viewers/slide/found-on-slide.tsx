import type { Finding } from "@/api/types";
import { DraftWord } from "@/components/draft-word";
import { useLanguage } from "@/locales/use-language";
import styles from "./slide.module.css";

/** What the assistant counted, beside the slide: a draft like all that it says. */
export function FoundOnSlide({ findings }: { findings: Finding[] }) {
  const { local } = useLanguage();
  const measured = findings.find((finding) => finding.measurements.length > 0);
  if (!measured) return null;
  return (
    <div className={styles.found}>
      <DraftWord />
      {measured.measurements.map(({ text, display }) => (
        <span key={local(text)}>
          {local(text)} <b>{display}</b>
        </span>
      ))}
    </div>
  );
}
