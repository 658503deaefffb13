import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import type { CaseRow } from "@/api/types";
import { SexAge } from "@/components/person-line";
import { RelativeTime } from "@/components/relative-time";
import { UrgencyMark } from "@/components/urgency-mark";
import { modalityKey } from "@/format/modality";
import { useOrganizations } from "@/state/organizations";
import { CaseState } from "./case-state";
import { DraftSummary } from "./draft-summary";
import styles from "./case-line.module.css";

interface Props {
  id: string | undefined;
  row: CaseRow;
  phone: boolean;
  chosen: boolean;
  place: CSSProperties;
  onOpen: () => void;
}

/** One case in the list: how urgent and since when, what, who, where, what was drafted, who reads it. */
export function CaseLine({ id, row, phone, chosen, place, onOpen }: Props) {
  const { t } = useTranslation();
  const { nameOf } = useOrganizations();
  const { patient } = row;
  return (
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      className={`${styles.line} ${phone ? styles.phone : styles.desk} ${styles[row.urgency] ?? ""}`}
      style={place}
      onClick={onOpen}
    >
      <span className={styles.mark}>
        <UrgencyMark urgency={row.urgency} />
      </span>
      <span className={styles.since}>
        <RelativeTime at={row.since} short />
      </span>
      <span className={styles.modality}>{t(`modality.${modalityKey(row.modality)}`)}</span>
      <span className={styles.patient}>
        <b>{patient.name}</b> {!phone && patient.nameLatin && <span>{patient.nameLatin}</span>}
        <span className={styles.person}>
          <SexAge patient={patient} />
        </span>
      </span>
      <span className={styles.clinic}>{nameOf(row.organization)}</span>
      <span className={styles.draft}>
        <DraftSummary row={row} />
      </span>
      <span className={styles.state}>
        <CaseState row={row} />
      </span>
    </div>
  );
}
