import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Beat, Evidence, Finding, Samples } from "@/api/types";
import { prepareCanvas, type Size } from "../use-size";
import { readCalipers } from "./calipers";
import { drawBeats, drawCalipers, drawIntervals, drawPaper, drawTraces, type Paper } from "./draw";
import { usePointing } from "./use-pointing";
import type { PaperSettings } from "./use-paper";
import styles from "./ecg.module.css";

interface Props {
  paper: PaperSettings;
  room: Size;
  tiles: Samples[];
  beats: Beat[];
  evidence: Evidence | null;
  findings: Finding[];
  calipers: boolean;
  onLight: (finding: string | null) => void;
  label: string;
}

/** The paper itself: one canvas, drawn anew whenever something on it changes. */
export function EcgSheet({ paper, room, tiles, beats, evidence, findings, calipers, onLight, label }: Props) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { sheet, scale, speed, gain, from } = paper;
  const width = Math.max(room.width, Math.round(paper.layout === "standard" ? sheet.width * scale : 0));
  const height = Math.max(room.height, Math.round(sheet.height * scale));
  const { box, handlers } = usePointing({ canvas, paper, beats, findings, calipers, onLight });

  useLayoutEffect(() => {
    const pen = canvas.current && room.width ? prepareCanvas(canvas.current, { width, height }) : null;
    if (!pen) return;
    const on: Paper = { scale, speed, gain, from };
    drawPaper(pen, width, height, on);
    drawIntervals(pen, sheet, on, evidence);
    drawTraces(pen, sheet, tiles, on, evidence);
    drawBeats(pen, sheet, beats, on, evidence);
    if (!box) return;
    const { milliseconds, bpm, millivolts } = readCalipers(box, speed, gain);
    const rate = bpm === null ? "" : ` · ${t("ecg.bpm", { value: bpm })}`;
    drawCalipers(pen, box, on, `${milliseconds} ms${rate} · ${millivolts.toFixed(2)} mV`);
  }, [room.width, width, height, sheet, scale, speed, gain, from, tiles, beats, evidence, box, t]);

  const manner = calipers ? styles.measuring : paper.scrolls ? styles.scrolling : "";
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      className={`${styles.sheet} ${manner}`}
      style={{ width, height }}
      {...handlers}
    />
  );
}
