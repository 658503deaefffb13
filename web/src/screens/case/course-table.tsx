import { useTranslation } from "react-i18next";
import type { Hour } from "@/api/course";
import styles from "./course-table.module.css";

/** The course of a long ECG, a row an hour. */
export function CourseTable({ hours }: { hours: Hour[] }) {
  const { t } = useTranslation();
  const columns: [string, (hour: Hour) => string | number][] = [
    [t("course.from"), (hour) => `${Math.round(hour.from / 3600)} h`],
    [t("course.rate"), (hour) => Math.round(hour.mean_rate)],
    [t("course.lowest"), (hour) => Math.round(hour.lowest_rate)],
    [t("course.highest"), (hour) => Math.round(hour.highest_rate)],
    [t("course.beats"), (hour) => hour.beats],
    [t("course.ventricular"), (hour) => hour.ventricular],
    [t("course.supraventricular"), (hour) => hour.supraventricular],
    [t("course.pauses"), (hour) => hour.pauses],
    [t("course.fibrillation"), (hour) => Math.round(hour.fibrillation_seconds / 60)],
    [t("course.qtc"), (hour) => hour.qtc_ms ?? "–"],
  ];
  return (
    <div className={styles.room} tabIndex={0} role="region" aria-label={t("course.title")}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map(([name]) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {hours.map((hour) => (
            <tr key={hour.from}>
              {columns.map(([name, value]) => (
                <td key={name}>{value(hour)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
