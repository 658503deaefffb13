import { useTranslation } from "react-i18next";
import { rejectDraft } from "@/api/cases";
import type { CasePage, Draft } from "@/api/types";
import { useLanguage } from "@/locales/use-language";
import { useKept } from "@/state/kept";
import { removeSentence } from "./report-text";
import { TextDialog } from "@/components/text-dialog";
import { useCaseChange } from "./use-case-change";
import type { ReportPen } from "./use-report";

interface Props {
  page: CasePage;
  draft: Draft;
  pen: ReportPen;
  onClose: () => void;
}

/** Throws a draft out, with the reason: it stays readable, struck through. */
export function RejectDialog({ page, draft, pen, onClose }: Props) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const [reason, setReason, done] = useKept(`reject.${draft.id}`, "");
  const reject = useCaseChange(
    page.id,
    (text: string) => rejectDraft(page.id, draft.id, text),
    () => {
      done();
      withdrawSentences(draft, pen);
      onClose();
    },
  );
  return (
    <TextDialog
      title={t("draft.rejectTitle", { assistant: local(draft.assistant.title) })}
      label={t("draft.rejectReason")}
      action={t("draft.reject")}
      failing={t("draft.rejecting")}
      text={reason}
      onText={setReason}
      busy={reject.isPending}
      error={reject.error}
      danger
      onGo={() => reject.mutate(reason)}
      onClose={onClose}
    />
  );
}

/** Takes what the draft had put into the report out again. */
function withdrawSentences(draft: Draft, pen: ReportPen): void {
  const gone = draft.findings.filter((finding) => pen.input.accepted.includes(finding.id));
  if (!gone.length) return;
  const text = gone.reduce(
    (rest, finding) => removeSentence(removeSentence(rest, finding.text.en), finding.text.zh),
    pen.input.text,
  );
  const ids = gone.map((finding) => finding.id);
  pen.write(
    text,
    pen.input.accepted.filter((id) => !ids.includes(id)),
  );
}
