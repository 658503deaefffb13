import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { CaseRow } from "@/api/types";
import { Empty } from "@/components/empty";
import { SexAge } from "@/components/person-line";
import { RelativeTime } from "@/components/relative-time";
import { UrgencyMark } from "@/components/urgency-mark";
import { modalityKey } from "@/format/modality";
import { CaseState } from "../worklist/case-state";
import list from "./home-list.module.css";
import styles from "./today-list.module.css";

/** The cases that were opened here today. */
export function TodayList({ rows }: { rows: CaseRow[] }) {
  const { t } = useTranslation();
  if (!rows.length) return <Empty title={t("home.noneToday")} />;
  return (
    <ul className={list.list}>
      {rows.map((row) => (
        <li key={row.case}>
          <Link to={`/case/${encodeURIComponent(row.case)}`} className={styles.line}>
            <span className={styles.who}>
              <b>{row.patient.name}</b> <SexAge patient={row.patient} />{" "}
              <UrgencyMark urgency={row.urgency} words />
            </span>
            <span className={styles.what}>
              {t(`modality.${modalityKey(row.modality)}`)} · <RelativeTime at={row.since} />
            </span>
            <CaseState row={row} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
