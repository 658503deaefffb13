import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { previewUrl } from "@/api/dicomweb";
import type { Finding, Recording } from "@/api/types";
import { Failure } from "@/components/failure";
import { prepareCanvas, useSize } from "../use-size";
import type { HeatMap } from "../heat-map";
import type { Outline } from "../use-evidence";
import { drawHeat, drawMeasure, drawOutlines, drawScaleBar } from "./overlay";
import { useFilmCanvas } from "./use-film-canvas";
import { useFilmPointing } from "./use-film-pointing";
import type { useFilm } from "./use-film";
import type { Reader } from "./use-reader";
import { place } from "./view";
import { toned } from "./windowing";
import styles from "./film.module.css";

interface Props {
  recording: Recording;
  loaded: ReturnType<typeof useFilm>;
  reader: Reader;
  overlay: { heatMap: HeatMap | null; outlines: Outline[] };
  findings: Finding[];
  /** The map of heatFinding, whether or not it is shown. */
  heat: HeatMap | null;
  heatFinding: string | null;
  onLight: (finding: string | null) => void;
  label: string;
}

/** One film: a preview until its pixels are here, then the pixels, and the overlay on top. */
export function FilmPane(props: Props) {
  const { recording, loaded, reader, overlay, label } = props;
  const { t } = useTranslation();
  const pane = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const top = useRef<HTMLCanvasElement>(null);
  const size = useSize(pane);
  const { film, error, retry, share } = loaded;
  const frame = film?.levels[0];
  useFilmCanvas(base, film, reader.view, reader.tone, size);
  const handlers = useFilmPointing({ ...props, pane, size, film: frame ?? null });

  useLayoutEffect(() => {
    const pen = top.current && size.width ? prepareCanvas(top.current, size) : null;
    if (!pen) return;
    pen.clearRect(0, 0, size.width, size.height);
    if (!frame) return;
    const at = place(reader.view, frame, size);
    const spacing = film?.info.spacing;
    if (overlay.heatMap) drawHeat(pen, overlay.heatMap, reader.opacity, frame, at);
    drawOutlines(pen, overlay.outlines, at);
    if (!spacing) return;
    drawScaleBar(pen, size, spacing, at);
    if (reader.measure) drawMeasure(pen, reader.measure.from, reader.measure.to, spacing, at);
  }, [size, frame, film, reader.view, reader.opacity, reader.measure, overlay.heatMap, overlay.outlines]);

  const window = film && toned(film.own, reader.tone);
  return (
    <div
      ref={pane}
      className={`${styles.pane} ${styles[reader.leftDrag]}`}
      role="img"
      aria-label={label}
      {...handlers}
    >
      {!film && <img className={styles.preview} src={previewUrl(recording, 512)} alt="" draggable={false} />}
      <canvas ref={base} data-ready={film !== undefined} />
      <canvas ref={top} />
      {window && (
        <span className={styles.corner}>
          {t("film.window", {
            center: Math.round(window.center * film.info.slope + film.info.intercept),
            width: Math.round(window.width * Math.abs(film.info.slope)),
          })}{" "}
          · {Math.round(reader.view.zoom * 100)} %
        </span>
      )}
      {!film && !error && (
        <div className={styles.loading} role="status">
          {t("film.loading", { percent: Math.round(share * 100) })}
          <progress className={styles.progress} value={share} aria-label={t("film.what")} />
        </div>
      )}
      {error ? (
        <div className={styles.failed}>
          <Failure what={t("film.what")} error={error} retry={retry} />
        </div>
      ) : null}
    </div>
  );
}
