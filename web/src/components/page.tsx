import type { ReactNode } from "react";
import styles from "./page.module.css";

/** The frame of a screen that scrolls as a whole: one heading, one column. */
export function Page({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{title}</h1>
        {aside}
      </div>
      {children}
    </div>
  );
}
