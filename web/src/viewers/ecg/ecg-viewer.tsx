import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { useShortcuts } from "@/state/shortcuts";
import { useSize } from "../use-size";
import type { ViewerProps } from "../viewer-props";
import { EcgOverview } from "./ecg-overview";
import { EcgSheet } from "./ecg-sheet";
import { EcgTools } from "./ecg-tools";
import { allBeats } from "./marks";
import { useTiles } from "./tiles";
import { usePaper } from "./use-paper";
import styles from "./ecg.module.css";

/** An ECG on millimetre paper. */
export default function EcgViewer({ recording, findings, lit, onLight }: ViewerProps) {
  const { t } = useTranslation();
  const room = useRef<HTMLDivElement>(null);
  const size = useSize(room);
  const paper = usePaper(recording, size);
  const [calipers, setCalipers] = useState(false);
  const [marked, setMarked] = useState(true);
  const { tiles, error, retry, loading } = useTiles(recording, paper.from, paper.sheet.seconds);
  const beats = useMemo(() => allBeats(findings), [findings]);
  const evidence = findings.find((finding) => finding.id === lit)?.evidence ?? null;
  const turn = (share: number) => () => paper.goTo(paper.from + paper.sheet.seconds * share);

  useShortcuts({
    c: () => setCalipers(!calipers),
    b: () => setMarked(!marked),
    "+": paper.zoomIn,
    "=": paper.zoomIn,
    "-": paper.zoomOut,
    "0": paper.fit,
    ArrowLeft: turn(-0.2),
    ArrowRight: turn(0.2),
    PageUp: turn(-1),
    PageDown: turn(1),
  });

  return (
    <div className={styles.viewer}>
      <EcgTools
        paper={paper}
        calipers={calipers}
        onCalipers={setCalipers}
        marked={marked}
        onMarked={setMarked}
        hasBeats={beats.length > 0}
      />
      <div ref={room} className={styles.room} aria-busy={loading}>
        {error ? (
          <Failure what={t("ecg.what")} error={error} retry={retry} />
        ) : (
          <EcgSheet
            paper={paper}
            room={size}
            tiles={tiles}
            beats={marked ? beats : []}
            evidence={evidence}
            findings={findings}
            calipers={calipers}
            onLight={onLight}
            label={t("ecg.label", { count: recording.leads.length, seconds: Math.round(recording.seconds) })}
          />
        )}
        {loading && !error && <p className={styles.fetching}>{t("loading", { what: t("ecg.what") })}</p>}
      </div>
      {paper.scrolls && (
        <EcgOverview
          recording={recording}
          beats={beats}
          from={paper.from}
          seconds={paper.sheet.seconds}
          onGo={paper.goTo}
        />
      )}
    </div>
  );
}
