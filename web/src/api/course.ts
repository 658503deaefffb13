/** An hour of a long ECG: seconds from the start, rates a minute, counts. */
export interface Hour {
  from: number;
  mean_rate: number;
  lowest_rate: number;
  highest_rate: number;
  beats: number;
  ventricular: number;
  supraventricular: number;
  pauses: number;
  fibrillation_seconds: number;
  /** Of 20 s of the hour, by Fridericia; missing or null where no stretch is clean enough. */
  qtc_ms?: number | null;
}
