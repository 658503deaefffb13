import { useTranslation } from "react-i18next";
import type { LedgerEntry } from "@/api/types";
import { exactTime } from "@/format/time";
import { useActWords } from "./act-words";
import styles from "./ledger.module.css";

const columns = ["number", "time", "who", "act", "patient", "entity"] as const;

export function LedgerTable({ entries }: { entries: LedgerEntry[] }) {
  const { t } = useTranslation();
  const words = useActWords();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(`ledger.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.number}>
            <td className={styles.number} title={entry.hash}>
              {entry.number}
            </td>
            <td className={styles.time}>{exactTime(new Date(entry.time))}</td>
            <td>
              {entry.display || entry.user}
              {entry.role && <span className="secondary"> {entry.role}</span>}
            </td>
            <td className={entry.success ? undefined : styles.failed}>
              {words(entry)}
              {!entry.success && ` · ${t("ledger.refused")}`}
            </td>
            <td>{entry.patient}</td>
            <td className={styles.entity} title={entry.entity}>
              {entry.entity}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
