import type { Finding, Recording } from "@/api/types";

/** What every viewer is given: the recording, the findings that rest on it, and which of them is lit. */
export interface ViewerProps {
  recording: Recording;
  /** All recordings of the case, for comparison. */
  others: Recording[];
  findings: Finding[];
  lit: string | null;
  onLight: (finding: string | null) => void;
}
