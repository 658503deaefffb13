import { useTranslation } from "react-i18next";
import type { StTrend } from "@/api/leads";
import styles from "./st-trend-lines.module.css";
import { reachOf, trendPaths, widthOf } from "./st-trend-paths";

const height = 40;

/** The ST level of each lead along a recording, a line a lead. */
export function StTrendLines({ leads }: { leads: StTrend[] }) {
  const { t } = useTranslation();
  const reach = reachOf(leads.map((one) => one.level_mv));
  return (
    <figure className={styles.figure}>
      <figcaption>{t("leads.trend", { reach: reach.toFixed(2) })}</figcaption>
      {leads.map((one) => (
        <div key={one.lead} className={styles.lead}>
          <span>{one.lead}</span>
          <svg
            viewBox={`0 0 ${widthOf(one.level_mv)} ${height}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={t("leads.trendOf", { lead: one.lead })}
          >
            <line x1={0} x2={one.level_mv.length} y1={height / 2} y2={height / 2} className={styles.zero} />
            {trendPaths(one.level_mv, reach, height).map((points) => (
              <polyline key={points} points={points} className={styles.level} />
            ))}
          </svg>
        </div>
      ))}
    </figure>
  );
}
