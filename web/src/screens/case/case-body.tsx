import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LiveSource } from "@/api/live";
import type { CasePage } from "@/api/types";
import { PatientBanner } from "@/components/patient-banner";
import { UrgencyMark } from "@/components/urgency-mark";
import { useOrganizations } from "@/state/organizations";
import { LiveViewer } from "@/viewers/live/live-viewer";
import { MonitorViewer } from "@/viewers/monitor/monitor-viewer";
import { AddRecording } from "./add-recording";
import { CaseFooter } from "./case-footer";
import { ConsentDialog } from "./consent-dialog";
import { DraftPanel } from "./draft-panel";
import { LiveChoice } from "./live-choice";
import { MonitorChoice } from "./monitor-choice";
import { PrintSheet } from "./print-sheet";
import { ReadingState } from "./reading-state";
import { ReportPanel } from "./report-panel";
import { addSentence } from "./report-text";
import { RequestList } from "./request-list";
import { Timeline } from "./timeline";
import { useClaim } from "./use-claim";
import { useReport } from "./use-report";
import { ViewerPane } from "./viewer-pane";
import styles from "./case-body.module.css";

/** The case page: timeline, viewer, drafts and report, with the patient above and the acts below. */
export function CaseBody({ page }: { page: CasePage }) {
  const { t } = useTranslation();
  const { nameOf } = useOrganizations();
  const client = useQueryClient();
  const [instance, setInstance] = useState(page.recordings[0]?.instance ?? "");
  const [live, setLive] = useState<LiveSource | null>(null);
  const [monitored, setMonitored] = useState(false);
  const [consenting, setConsenting] = useState(false);
  const [lit, setLit] = useState<string | null>(null);
  const pen = useReport(page);
  const claim = useClaim(page);
  // On a phone the viewer lies above what is chosen from.
  const viewer = useRef<HTMLDivElement>(null);
  const view = (chosen: LiveSource | string) => {
    setMonitored(false);
    setLive(typeof chosen === "string" ? null : chosen);
    if (typeof chosen === "string") setInstance(chosen);
    viewer.current?.scrollIntoView({ block: "nearest" });
  };
  const watch = () => {
    setMonitored(true);
    viewer.current?.scrollIntoView({ block: "nearest" });
  };
  const recording = page.recordings.find((one) => one.instance === instance) ?? page.recordings[0];
  // A reading of a slide rests on one of its levels, and is of all.
  const isShown = useCallback(
    (instance: string) =>
      instance === recording?.instance ||
      (recording?.kind === "slide" &&
        page.recordings.some((one) => one.instance === instance && one.series === recording.series)),
    [page.recordings, recording],
  );
  const findings = useMemo(
    () =>
      page.drafts
        .filter((draft) => draft.status !== "rejected" && isShown(draft.recording))
        .flatMap((draft) => draft.findings),
    [page.drafts, isShown],
  );

  return (
    <div className={styles.case}>
      <div className={`${styles.top} no-print`}>
        <PatientBanner
          patient={page.patient}
          onConsent={page.may.record ? () => setConsenting(true) : undefined}
        >
          <UrgencyMark urgency={page.urgency} words />
          <span className={styles.clinic}>{nameOf(page.organization)}</span>
        </PatientBanner>
        <ReadingState page={page} claim={claim} />
        {consenting && <ConsentDialog page={page} onClose={() => setConsenting(false)} />}
      </div>
      <div className={`${styles.body} no-print`}>
        <aside className={styles.timeline} aria-label={t("case.timeline")}>
          {page.may.record && <AddRecording caseId={page.id} />}
          {page.may.record && <LiveChoice onChoose={view} />}
          <MonitorChoice caseId={page.id} onChoose={watch} />
          <Timeline page={page} chosen={live || monitored ? undefined : recording} onChoose={view} />
        </aside>
        <div ref={viewer} className={styles.viewer}>
          {monitored ? (
            <MonitorViewer
              caseId={page.id}
              show={(strip) =>
                page.recordings.some((one) => one.instance === strip) ? () => view(strip) : null
              }
              onEnd={() => setMonitored(false)}
            />
          ) : live ? (
            <LiveViewer
              key={live.id}
              caseId={page.id}
              source={live}
              onKept={() => void client.invalidateQueries({ queryKey: ["case", page.id] })}
              onReport={
                page.may.sign && page.report?.status !== "final"
                  ? (sentence) => pen.write(addSentence(pen.input.text, sentence), pen.input.accepted)
                  : undefined
              }
              onEnd={() => setLive(null)}
            />
          ) : (
            <ViewerPane
              recordings={page.recordings}
              chosen={recording}
              onChoose={setInstance}
              findings={findings}
              lit={lit}
              onLight={setLit}
            />
          )}
        </div>
        <div className={styles.side}>
          <div className={styles.drafts}>
            <RequestList page={page} />
            <DraftPanel
              page={page}
              pen={pen}
              lit={lit}
              onLight={setLit}
              onShow={view}
              shown={recording?.instance}
            />
          </div>
          <div className={styles.report}>
            <ReportPanel page={page} pen={pen} />
          </div>
        </div>
      </div>
      <CaseFooter page={page} pen={pen} recording={recording} />
      <PrintSheet page={page} />
    </div>
  );
}
