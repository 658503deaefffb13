import { useMutation } from "@tanstack/react-query";
import { Button, Input, Radio } from "antd";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router-dom";
import { createPatient, type NewPatient as Typed } from "@/api/patients";
import { Failure } from "@/components/failure";
import { Field } from "@/components/field";
import { Page } from "@/components/page";
import { isoDate } from "@/format/time";
import { useKept } from "@/state/kept";
import { useUser } from "@/state/session";
import { missingIn } from "./missing";
import styles from "./new-patient.module.css";

const blank: Typed = {
  family: "",
  given: "",
  nameLatin: "",
  sex: "unknown",
  birthDate: "",
  identifier: "",
  phone: "",
  organization: "",
};

export default function NewPatient() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const user = useUser();
  const [typed, setTyped, done] = useKept<Typed>("new-patient", blank);
  const [checked, setChecked] = useState(false);
  const missing = checked ? missingIn(typed, isoDate(new Date())) : {};
  const save = useMutation({
    mutationFn: () => createPatient({ ...typed, organization: user.organization }),
    onSuccess: (id) => {
      done();
      navigate(`/case/new?patient=${encodeURIComponent(id)}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!Object.keys(missingIn(typed, isoDate(new Date()))).length) save.mutate();
  };
  const text = (name: keyof Typed, extra: { type?: string; max?: string; inputMode?: "tel" } = {}) => (
    <Field
      label={t(`patient.${name as "family"}`)}
      hint={name === "nameLatin" || name === "identifier" ? t(`patient.hint.${name}`) : undefined}
      error={missing[name] && t(`patient.missing.${missing[name]}`)}
    >
      {(id) => (
        <Input
          id={id}
          {...extra}
          value={typed[name]}
          status={missing[name] ? "error" : undefined}
          onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
        />
      )}
    </Field>
  );

  return (
    <Page title={t("patient.new")}>
      <form className={styles.form} onSubmit={submit} noValidate>
        {text("family")}
        {text("given")}
        {text("nameLatin")}
        {text("birthDate", { type: "date", max: isoDate(new Date()) })}
        <Field label={t("patient.sex")} error={missing.sex && t("patient.missing.sex")}>
          {(id) => (
            <Radio.Group
              id={id}
              value={typed.sex}
              onChange={(event) => setTyped({ ...typed, sex: event.target.value })}
              options={(["female", "male", "other"] as const).map((value) => ({
                value,
                label: t(`sex.${value}`),
              }))}
            />
          )}
        </Field>
        {text("identifier")}
        {text("phone", { inputMode: "tel" })}
        <div className={styles.wide}>
          {save.error && <Failure act={t("patient.saving")} error={save.error} retry={() => save.mutate()} />}
          <Button type="primary" size="large" htmlType="submit" loading={save.isPending}>
            {t("patient.save")}
          </Button>
        </div>
      </form>
    </Page>
  );
}
