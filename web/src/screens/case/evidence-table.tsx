import styles from "./evidence-table.module.css";

export interface Column<Row> {
  name: string;
  value: (row: Row) => string | number;
}

/** Numbers behind a finding, in a box of its own that scrolls. */
export function EvidenceTable<Row>(props: {
  title: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string | number;
}) {
  return (
    <div className={styles.room} tabIndex={0} role="region" aria-label={props.title}>
      <table className={styles.table}>
        <thead>
          <tr>
            {props.columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={props.keyOf(row)}>
              {props.columns.map(({ name, value }) => (
                <td key={name}>{value(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
