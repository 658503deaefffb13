import { colours, fonts } from "@/theme/tokens";
import type { Size } from "../use-size";
import { windowSeconds, type SignalWindow } from "./signal-window";

/** Microvolts that the height of a lead's strip shows at least. */
const leastRange = 2000;

/** The signal moving to the left, newest at the right; beats that are not normal bear their class. */
export function drawMonitor(pen: CanvasRenderingContext2D, size: Size, signal: SignalWindow): void {
  pen.clearRect(0, 0, size.width, size.height);
  const height = size.height / signal.leads.length;
  const from = signal.end - Math.round(windowSeconds * signal.frequency);
  const toX = (sample: number) => ((sample - from) / (signal.end - from)) * size.width;
  signal.leads.forEach((name, lead) => {
    const top = lead * height;
    const { middle, range } = extent(signal, lead, from);
    const toY = (value: number) => top + height / 2 - ((value - middle) / range) * height * 0.85;
    pen.strokeStyle = colours.viewerLine;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(0, top + height - 0.5);
    pen.lineTo(size.width, top + height - 0.5);
    pen.stroke();
    pen.strokeStyle = "#7ee2a0";
    pen.lineWidth = 1.5;
    pen.beginPath();
    let down = false;
    for (let sample = from; sample < signal.end; sample += 1) {
      const value = signal.value(lead, sample);
      if (Number.isNaN(value)) {
        down = false;
        continue;
      }
      if (down) pen.lineTo(toX(sample), toY(value));
      else pen.moveTo(toX(sample), toY(value));
      down = true;
    }
    pen.stroke();
    pen.font = `600 13px ${fonts.family}`;
    pen.fillStyle = colours.viewerInk;
    pen.fillText(name, 6, top + 16);
  });
  pen.font = `600 13px ${fonts.family}`;
  for (const beat of signal.beats) {
    if (beat.sample < from) continue;
    const normal = beat.aami_class === "N";
    pen.fillStyle = normal ? colours.viewerInkSecondary : colours.viewerAlarm;
    pen.fillText(normal ? "·" : beat.aami_class, toX(beat.sample) - 3, size.height - 6);
  }
}

function extent(signal: SignalWindow, lead: number, from: number): { middle: number; range: number } {
  let low = Infinity;
  let high = -Infinity;
  for (let sample = from; sample < signal.end; sample += 1) {
    const value = signal.value(lead, sample);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return { middle: 0, range: leastRange };
  return { middle: (low + high) / 2, range: Math.max(leastRange, high - low) };
}
