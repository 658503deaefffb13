import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import { findPatients, getPatient, type PatientMatch } from "@/api/patients";
import { SexAge } from "@/components/person-line";
import styles from "./patient-picker.module.css";

interface Props {
  id: string;
  chosen: PatientMatch | null;
  onChoose: (patient: PatientMatch | null) => void;
  /** The id of the patient to begin with, from the address. */
  wanted: string | null;
}

/**
 * Finds a patient by name or identifier; the chosen one stands there in full, so that a namesake is noticed.
 */
export function PatientPicker({ id, chosen, onChoose, wanted }: Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const found = useQuery({
    queryKey: ["patients", words],
    queryFn: ({ signal }) => findPatients(words, signal),
    enabled: words.trim().length > 0,
  });
  const first = useQuery({
    queryKey: ["patient", wanted],
    queryFn: ({ signal }) => getPatient(wanted!, signal),
    enabled: wanted !== null,
  });
  useEffect(() => {
    if (first.data) onChoose(first.data);
  }, [first.data, onChoose]);

  if (chosen) {
    return (
      <div className={styles.chosen}>
        <span>
          <b>{chosen.name}</b> {chosen.nameLatin} <SexAge patient={chosen} /> · {chosen.birthDate}
          {chosen.identifier && ` · ${chosen.identifier}`}
        </span>
        <Button id={id} onClick={() => onChoose(null)}>
          {t("newCase.another")}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.search}>
      <Select
        id={id}
        showSearch
        filterOption={false}
        className={styles.select}
        placeholder={t("newCase.search")}
        searchValue={words}
        onSearch={setWords}
        value={null}
        loading={found.isFetching}
        notFoundContent={t(
          words ? (found.error ? "newCase.searchFailed" : "newCase.notFound") : "newCase.search",
        )}
        onChange={(value) => onChoose(found.data?.find((patient) => patient.id === value) ?? null)}
        options={(found.data ?? []).map((patient) => ({
          value: patient.id,
          label: <Match patient={patient} />,
        }))}
      />
      <Link to="/patient/new">{t("home.newPatient")}</Link>
    </div>
  );
}

function Match({ patient }: { patient: PatientMatch }) {
  return (
    <span>
      <b>{patient.name}</b> {patient.nameLatin} <SexAge patient={patient} />{" "}
      <span className="secondary">
        {patient.birthDate} {patient.identifier}
      </span>
    </span>
  );
}
