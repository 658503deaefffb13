import { colours, fonts } from "@/theme/tokens";
import type { Size } from "../use-size";
import type { HeatMap } from "../heat-map";
import type { Outline } from "../use-evidence";
import { lengthMm, type Placement } from "./view";

type Pen = CanvasRenderingContext2D;
export type Point = { x: number; y: number };

export function drawHeat(pen: Pen, map: HeatMap, opacity: number, film: Size, at: Placement): void {
  pen.globalAlpha = opacity;
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = "high";
  pen.drawImage(map.picture, at.left, at.top, film.width * at.scale, film.height * at.scale);
  pen.globalAlpha = 1;
}

export function drawOutlines(pen: Pen, outlines: Outline[], at: Placement): void {
  pen.font = `12px ${fonts.family}`;
  for (const { label, polygon, lit } of outlines) {
    if (!polygon.length) continue;
    pen.strokeStyle = colours.viewerDraft;
    pen.fillStyle = colours.viewerDraft;
    pen.lineWidth = lit ? 3 : 1.5;
    pen.setLineDash([6, 4]);
    pen.beginPath();
    for (const [x, y] of polygon) pen.lineTo(at.left + x * at.scale, at.top + y * at.scale);
    pen.closePath();
    pen.stroke();
    pen.setLineDash([]);
    const [x, y] = polygon.reduce((highest, point) => (point[1] < highest[1] ? point : highest));
    pen.fillText(label, at.left + x * at.scale + 4, at.top + y * at.scale - 4);
  }
}

export function drawMeasure(
  pen: Pen,
  from: Point,
  to: Point,
  spacing: [number, number],
  at: Placement,
): void {
  const x1 = at.left + from.x * at.scale;
  const y1 = at.top + from.y * at.scale;
  const x2 = at.left + to.x * at.scale;
  const y2 = at.top + to.y * at.scale;
  pen.strokeStyle = colours.viewerAction;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
  for (const [x, y] of [
    [x1, y1],
    [x2, y2],
  ] as const) {
    pen.beginPath();
    pen.arc(x, y, 4, 0, 2 * Math.PI);
    pen.stroke();
  }
  const words = `${lengthMm(from, to, spacing).toFixed(1)} mm`;
  pen.font = `600 13px ${fonts.family}`;
  pen.fillStyle = colours.viewerGround;
  pen.fillRect(x2 + 8, y2 - 16, pen.measureText(words).width + 8, 20);
  pen.fillStyle = colours.viewerAction;
  pen.fillText(words, x2 + 12, y2 - 2);
}

/** A bar of 10, 50 or 100 mm, whichever is the longest that stays under 160 pixels. */
export function drawScaleBar(pen: Pen, pane: Size, spacing: [number, number], at: Placement): void {
  const perMm = at.scale / spacing[1];
  const length = [100, 50, 10, 5, 1].find((mm) => mm * perMm <= 160);
  if (!length) return;
  const right = pane.width - 16;
  const left = right - length * perMm;
  const y = pane.height - 16;
  pen.strokeStyle = colours.viewerInk;
  pen.fillStyle = colours.viewerInk;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(left, y - 5);
  pen.lineTo(left, y);
  pen.lineTo(right, y);
  pen.lineTo(right, y - 5);
  pen.stroke();
  pen.font = `12px ${fonts.family}`;
  pen.textAlign = "right";
  pen.fillText(`${length} mm`, right, y - 8);
  pen.textAlign = "left";
}

/** Whether a point lies in a polygon (even-odd rule). */
export function inside(polygon: [number, number][], { x, y }: Point): boolean {
  let within = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
    const [xi, yi] = polygon[i]!;
    const [xj, yj] = polygon[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}
