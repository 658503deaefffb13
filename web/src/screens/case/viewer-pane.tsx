import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Finding, Recording } from "@/api/types";
import { Remarks } from "@/components/remarks";
import { RecordingTabs } from "./recording-tabs";
import { isOneSeries } from "./series";
import styles from "./viewer-pane.module.css";

const EcgViewer = lazy(() => import("@/viewers/ecg/ecg-viewer"));
const FilmViewer = lazy(() => import("@/viewers/film/film-viewer"));
const SlideViewer = lazy(() => import("@/viewers/slide/slide-viewer"));
const viewers = { ecg: EcgViewer, image: FilmViewer, slide: SlideViewer };

interface Props {
  recordings: Recording[];
  chosen: Recording | undefined;
  onChoose: (instance: string) => void;
  findings: Finding[];
  lit: string | null;
  onLight: (finding: string | null) => void;
}

/** The chosen recording in its viewer; a tab for each recording of the case. */
export function ViewerPane({ recordings, chosen, onChoose, findings, lit, onLight }: Props) {
  const { t } = useTranslation();
  if (!chosen) return <p className={styles.none}>{t("case.noRecordings")}</p>;
  const Viewer = viewers[chosen.kind];
  const series = recordings.filter((one) => isOneSeries(one, chosen));
  return (
    <div className={styles.pane}>
      <RecordingTabs recordings={recordings} chosen={chosen} onChoose={onChoose} />
      <Remarks remarks={chosen.flaws} className={styles.remarks} />
      <Suspense fallback={<p className={styles.none}>{t("viewer.opening")}</p>}>
        <Viewer
          key={series[0]!.instance}
          recording={chosen}
          series={series}
          others={recordings.filter((one) => !series.includes(one))}
          onChoose={onChoose}
          findings={findings}
          lit={lit}
          onLight={onLight}
        />
      </Suspense>
    </div>
  );
}
