import { useQuery } from "@tanstack/react-query";
import { useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { getSlide, sideImageUrl } from "@/api/slides";
import { Failure } from "@/components/failure";
import { useShortcuts } from "@/state/shortcuts";
import { colours } from "@/theme/tokens";
import { useEvidence } from "../use-evidence";
import type { ViewerProps } from "../viewer-props";
import { FoundOnSlide } from "./found-on-slide";
import { SlideScale } from "./slide-scale";
import { SlideTools } from "./slide-tools";
import { heatElement, outlineElement, useOverlay } from "./use-overlay";
import { useViewer } from "./use-viewer";
import styles from "./slide.module.css";

const step = 1.5;

/** A whole slide, square by square as it is looked at, with what the findings rest on laid over it. */
export default function SlideViewer({ recording, series, findings, lit }: ViewerProps) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLDivElement>(null);
  const overview = useRef<HTMLDivElement>(null);
  const overviewId = useId();
  // Whichever of its instances is chosen, the slide is one.
  const instance = series[0]!.instance;
  const slide = useQuery({
    queryKey: ["slide", instance, series.length],
    queryFn: ({ signal }) => getSlide(instance, signal),
    staleTime: Infinity,
  });
  const view = useViewer(canvas, overview, instance, slide.data);
  const [heat, setHeat] = useState(true);
  const [opacity, setOpacity] = useState(0.5);
  const [labelShown, setLabelShown] = useState(false);

  const { lit: litEvidence, withHeat, heatMap, outlines } = useEvidence(findings, lit);
  const isWarm = heat || litEvidence?.heat_map !== undefined;
  const lines = useMemo(
    () => outlineElement(outlines, slide.data, colours.viewerDraft),
    [outlines, slide.data],
  );
  useOverlay(view.viewer, slide.data, isWarm ? heatElement(heatMap, opacity) : null);
  useOverlay(view.viewer, slide.data, isWarm ? lines : null);

  const zoom = (factor: number) => {
    view.viewer?.viewport.zoomBy(factor);
    view.viewer?.viewport.applyConstraints();
  };
  const move = (x: number, y: number) => {
    const viewport = view.viewer?.viewport;
    if (!viewport) return;
    const seen = viewport.getBounds();
    const centre = viewport.getCenter();
    centre.x += x * seen.width;
    centre.y += y * seen.height;
    viewport.panTo(centre);
    viewport.applyConstraints();
  };
  const fit = () => view.viewer?.viewport.goHome();
  const native = () => {
    const image = view.viewer?.world.getItemAt(0);
    if (image) view.viewer!.viewport.zoomTo(image.imageToViewportZoom(1));
  };
  const label = slide.data?.label ?? slide.data?.overview ?? null;
  useShortcuts({
    "+": () => zoom(step),
    "=": () => zoom(step),
    "-": () => zoom(1 / step),
    "0": fit,
    r: fit,
    "1": native,
    h: () => setHeat(!heat),
    l: () => label && setLabelShown(!labelShown),
    ArrowLeft: () => move(-0.2, 0),
    ArrowRight: () => move(0.2, 0),
    ArrowUp: () => move(0, -0.2),
    ArrowDown: () => move(0, 0.2),
  });

  const failure = slide.error ?? (view.failed ? new Error(t("slide.squares")) : null);
  return (
    <div className={styles.viewer}>
      <SlideTools
        onZoomIn={() => zoom(step)}
        onZoomOut={() => zoom(1 / step)}
        onFit={fit}
        onNative={native}
        heat={withHeat ? { shown: heat, onShow: () => setHeat(!heat), opacity, onOpacity: setOpacity } : null}
        label={label ? { shown: labelShown, onShow: () => setLabelShown(!labelShown) } : null}
      />
      <div className={styles.pane}>
        <div
          ref={canvas}
          className={styles.canvas}
          role="img"
          aria-label={t("slide.label", { title: recording.title })}
          data-ready={view.viewer !== null}
        />
        <div ref={overview} id={overviewId} className={styles.overview} aria-hidden="true" />
        {labelShown && label && (
          <img className={styles.glass} src={sideImageUrl(recording, label)} alt={t("slide.glass")} />
        )}
        <FoundOnSlide findings={findings} />
        {slide.data && <SlideScale spacing={slide.data.spacing} perPixel={view.perPixel} />}
        {slide.isPending && (
          <p className={styles.loading} role="status">
            {t("slide.loading")}
          </p>
        )}
        {failure && (
          <div className={styles.failed}>
            <Failure
              what={t("slide.what")}
              error={failure}
              retry={() => (slide.error ? void slide.refetch() : view.retry())}
            />
          </div>
        )}
      </div>
    </div>
  );
}
