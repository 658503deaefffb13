import type { Beat, Samples } from "@/api/types";
import { colours, fonts } from "@/theme/tokens";
import type { Size } from "../use-size";

type Pen = CanvasRenderingContext2D;

/** The scale of the rate's line, in beats a minute. */
const slowest = 30;
const fastest = 180;

function isNormal(beat: Beat): boolean {
  return beat.aami_class === "N" || beat.aami_class === null;
}

/** The rate from beat to beat as dots; intervals over 3 s are gaps, not rates. */
export function drawRates(pen: Pen, size: Size, beats: Beat[], total: number, unit: string): void {
  const toY = (bpm: number) =>
    size.height - 4 - ((Math.min(fastest, bpm) - slowest) / (fastest - slowest)) * (size.height - 8);
  pen.strokeStyle = colours.viewerLine;
  pen.font = `11px ${fonts.family}`;
  for (const bpm of [60, 100, 150]) {
    pen.beginPath();
    pen.moveTo(0, toY(bpm));
    pen.lineTo(size.width, toY(bpm));
    pen.stroke();
  }
  for (let index = 1; index < beats.length; index += 1) {
    const interval = beats[index]!.time - beats[index - 1]!.time;
    if (interval <= 0 || interval > 3) continue;
    pen.fillStyle = isNormal(beats[index]!) ? colours.viewerInk : colours.viewerAlarm;
    pen.fillRect((beats[index]!.time / total) * size.width, toY(60 / interval) - 0.75, 1.5, 1.5);
  }
  for (const bpm of [60, 100, 150]) {
    const words = `${bpm} ${unit}`;
    pen.fillStyle = colours.viewerGround;
    pen.fillRect(size.width - pen.measureText(words).width - 8, toY(bpm) - 7, 100, 14);
    pen.fillStyle = colours.viewerInkSecondary;
    pen.fillText(words, size.width - pen.measureText(words).width - 4, toY(bpm) + 4);
  }
}

/** The first lead's extremes, column by column. */
export function drawEnvelope(pen: Pen, size: Size, samples: Samples): void {
  const values = samples.leads[0]?.samples ?? [];
  if (!values.length) return;
  const low = values.reduce((least, value) => Math.min(least, value), 0);
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  const span = Math.max(1, high - low);
  const zero = size.height - 4 - ((0 - low) / span) * (size.height - 8);
  pen.strokeStyle = colours.viewerInk;
  pen.beginPath();
  values.forEach((value, index) => {
    const x = (index / values.length) * size.width;
    pen.moveTo(x, zero);
    pen.lineTo(x, size.height - 4 - ((value - low) / span) * (size.height - 8));
  });
  pen.stroke();
}

/** The frame around what the paper shows, at least wide enough to be seen. */
export function drawWindow(pen: Pen, size: Size, from: number, to: number): void {
  const width = Math.max(6, (to - from) * size.width);
  const x = Math.min(from * size.width, size.width - width);
  pen.fillStyle = `${colours.viewerAction}33`;
  pen.fillRect(x, 0, width, size.height);
  pen.strokeStyle = colours.viewerAction;
  pen.lineWidth = 1.5;
  pen.strokeRect(x + 0.75, 0.75, width - 1.5, size.height - 1.5);
}
