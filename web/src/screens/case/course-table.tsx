import { useTranslation } from "react-i18next";
import type { Hour } from "@/api/course";
import { type Column, EvidenceTable } from "./evidence-table";

/** The course of a long ECG, a row an hour. */
export function CourseTable({ hours }: { hours: Hour[] }) {
  const { t } = useTranslation();
  const columns: Column<Hour>[] = [
    { name: t("course.from"), value: (hour) => `${Math.round(hour.from / 3600)} h` },
    { name: t("course.rate"), value: (hour) => Math.round(hour.mean_rate) },
    { name: t("course.lowest"), value: (hour) => Math.round(hour.lowest_rate) },
    { name: t("course.highest"), value: (hour) => Math.round(hour.highest_rate) },
    { name: t("course.beats"), value: (hour) => hour.beats },
    { name: t("course.ventricular"), value: (hour) => hour.ventricular },
    { name: t("course.supraventricular"), value: (hour) => hour.supraventricular },
    { name: t("course.pauses"), value: (hour) => hour.pauses },
    { name: t("course.fibrillation"), value: (hour) => Math.round(hour.fibrillation_seconds / 60) },
    { name: t("course.qtc"), value: (hour) => hour.qtc_ms ?? "–" },
  ];
  return (
    <EvidenceTable title={t("course.title")} columns={columns} rows={hours} keyOf={(hour) => hour.from} />
  );
}
