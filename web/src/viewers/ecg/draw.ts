import type { Beat, Evidence, Samples } from "@/api/types";
import { colours, fonts } from "@/theme/tokens";
import type { Box } from "./calipers";
import { leadNames } from "./evidence-leads";
import { marginMm, type Sheet, type Strip } from "./layout";
import { firstBeat } from "./marks";
import { segments, tracePath } from "./trace";

export interface Paper {
  /** Pixels a millimetre, mm/s and mm/mV. */
  scale: number;
  speed: number;
  gain: number;
  /** Seconds of the recording at the sheet's beginning. */
  from: number;
}

type Pen = CanvasRenderingContext2D;

/** Millimetre paper: thin lines every 1 mm, strong ones every 5 mm, moving with the recording. */
export function drawPaper(pen: Pen, width: number, height: number, paper: Paper): void {
  pen.fillStyle = colours.paper;
  pen.fillRect(0, 0, width, height);
  const shift = (marginMm - paper.from * paper.speed) % 5;
  const lines = (everyMm: number, colour: string, thickness: number) => {
    pen.strokeStyle = colour;
    pen.lineWidth = thickness;
    pen.beginPath();
    for (let mm = (shift % everyMm) - everyMm; mm * paper.scale <= width; mm += everyMm) {
      const x = mm * paper.scale;
      pen.moveTo(x, 0);
      pen.lineTo(x, height);
    }
    for (let mm = 0; mm * paper.scale <= height; mm += everyMm) {
      const y = mm * paper.scale;
      pen.moveTo(0, y);
      pen.lineTo(width, y);
    }
    pen.stroke();
  };
  if (paper.scale >= 1.5) lines(1, colours.paperMinor, 0.5);
  lines(5, colours.paperMajor, 0.75);
}

/** The pulse of 1 mV for 0.2 s by which paper is read. */
function drawCalibration(pen: Pen, strip: Strip, paper: Paper): void {
  const { scale, speed, gain } = paper;
  const left = (strip.x - marginMm + 2) * scale;
  const zero = strip.baseline * scale;
  const width = 0.2 * speed * scale;
  const height = gain * scale;
  pen.beginPath();
  pen.moveTo(left - 1.5 * scale, zero);
  pen.lineTo(left, zero);
  pen.lineTo(left, zero - height);
  pen.lineTo(left + width, zero - height);
  pen.lineTo(left + width, zero);
  pen.lineTo(left + width + 1.5 * scale, zero);
  pen.stroke();
}

function drawName(pen: Pen, strip: Strip, paper: Paper, lit: boolean): void {
  pen.font = `600 13px ${fonts.family}`;
  pen.fillStyle = lit ? colours.draft : colours.ink;
  pen.fillText(strip.lead, (strip.x + 1) * paper.scale, strip.top * paper.scale + 14);
}

export function drawTraces(
  pen: Pen,
  sheet: Sheet,
  tiles: Samples[],
  paper: Paper,
  evidence: Evidence | null,
): void {
  for (const strip of sheet.strips) {
    const begin = paper.from + strip.from;
    pen.strokeStyle = colours.trace;
    pen.lineWidth = 1.2;
    pen.lineJoin = "round";
    if (strip.x === marginMm) drawCalibration(pen, strip, paper);
    const toX = (seconds: number) => (strip.x + (seconds - begin) * paper.speed) * paper.scale;
    const toY = (microvolts: number) => (strip.baseline - (microvolts / 1000) * paper.gain) * paper.scale;
    pen.save();
    pen.beginPath();
    pen.rect(strip.x * paper.scale, 0, strip.seconds * paper.speed * paper.scale, sheet.height * paper.scale);
    pen.clip();
    pen.beginPath();
    for (const segment of segments(tiles, strip.lead, begin, begin + strip.seconds)) {
      tracePath(pen, segment, toX, toY);
    }
    pen.stroke();
    pen.restore();
    drawName(pen, strip, paper, leadNames(evidence).includes(strip.lead));
  }
}

/** The spans of time that a lit finding rests on, as violet bands. */
export function drawIntervals(pen: Pen, sheet: Sheet, paper: Paper, evidence: Evidence | null): void {
  if (!evidence?.intervals) return;
  pen.fillStyle = `${colours.draft}2e`;
  for (const strip of sheet.strips) {
    const begin = paper.from + strip.from;
    for (const interval of evidence.intervals) {
      if (interval.lead && interval.lead !== strip.lead) continue;
      const from = Math.max(begin, interval.from);
      const to = Math.min(begin + strip.seconds, interval.to);
      if (to <= from) continue;
      const x = (strip.x + (from - begin) * paper.speed) * paper.scale;
      const width = (to - from) * paper.speed * paper.scale;
      pen.fillRect(x, strip.top * paper.scale, width, strip.height * paper.scale);
    }
  }
}

/**
 * A mark over each beat, with its class where it is not a normal one; the beats of a lit finding stand out.
 */
export function drawBeats(
  pen: Pen,
  sheet: Sheet,
  beats: Beat[],
  paper: Paper,
  evidence: Evidence | null,
): void {
  const lit = new Set(evidence?.beats?.map((beat) => beat.sample));
  const { scale, speed } = paper;
  pen.font = `600 12px ${fonts.family}`;
  for (const strip of sheet.strips) {
    const begin = paper.from + strip.from;
    const top = strip.top * scale;
    for (let index = firstBeat(beats, begin); index < beats.length; index += 1) {
      const beat = beats[index]!;
      if (beat.time > begin + strip.seconds) break;
      const x = (strip.x + (beat.time - begin) * speed) * scale;
      const normal = beat.aami_class === "N" || beat.aami_class === null;
      if (lit.has(beat.sample)) {
        pen.fillStyle = `${colours.draft}30`;
        pen.fillRect(x - 1.5 * scale, top, 3 * scale, strip.height * scale);
      }
      pen.fillStyle = lit.has(beat.sample) ? colours.draft : normal ? colours.beatNormal : colours.beatOther;
      pen.fillRect(x - 0.75, top + 18, 1.5, 6);
      if (!normal) pen.fillText(beat.aami_class ?? "", x + 3, top + 26);
    }
  }
}

/** The box between the calipers, with what it measures written beside it. */
export function drawCalipers(pen: Pen, box: Box, paper: Paper, words: string): void {
  const left = Math.min(box.x1, box.x2) * paper.scale;
  const right = Math.max(box.x1, box.x2) * paper.scale;
  const top = Math.min(box.y1, box.y2) * paper.scale;
  const bottom = Math.max(box.y1, box.y2) * paper.scale;
  pen.strokeStyle = colours.action;
  pen.fillStyle = `${colours.action}1a`;
  pen.lineWidth = 1.5;
  pen.fillRect(left, top, right - left, bottom - top);
  pen.strokeRect(left, top, right - left, bottom - top);
  pen.font = `600 13px ${fonts.family}`;
  const width = pen.measureText(words).width + 12;
  const x = Math.max(0, Math.min(left, pen.canvas.clientWidth - width));
  const y = top > 26 ? top - 24 : bottom + 4;
  pen.fillStyle = colours.action;
  pen.fillRect(x, y, width, 20);
  pen.fillStyle = "#ffffff";
  pen.fillText(words, x + 6, y + 14);
}
