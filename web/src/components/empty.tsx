import type { ReactNode } from "react";
import styles from "./empty.module.css";

/** Nothing to show, said in words, with what one can do next. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p>{title}</p>
      {children}
    </div>
  );
}
