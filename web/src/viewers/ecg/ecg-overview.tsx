import { useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useRef, type KeyboardEvent, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { getSamples } from "@/api/recordings";
import type { Beat, Recording } from "@/api/types";
import { recordingTime } from "@/format/time";
import { prepareCanvas, useSize } from "../use-size";
import { drawEnvelope, drawRates, drawWindow } from "./overview-draw";
import styles from "./ecg.module.css";

interface Props {
  recording: Recording;
  beats: Beat[];
  from: number;
  seconds: number;
  onGo: (seconds: number) => void;
}

/** About how many samples the whole recording is drawn from. */
const points = 2000;

/**
 * The whole recording in one line: the rate from beat to beat where beats are known, else the trace's
 * extremes. The
 * frame shows what is on the paper; dragging it, or the arrow keys, goes elsewhere.
 */
export function EcgOverview({ recording, beats, from, seconds, onGo }: Props) {
  const { t } = useTranslation();
  const room = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(room);
  const total = recording.seconds;
  const known = beats.length > 1;
  const overview = useQuery({
    queryKey: ["overview", recording.instance],
    queryFn: ({ signal }) =>
      getSamples(recording.instance, 0, total, Number((points / total).toFixed(3)), signal),
    enabled: !known,
    staleTime: Infinity,
  });

  useLayoutEffect(() => {
    const pen = canvas.current && size.width ? prepareCanvas(canvas.current, size) : null;
    if (!pen) return;
    pen.clearRect(0, 0, size.width, size.height);
    if (known) drawRates(pen, size, beats, total, t("ecg.bpmUnit"));
    else if (overview.data) drawEnvelope(pen, size, overview.data);
    drawWindow(pen, size, from / total, (from + seconds) / total);
  }, [size, beats, known, overview.data, from, seconds, total, t]);

  const go = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    if (event.buttons !== 1) return;
    const left = event.currentTarget.getBoundingClientRect().left;
    onGo(((event.clientX - left) / size.width) * total - seconds / 2);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Home") onGo(0);
    if (event.key === "End") onGo(total);
  };
  return (
    <div
      ref={room}
      className={styles.overview}
      role="slider"
      tabIndex={0}
      aria-label={t("ecg.overview")}
      aria-valuemin={0}
      aria-valuemax={Math.round(total)}
      aria-valuenow={Math.round(from)}
      aria-valuetext={t("ecg.position", { at: recordingTime(from), total: recordingTime(total) })}
      onPointerDown={go}
      onPointerMove={go}
      onKeyDown={press}
    >
      <canvas ref={canvas} style={{ width: size.width, height: size.height }} />
    </div>
  );
}
