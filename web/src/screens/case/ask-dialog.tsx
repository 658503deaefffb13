import { Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { askForOpinion } from "@/api/cases";
import type { CasePage, Priority } from "@/api/types";
import { Field } from "@/components/field";
import { useLanguage } from "@/locales/use-language";
import { useKept } from "@/state/kept";
import { useOrganizations } from "@/state/organizations";
import { TextDialog } from "@/components/text-dialog";
import { useCaseChange } from "./use-case-change";

/** Asks a hospital for its opinion; with it goes the right to see this patient's record. */
export function AskDialog({ page, onClose }: { page: CasePage; onClose: () => void }) {
  const { t } = useTranslation();
  const [question, setQuestion, done] = useKept(`ask.${page.id}`, "");
  const [chosen, setChosen] = useState<string | null>(null);
  const [priority, setPriority] = useState<Priority>(page.urgency === "emergency" ? "stat" : "routine");
  const { local } = useLanguage();
  const organizations = useOrganizations();
  const hospitals = (organizations.data ?? []).filter((one) => one.kind === "hospital" && !one.own);
  const organization = chosen ?? hospitals[0]?.id;
  const ask = useCaseChange(
    page.id,
    () => askForOpinion(page.id, organization ?? "", question, priority),
    () => {
      done();
      onClose();
    },
  );
  const before = (
    <>
      <Field label={t("ask.whom")} error={organizations.error ? t("ask.noHospitals") : undefined}>
        {(id) => (
          <Select
            id={id}
            loading={organizations.isPending}
            value={organization}
            onChange={setChosen}
            options={hospitals.map(({ id: value, name }) => ({ value, label: local(name) }))}
          />
        )}
      </Field>
      <Field label={t("newCase.priority")}>
        {(id) => (
          <Radio.Group
            id={id}
            value={priority}
            onChange={(event) => setPriority(event.target.value)}
            options={(["routine", "urgent", "stat"] as const).map((value) => ({
              value,
              label: t(`priority.${value}`),
            }))}
          />
        )}
      </Field>
    </>
  );
  return (
    <TextDialog
      title={t("ask.title", { name: page.patient.name })}
      label={t("ask.question")}
      action={t("ask.go")}
      failing={t("ask.asking")}
      text={question}
      onText={setQuestion}
      busy={ask.isPending}
      error={ask.error}
      ready={organization !== undefined}
      before={before}
      onGo={() => ask.mutate()}
      onClose={onClose}
    />
  );
}
