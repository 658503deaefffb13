import { useId, type ReactNode } from "react";
import styles from "./field.module.css";

interface Props {
  label: string;
  hint?: string;
  error?: string;
  children: (id: string) => ReactNode;
}

/** A label above its control, the hint under the label, the error in words beside it. */
export function Field({ label, hint, error, children }: Props) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {hint && <span className="secondary">{hint}</span>}
      {children(id)}
      {error && (
        <span role="alert" className={styles.error}>
          {error}
        </span>
      )}
    </div>
  );
}
