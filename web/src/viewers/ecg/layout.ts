// Where each lead is drawn on the paper, in millimetres. Pure geometry: no pixels, no samples.

export type Layout = "standard" | "strips";

export interface Strip {
  lead: string;
  /** Seconds after the beginning of the page, and how many are drawn. */
  from: number;
  seconds: number;
  /** Left edge, top, zero line and height in millimetres. */
  x: number;
  top: number;
  baseline: number;
  height: number;
}

export interface Sheet {
  strips: Strip[];
  width: number;
  height: number;
  /** Seconds of the recording that the sheet shows. */
  seconds: number;
}

/** Room at the left for the calibration pulse. */
export const marginMm = 12;

/** The columns of the usual twelve-lead sheet (AHA/ACCF/HRS 2007, part I), read downwards. */
const columns = [
  ["I", "II", "III"],
  ["aVR", "aVL", "aVF"],
  ["V1", "V2", "V3"],
  ["V4", "V5", "V6"],
];
const rowMm = 28;
const pageSeconds = 10;

function spelling(lead: string): string {
  return lead.trim().toLowerCase();
}

/** The name a recording gives a lead of the standard sheet, whatever its case. */
function named(leads: string[], wanted: string): string | undefined {
  return leads.find((lead) => spelling(lead) === spelling(wanted));
}

export function hasTwelveLeads(leads: string[]): boolean {
  return columns.flat().every((lead) => named(leads, lead) !== undefined);
}

/** Three rows of four leads, 2.5 s each, above a rhythm strip of lead II. */
export function standardSheet(leads: string[], speed: number, total: number): Sheet {
  const seconds = Math.min(pageSeconds, total);
  const share = seconds / columns.length;
  const strips: Strip[] = columns.flatMap((column, columnIndex) =>
    column.map((lead, row) => ({
      lead: named(leads, lead) ?? lead,
      from: columnIndex * share,
      seconds: share,
      x: marginMm + columnIndex * share * speed,
      top: row * rowMm,
      baseline: (row + 0.5) * rowMm,
      height: rowMm,
    })),
  );
  strips.push({
    lead: named(leads, "II") ?? "II",
    from: 0,
    seconds,
    x: marginMm,
    top: 3 * rowMm,
    baseline: 3.5 * rowMm,
    height: rowMm,
  });
  return { strips, width: marginMm + seconds * speed + 3, height: 4 * rowMm, seconds };
}

/** A row for each lead, as wide as the room there is. */
export function stripSheet(leads: string[], speed: number, total: number, widthMm: number): Sheet {
  const height = leads.length > 3 ? 20 : 32;
  const seconds = Math.max(0.5, Math.min(total, (widthMm - marginMm) / speed));
  const strips = leads.map((lead, row) => ({
    lead,
    from: 0,
    seconds,
    x: marginMm,
    top: row * height,
    baseline: (row + 0.5) * height,
    height,
  }));
  return { strips, width: widthMm, height: leads.length * height, seconds };
}

/** The strip under a place on the sheet: the one whose row and time it lies in. */
export function stripAt(sheet: Sheet, x: number, y: number, speed: number): Strip | undefined {
  return sheet.strips.find(
    (strip) =>
      y >= strip.top && y < strip.top + strip.height && x >= strip.x && x <= strip.x + strip.seconds * speed,
  );
}
