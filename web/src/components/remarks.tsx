import { useTranslation } from "react-i18next";
import { remarkText } from "@/format/remark";

/** What is damaged or doubtful in a recording, or was not read of it. */
export function Remarks({ remarks, className }: { remarks: string[]; className: string | undefined }) {
  const { t } = useTranslation();
  if (!remarks.length) return null;
  return (
    <ul className={className} aria-label={t("drop.flaws")}>
      {remarks.map((remark) => (
        <li key={remark}>{remarkText(remark, t)}</li>
      ))}
    </ul>
  );
}
