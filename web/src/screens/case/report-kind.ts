import type { CasePage } from "@/api/types";

export type ReportKind = "ecg" | "film" | "slide" | "both" | "none";

/** What the report is about, for the words in which it is signed and printed. */
export function reportKind(page: Pick<CasePage, "recordings">): ReportKind {
  const ecg = page.recordings.some((recording) => recording.kind === "ecg");
  const film = page.recordings.some((recording) => recording.kind === "image");
  const slide = page.recordings.some((recording) => recording.kind === "slide");
  if (slide && !ecg && !film) return "slide";
  if (ecg && film) return "both";
  return ecg ? "ecg" : film ? "film" : "none";
}
