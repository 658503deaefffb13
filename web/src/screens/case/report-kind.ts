import type { CasePage } from "@/api/types";

export type ReportKind = "ecg" | "film" | "both" | "none";

/** What the report is about, for the words in which it is signed and printed. */
export function reportKind(page: Pick<CasePage, "recordings">): ReportKind {
  const ecg = page.recordings.some((recording) => recording.kind === "ecg");
  const film = page.recordings.some((recording) => recording.kind === "image");
  if (ecg && film) return "both";
  return ecg ? "ecg" : film ? "film" : "none";
}
