import { WarningFilled } from "@ant-design/icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CasePatient } from "@/api/types";
import { ConsentMark } from "./consent-mark";
import { SexAge } from "./person-line";
import styles from "./patient-banner.module.css";

interface Props {
  patient: CasePatient;
  /** Pressed to record what the patient said; missing: it is only shown. */
  onConsent?: () => void;
  children?: ReactNode;
}

/** Whose record this is. Never scrolled away, the same on every screen of a patient. */
export function PatientBanner({ patient, onConsent, children }: Props) {
  const { t } = useTranslation();
  return (
    <section className={styles.banner} aria-label={t("banner.label")}>
      <h1 className={styles.name}>
        {patient.name} {patient.nameLatin && <span className={styles.latin}>{patient.nameLatin}</span>}
      </h1>
      <span className={styles.person}>
        <SexAge patient={patient} />
      </span>
      <span>{t("banner.born", { date: patient.birthDate })}</span>
      {patient.identifier && <span>{t("banner.identifier", { identifier: patient.identifier })}</span>}
      <Allergies allergies={patient.allergies} />
      <ConsentMark consent={patient.consent} onRecord={onConsent} />
      <span className={styles.aside}>{children}</span>
    </section>
  );
}

function Allergies({ allergies }: { allergies: CasePatient["allergies"] }) {
  const { t } = useTranslation();
  if (allergies === null) return <span className={styles.quiet}>{t("banner.allergiesNotAsked")}</span>;
  if (!allergies.length) return <span className={styles.quiet}>{t("banner.noAllergies")}</span>;
  return (
    <span className={styles.alarm}>
      <WarningFilled aria-hidden />{" "}
      {t("banner.allergies", { list: allergies.map((one) => one.text).join(t("comma")) })}
    </span>
  );
}
