import { useTranslation } from "react-i18next";
import type { LeadMeasurements } from "@/api/leads";
import { type Column, EvidenceTable } from "./evidence-table";
import styles from "./evidence-table.module.css";

const millivolts = (value: number | null) => value?.toFixed(2) ?? "–";

/** Amplitudes and ST segment of a 12-lead ECG, a row a lead. */
export function LeadTable({ leads }: { leads: LeadMeasurements[] }) {
  const { t } = useTranslation();
  const columns: Column<LeadMeasurements>[] = [
    { name: t("leads.lead"), value: (one) => one.lead },
    { name: "P (mV)", value: (one) => millivolts(one.p_mv) },
    { name: "Q (mV)", value: (one) => millivolts(one.q_mv) },
    { name: "R (mV)", value: (one) => millivolts(one.r_mv) },
    { name: "S (mV)", value: (one) => millivolts(one.s_mv) },
    { name: t("leads.j"), value: (one) => millivolts(one.j_mv) },
    { name: t("leads.st60"), value: (one) => millivolts(one.st60_mv) },
    { name: t("leads.slope"), value: (one) => millivolts(one.st_slope_mv_s) },
    { name: "T (mV)", value: (one) => millivolts(one.t_mv) },
  ];
  return (
    <details className={styles.fold}>
      <summary className="secondary">{t("leads.title")}</summary>
      <EvidenceTable title={t("leads.title")} columns={columns} rows={leads} keyOf={(one) => one.lead} />
    </details>
  );
}
