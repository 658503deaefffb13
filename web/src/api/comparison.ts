import type { Localized } from "./types";

/** What changed between a draft and that of the patient's last ECG before it. */
export interface Comparison {
  recording: string;
  at: string;
  measurements: { code: string; text: Localized; before: number; now: number; unit: string }[];
  new: Localized[];
  gone: Localized[];
}
