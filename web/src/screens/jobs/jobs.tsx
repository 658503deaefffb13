import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getParkedJobs } from "@/api/jobs";
import { Empty } from "@/components/empty";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { JobRow } from "./job-row";
import styles from "./jobs.module.css";

/** Work that failed for good: who runs the node has it tried again or throws it away. */
export default function Jobs() {
  const { t } = useTranslation();
  const jobs = useQuery({ queryKey: ["jobs"], queryFn: ({ signal }) => getParkedJobs(signal) });
  return (
    <Page title={t("places.jobs")}>
      <p className="secondary">{t("jobs.purpose")}</p>
      <div className={styles.sheet}>
        <Loaded query={jobs} what={t("jobs.what")} rows={5} height={64}>
          {({ rows }) =>
            rows.length ? (
              <ul className={styles.list} aria-label={t("places.jobs")}>
                {rows.map((job) => (
                  <JobRow key={job.number} job={job} />
                ))}
              </ul>
            ) : (
              <Empty title={t("jobs.empty")} />
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}
