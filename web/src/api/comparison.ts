import type { Localized } from "./types";

/** A number, and as it is written. */
export interface Reading {
  value: number;
  display: string;
}

export interface Change {
  code: string;
  text: Localized;
  before: Reading;
  now: Reading;
  /** "+3.0 mm (+25 %)" */
  change: Localized;
  trend: "larger" | "smaller" | null;
}

/** What changed since an earlier draft: of the last recording of its kind, or of another version. */
export interface Comparison {
  recording: string;
  at: string;
  version: { before: string; now: string };
  /** Whether the earlier draft was signed. */
  signed: boolean;
  /** All of it in a sentence, fit for a report. */
  text: Localized;
  measurements: Change[];
  probabilities: { code: string; text: string; before: number; now: number }[];
  new: Localized[];
  gone: Localized[];
}
