// What calipers say of a box drawn on the paper.

export interface Box {
  /** Corners in millimetres on the sheet. */
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

export interface CaliperReading {
  milliseconds: number;
  /** The rate, were the width one RR interval; null for less than 100 ms, which no RR interval is. */
  bpm: number | null;
  /** Second corner above the first is positive. */
  millivolts: number;
}

/** speed in mm/s, gain in mm/mV. */
export function readCalipers(box: Box, speed: number, gain: number): CaliperReading {
  const milliseconds = (Math.abs(box.x2 - box.x1) / speed) * 1000;
  return {
    milliseconds: Math.round(milliseconds),
    bpm: milliseconds >= 100 ? Math.round(60_000 / milliseconds) : null,
    millivolts: Math.round(((box.y1 - box.y2) / gain) * 100) / 100,
  };
}
