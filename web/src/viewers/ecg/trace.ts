import type { Samples } from "@/api/types";

/** One lead's samples in a span of time, to be drawn from left to right. */
export interface Segment {
  samples: number[];
  samplingFrequency: number;
  /** Time of sample 0 in seconds of the recording. */
  from: number;
  first: number;
  last: number;
}

/** The pieces of a lead between two times, out of the tiles that are here. */
export function segments(tiles: Samples[], lead: string, from: number, to: number): Segment[] {
  return tiles.flatMap((tile) => {
    const found = tile.leads.find((one) => one.name === lead);
    if (!found) return [];
    const rate = tile.samplingFrequency;
    const first = Math.max(0, Math.floor((from - tile.from) * rate));
    const last = Math.min(found.samples.length - 1, Math.ceil((to - tile.from) * rate));
    return last > first
      ? [{ samples: found.samples, samplingFrequency: rate, from: tile.from, first, last }]
      : [];
  });
}

/**
 * Adds a segment to the path. Where several samples share a pixel the column's extremes are drawn, so that no
 * spike is lost however far one zooms out.
 */
export function tracePath(
  path: CanvasRenderingContext2D,
  segment: Segment,
  toX: (seconds: number) => number,
  toY: (microvolts: number) => number,
): void {
  const { samples, samplingFrequency, from, first, last } = segment;
  const step = (toX(1) - toX(0)) / samplingFrequency;
  let x = toX(from + first / samplingFrequency);
  let down = false;
  for (let index = first; index <= last; ) {
    const column = Math.floor(x);
    let low = Infinity;
    let high = -Infinity;
    const start = x;
    const opening = samples[index];
    let closing = opening;
    do {
      const value = samples[index];
      if (value === undefined || value === null || Number.isNaN(value)) {
        down = false;
      } else {
        if (value < low) low = value;
        if (value > high) high = value;
        closing = value;
      }
      index += 1;
      x += step;
    } while (index <= last && Math.floor(x) === column);
    if (low === Infinity) continue;
    if (!down) path.moveTo(start, toY(opening ?? low));
    down = true;
    if (low === high) {
      path.lineTo(start, toY(low));
      continue;
    }
    path.lineTo(start, toY(opening ?? low));
    path.lineTo(start, toY(low));
    path.lineTo(start, toY(high));
    path.lineTo(start, toY(closing ?? high));
  }
}
