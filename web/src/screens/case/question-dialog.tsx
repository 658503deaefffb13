import { useTranslation } from "react-i18next";
import { returnWithQuestion } from "@/api/cases";
import type { CasePage } from "@/api/types";
import { useKept } from "@/state/kept";
import { useOrganizations } from "@/state/organizations";
import { TextDialog } from "@/components/text-dialog";
import { useCaseChange } from "./use-case-change";

/** Sends the case back to the clinic, unsigned, with a question. */
export function QuestionDialog({ page, onClose }: { page: CasePage; onClose: () => void }) {
  const { t } = useTranslation();
  const { nameOf } = useOrganizations();
  const [text, setText, done] = useKept(`question.${page.id}`, "");
  const ask = useCaseChange(
    page.id,
    (question: string) => returnWithQuestion(page.id, question),
    () => {
      done();
      onClose();
    },
  );
  return (
    <TextDialog
      title={t("question.title", { clinic: nameOf(page.organization) })}
      label={t("question.label")}
      action={t("question.action")}
      failing={t("question.sending")}
      text={text}
      onText={setText}
      busy={ask.isPending}
      error={ask.error}
      onGo={() => ask.mutate(text)}
      onClose={onClose}
    />
  );
}
