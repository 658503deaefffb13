import { useTranslation } from "react-i18next";
import type { Remark } from "@/api/types";
import { useLanguage } from "@/locales/use-language";

/** What is damaged or doubtful in a recording, or was not read of it. */
export function Remarks({ remarks, className }: { remarks: Remark[]; className: string | undefined }) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  if (!remarks.length) return null;
  return (
    <ul className={className} aria-label={t("drop.flaws")}>
      {remarks.map((remark) => (
        <li key={remark.text.en}>{local(remark.text)}</li>
      ))}
    </ul>
  );
}
