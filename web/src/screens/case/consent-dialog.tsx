import { Radio } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { recordConsent, type Agreement, type ConsentState } from "@/api/consent";
import type { CasePage } from "@/api/types";
import { ActDialog } from "@/components/act-dialog";
import { Field } from "@/components/field";
import { useUser } from "@/state/session";

const questions = ["assistants", "colleagues"] as const;

type Said = Record<keyof Agreement, boolean | undefined>;

function saidBefore(state: ConsentState): boolean | undefined {
  return state === "not-asked" ? undefined : state === "granted";
}

/** What the patient was asked and said, kept as their consent of today. */
export function ConsentDialog({ page, onClose }: { page: CasePage; onClose: () => void }) {
  const { t } = useTranslation();
  const user = useUser();
  const client = useQueryClient();
  const { consent, id, name } = page.patient;
  const [said, setSaid] = useState<Said>({
    assistants: saidBefore(consent.assistants),
    colleagues: saidBefore(consent.colleagues),
  });
  const { assistants, colleagues } = said;
  const answered = assistants !== undefined && colleagues !== undefined;
  const keep = useMutation({
    mutationFn: (agreement: Agreement) => recordConsent(id, user.fhirUser, agreement),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["case", page.id] });
      onClose();
    },
  });
  const go = () => {
    if (answered) keep.mutate({ assistants, colleagues });
  };
  return (
    <ActDialog
      title={t("consent.title", { name })}
      action={t("consent.save")}
      failing={t("consent.saving")}
      busy={keep.isPending}
      error={keep.error}
      button={{ disabled: !answered }}
      onGo={go}
      onClose={onClose}
    >
      {questions.map((question) => (
        <Field key={question} label={t(`consent.question.${question}`)} hint={t(`consent.hint.${question}`)}>
          {(field) => (
            <div role="radiogroup" id={field} aria-label={t(`consent.question.${question}`)}>
              <Radio.Group
                value={said[question]}
                onChange={(event) => setSaid({ ...said, [question]: event.target.value as boolean })}
                options={[
                  { value: true, label: t("consent.agrees") },
                  { value: false, label: t("consent.refuses") },
                ]}
              />
            </div>
          )}
        </Field>
      ))}
    </ActDialog>
  );
}
