import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { discardJob, retryJob } from "@/api/jobs";
import type { ParkedJob } from "@/api/jobs";
import { Failure } from "@/components/failure";
import { RelativeTime } from "@/components/relative-time";
import { TextDialog } from "@/components/text-dialog";
import { useTopicWords } from "./topic-words";
import styles from "./jobs.module.css";

export function JobRow({ job }: { job: ParkedJob }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [discarding, setDiscarding] = useState(false);
  const [reason, setReason] = useState("");
  const look = () => client.invalidateQueries({ queryKey: ["jobs"] });
  const retry = useMutation({ mutationFn: () => retryJob(job.number), onSuccess: look });
  const discard = useMutation({ mutationFn: () => discardJob(job.number, reason), onSuccess: look });
  const words = useTopicWords()(job.topic);
  const name = job.about ? `${words}: ${job.about}` : words;
  return (
    <li className={styles.job}>
      <div className={styles.words}>
        <b>{name}</b>
        <span className={styles.reason}>{job.reason}</span>
        <span className="secondary">
          {t("jobs.attempts", { count: job.attempts })} · <RelativeTime at={job.since} />
        </span>
        {retry.error && <Failure act={t("jobs.retrying")} error={retry.error} retry={() => retry.mutate()} />}
      </div>
      <div className={styles.acts}>
        <Button
          loading={retry.isPending}
          aria-label={t("jobs.named", { act: t("jobs.retry"), name })}
          onClick={() => retry.mutate()}
        >
          {t("jobs.retry")}
        </Button>
        <Button
          danger
          aria-label={t("jobs.named", { act: t("jobs.discard"), name })}
          onClick={() => setDiscarding(true)}
        >
          {t("jobs.discard")}
        </Button>
      </div>
      {discarding && (
        <TextDialog
          title={t("jobs.named", { act: t("jobs.discard"), name })}
          label={t("jobs.why")}
          action={t("jobs.discard")}
          failing={t("jobs.discarding")}
          text={reason}
          onText={setReason}
          busy={discard.isPending}
          error={discard.error}
          danger
          before={<p>{t("jobs.forGood")}</p>}
          onGo={() => discard.mutate()}
          onClose={() => setDiscarding(false)}
        />
      )}
    </li>
  );
}
