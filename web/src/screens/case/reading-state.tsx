import { EyeOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router-dom";
import type { CasePage } from "@/api/types";
import { useLanguage } from "@/locales/use-language";
import { useUser } from "@/state/session";
import type { Claim } from "./use-claim";
import styles from "./reading-state.module.css";

/** Why the case is here and who reads it: one line under the banner. */
export function ReadingState({ page, claim }: { page: CasePage; claim: Claim }) {
  const { t } = useTranslation();
  const { local } = useLanguage();
  const user = useUser();
  const navigate = useNavigate();
  const mine = page.reader !== null && (page.reader.id === user.id || page.reader.id === user.fhirUser);
  const giveBack = () => claim.release.mutate(undefined, { onSuccess: () => navigate("/worklist") });
  return (
    <div className={styles.line}>
      <span className={styles.reason}>
        <span className="secondary">{t("case.reason")}</span> {page.reason || t("case.noReason")}
        {page.urgencyReason && (
          <span className="secondary"> · {t("worklist.raised", { reason: local(page.urgencyReason) })}</span>
        )}
      </span>
      {page.reader && !mine && (
        <span className={styles.other}>
          <EyeOutlined aria-hidden /> {t("worklist.readBy", { name: page.reader.display })}
        </span>
      )}
      {mine && page.status !== "signed" && (
        <Button size="small" onClick={giveBack} loading={claim.release.isPending}>
          {t("case.release")}
        </Button>
      )}
      {claim.free && claim.claim.isError && (
        <Button size="small" onClick={() => claim.claim.mutate()}>
          {t("case.claim")}
        </Button>
      )}
      <span className="secondary">{t(`status.${page.status}`)}</span>
    </div>
  );
}
