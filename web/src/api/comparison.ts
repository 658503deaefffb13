import type { Localized } from "./types";

/** A number, and as it is written. */
export interface Reading {
  value: number;
  display: string;
}

/** What changed between a draft and that of the patient's last ECG before it. */
export interface Comparison {
  recording: string;
  at: string;
  measurements: { code: string; text: Localized; before: Reading; now: Reading }[];
  new: Localized[];
  gone: Localized[];
}
