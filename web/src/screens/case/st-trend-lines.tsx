import { useTranslation } from "react-i18next";
import type { StTrend } from "@/api/leads";
import styles from "./st-trend-lines.module.css";

const height = 40;
/** Millivolts above and below the middle that are always in view. */
const leastReach = 0.2;

/** The runs of minutes with a level, as points of a line: x a minute, y upwards. */
function lines(levels: (number | null)[], reach: number): string[] {
  const runs: string[][] = [[]];
  levels.forEach((level, minute) => {
    if (level === null) runs.push([]);
    else runs[runs.length - 1]!.push(`${minute},${((1 - level / reach) * height) / 2}`);
  });
  return runs.filter((run) => run.length > 1).map((run) => run.join(" "));
}

/** The ST level of each lead along a recording, a line a lead. */
export function StTrendLines({ leads }: { leads: StTrend[] }) {
  const { t } = useTranslation();
  const levels = leads.flatMap((one) => one.level_mv).filter((level) => level !== null);
  const reach = Math.max(leastReach, ...levels.map(Math.abs));
  return (
    <figure className={styles.figure}>
      <figcaption>{t("leads.trend", { reach: reach.toFixed(2) })}</figcaption>
      {leads.map((one) => (
        <div key={one.lead} className={styles.lead}>
          <span>{one.lead}</span>
          <svg
            viewBox={`0 0 ${Math.max(1, one.level_mv.length - 1)} ${height}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={t("leads.trendOf", { lead: one.lead })}
          >
            <line x1={0} x2={one.level_mv.length} y1={height / 2} y2={height / 2} className={styles.zero} />
            {lines(one.level_mv, reach).map((points) => (
              <polyline key={points} points={points} className={styles.level} />
            ))}
          </svg>
        </div>
      ))}
    </figure>
  );
}
