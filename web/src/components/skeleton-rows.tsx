import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./skeleton-rows.module.css";

interface Props {
  rows?: number;
  height?: number;
  /** What is being fetched, for those who cannot see the grey bars. */
  what: string;
}

/**
 * Grey rows in the place of what loads. Under 200 ms nothing is drawn, so that a fast answer does not
 * flicker.
 */
export function SkeletonRows({ rows = 6, height = 40, what }: Props) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" style={{ minHeight: rows * height }}>
      <span className="visually-hidden">{t("loading", { what })}</span>
      {shown &&
        Array.from({ length: rows }, (_, index) => (
          <div key={index} className={styles.row} style={{ height }}>
            <div className={styles.bar} style={{ width: `${88 - ((index * 17) % 40)}%` }} />
          </div>
        ))}
    </div>
  );
}
