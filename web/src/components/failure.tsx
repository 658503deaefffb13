import { ReloadOutlined, WarningOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/http";
import styles from "./failure.module.css";

interface Props {
  /** What could not be loaded, as a noun phrase: "the worklist". */
  what?: string;
  /** Or what could not be done: "Signing the report". */
  act?: string;
  error: unknown;
  retry?: () => void;
}

/** What failed, why as the node words it, and a way to try again. */
export function Failure({ what, act, error, retry }: Props) {
  const { t } = useTranslation();
  const api = error instanceof ApiError ? error : null;
  const reason = api?.offline
    ? t("failure.offline")
    : api?.what || (api ? t("failure.status", { status: api.status }) : String(error));
  return (
    <div className={styles.failure} role="alert">
      <WarningOutlined aria-hidden className={styles.icon} />
      <div>
        <strong>{act ? t("failure.act", { act }) : t("failure.load", { what })}</strong>
        <p>{reason}</p>
        {api?.where && <p className="secondary">{api.where}</p>}
        {api?.advice && <p>{api.advice}</p>}
      </div>
      {retry && (
        <Button icon={<ReloadOutlined aria-hidden />} onClick={retry}>
          {t("action.retry")}
        </Button>
      )}
    </div>
  );
}
