import { useTranslation } from "react-i18next";
import type { Evidence } from "@/api/types";
import { useLanguage } from "@/locales/use-language";
import { leadNames } from "@/viewers/ecg/evidence-leads";
import { CourseTable } from "./course-table";
import { LeadTable } from "./lead-table";
import { StTrendLines } from "./st-trend-lines";
import styles from "./evidence-note.module.css";

/** What a finding rests on, in words: how many beats, which leads, the rules and their numbers. */
export function EvidenceNote({ evidence }: { evidence: Evidence | null }) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  if (!evidence) return null;
  const leads = leadNames(evidence);
  const parts = [
    evidence.beats?.length && t("evidence.beats", { count: evidence.beats.length }),
    evidence.intervals?.length && t("evidence.intervals", { count: evidence.intervals.length }),
    leads.length > 0 && t("evidence.leads", { list: leads.join(t("comma")) }),
    evidence.heat_map && t("evidence.heatMap"),
    evidence.regions?.length && t("evidence.regions", { count: evidence.regions.length }),
  ].filter(Boolean);
  return (
    <>
      {parts.length > 0 && (
        <p className="secondary">
          {t("evidence.restsOn")} {parts.join(t("comma"))}
        </p>
      )}
      {evidence.rules?.map((rule) => (
        <p key={rule.name.en} className={styles.rule}>
          {t("evidence.rule", { name: local(rule.name), value: rule.value, limit: rule.limit })}
        </p>
      ))}
      {!!evidence.hours?.length && <CourseTable hours={evidence.hours} />}
      {!!evidence.lead_measurements?.length && <LeadTable leads={evidence.lead_measurements} />}
      {!!evidence.st_trend?.length && <StTrendLines leads={evidence.st_trend} />}
    </>
  );
}
