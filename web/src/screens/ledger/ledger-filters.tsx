import { Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LedgerFilter } from "@/api/ledger";
import { Field } from "@/components/field";
import styles from "./ledger.module.css";

interface Props {
  filter: LedgerFilter;
  onChange: (filter: LedgerFilter) => void;
}

const names = ["patient", "user", "kind"] as const;

export function LedgerFilters({ filter, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(filter);
  useEffect(() => {
    if (names.every((name) => (typed[name] ?? "") === (filter[name] ?? ""))) return;
    const timer = setTimeout(() => onChange(typed), 300);
    return () => clearTimeout(timer);
  }, [typed, filter, onChange]);
  return (
    <div className={styles.filters} role="search">
      {names.map((name) => (
        <Field key={name} label={t(`ledger.filter.${name}`)}>
          {(id) => (
            <Input
              id={id}
              allowClear
              placeholder={t(`ledger.placeholder.${name}`)}
              value={typed[name] ?? ""}
              onChange={(event) => setTyped({ ...typed, [name]: event.target.value.trim() })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
