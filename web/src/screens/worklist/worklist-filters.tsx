import { SearchOutlined } from "@ant-design/icons";
import { Input, Select } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { WorklistFilter } from "@/api/cases";
import { modalities } from "@/format/modality";
import { useLanguage } from "@/locales/use-language";
import { useOrganizations } from "@/state/organizations";
import styles from "./worklist-filters.module.css";

interface Props {
  filter: WorklistFilter;
  onChange: (filter: WorklistFilter) => void;
}

export function WorklistFilters({ filter, onChange }: Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState(filter.search ?? "");
  const { local } = useLanguage();
  const organizations = useOrganizations();
  useEffect(() => {
    if (words === (filter.search ?? "")) return;
    const timer = setTimeout(() => onChange({ ...filter, search: words || undefined }), 250);
    return () => clearTimeout(timer);
  }, [words, filter, onChange]);

  return (
    <div className={styles.filters} role="search">
      <Input
        allowClear
        className={styles.search}
        prefix={<SearchOutlined aria-hidden />}
        placeholder={t("worklist.search")}
        aria-label={t("worklist.search")}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <Select
        className={styles.choice}
        aria-label={t("worklist.modality")}
        value={filter.modality ?? ""}
        onChange={(modality) => onChange({ ...filter, modality: modality || undefined })}
        options={[
          { value: "", label: t("worklist.allModalities") },
          ...modalities.map((value) => ({ value, label: labelOf(value, t(`modality.${value}`)) })),
        ]}
      />
      <Select
        className={styles.choice}
        aria-label={t("worklist.organization")}
        value={filter.organization ?? ""}
        popupMatchSelectWidth={false}
        onChange={(organization) => onChange({ ...filter, organization: organization || undefined })}
        options={[
          { value: "", label: t("worklist.allOrganizations") },
          ...(organizations.data ?? []).map(({ id, name }) => ({ value: id, label: local(name) })),
        ]}
      />
    </div>
  );
}

/** With DICOM's code, since two of them are films. */
function labelOf(code: string, word: string): string {
  return word === code ? word : `${word} (${code})`;
}
