import { useTranslation } from "react-i18next";
import type { PatientSummary } from "@/api/types";
import { ageAt } from "@/format/age";

/** "M 67 y": sex and age as a list shows them. */
export function SexAge({ patient }: { patient: Pick<PatientSummary, "sex" | "birthDate"> }) {
  const { t } = useTranslation();
  const age = ageAt(patient.birthDate, new Date());
  return (
    <span title={patient.birthDate}>
      {t(`sexShort.${patient.sex}`)} {age ? t(`age.${age.unit}`, { count: age.count }) : ""}
    </span>
  );
}
