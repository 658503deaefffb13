import { getJson, query } from "./http";
import type { Samples } from "./types";

/** Samples of an ECG in microvolts; rate asks for fewer a second, each the extreme of its span. */
export function getSamples(
  instance: string,
  from: number,
  seconds: number,
  rate?: number,
  signal?: AbortSignal,
): Promise<Samples> {
  const path = `/care/recordings/${encodeURIComponent(instance)}`;
  return getJson(`${path}${query({ from, seconds, rate })}`, signal);
}

/** Where the ECG is as a PDF to be printed. */
export function ecgPdf(caseId: string, instance: string, language: string): string {
  const path = `/care/cases/${encodeURIComponent(caseId)}/recordings/${encodeURIComponent(instance)}`;
  return `${path}/report.pdf?lang=${encodeURIComponent(language)}`;
}
