import { CheckCircleFilled, WarningFilled } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { verifyLedger, type Verdict } from "@/api/ledger";
import { Failure } from "@/components/failure";
import styles from "./ledger.module.css";

/** Runs the check of the whole ledger and ends in one sentence. */
export function Verification({ size }: { size: number | undefined }) {
  const { t } = useTranslation();
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const verify = useMutation({
    mutationFn: () => verifyLedger((done, total) => setProgress({ done, total })),
    onMutate: () => setProgress({ done: 0, total: size ?? 0 }),
  });
  const percent = progress.total ? Math.floor((progress.done / progress.total) * 100) : 0;
  return (
    <section className={styles.verify} aria-label={t("ledger.verify")}>
      <div className={styles.verifyHead}>
        <span>{size === undefined ? t("ledger.purpose") : t("ledger.size", { count: size })}</span>
        <Button type="primary" loading={verify.isPending} onClick={() => verify.mutate()}>
          {t("ledger.verify")}
        </Button>
      </div>
      <div role="status">
        {verify.isPending && (
          <>
            <Progress percent={percent} aria-label={t("ledger.verify")} />
            <span className="secondary">{t("ledger.checked", progress)}</span>
          </>
        )}
        {verify.data && <Sentence verdict={verify.data} />}
      </div>
      {verify.error && (
        <Failure act={t("ledger.verifying")} error={verify.error} retry={() => verify.mutate()} />
      )}
    </section>
  );
}

function Sentence({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation();
  return (
    <>
      {verdict.intact ? (
        <p className={styles.intact}>
          <CheckCircleFilled aria-hidden /> {t("ledger.intact", { count: verdict.entries })}{" "}
          {verdict.checkpoints > 0 && t("ledger.checkpoints", { count: verdict.checkpoints })}
        </p>
      ) : (
        <p className={styles.broken}>
          <WarningFilled aria-hidden /> {t("ledger.broken", { number: verdict.firstBad })} {verdict.what}
        </p>
      )}
      <p className={`secondary ${styles.root}`}>{t("ledger.root", { root: verdict.root })}</p>
    </>
  );
}
