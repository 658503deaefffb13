import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getOwnAccesses, getOwnReports } from "@/api/resident";
import { Empty } from "@/components/empty";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { Panel } from "@/components/panel";
import { exactTime } from "@/format/time";
import { useUser } from "@/state/session";
import { useActWords } from "../ledger/act-words";
import styles from "./own-record.module.css";

/** A resident's own page, in plain words: what the doctors wrote, and who looked. */
export default function OwnRecord() {
  const { t } = useTranslation();
  const user = useUser();
  const patient = user.fhirUser;
  const words = useActWords();
  const reports = useQuery({
    queryKey: ["own-reports", patient],
    queryFn: ({ signal }) => getOwnReports(patient, signal),
  });
  const accesses = useQuery({
    queryKey: ["own-accesses", patient],
    queryFn: ({ signal }) => getOwnAccesses(patient, signal),
  });
  return (
    <Page title={t("own.title", { name: user.display })}>
      <Panel title={t("own.reports")}>
        <Loaded query={reports} what={t("own.reportsWhat")} rows={4}>
          {(list) =>
            list.length ? (
              <ul className={styles.list}>
                {list.map((report) => (
                  <li key={report.id}>
                    <p className="secondary">
                      {exactTime(new Date(report.at))} {report.title}
                    </p>
                    <p className={styles.text}>{report.text}</p>
                    {report.by && <p>{t("own.signedBy", { name: report.by })}</p>}
                  </li>
                ))}
              </ul>
            ) : (
              <Empty title={t("own.noReports")} />
            )
          }
        </Loaded>
        <p className={styles.note}>{t("own.ask")}</p>
      </Panel>
      <Panel title={t("own.accesses")}>
        <Loaded query={accesses} what={t("own.accessesWhat")} rows={4}>
          {(list) =>
            list.length ? (
              <ul className={styles.list}>
                {list.map((entry) => (
                  <li key={entry.number}>
                    <span className="secondary">{exactTime(new Date(entry.time))}</span>{" "}
                    <b>{entry.display || entry.user}</b> {words(entry)}
                  </li>
                ))}
              </ul>
            ) : (
              <Empty title={t("own.noAccesses")} />
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}
