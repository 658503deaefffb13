import type { Finding, Recording } from "@/api/types";

/** What every viewer is given: the recording, the findings that rest on it, and which of them is lit. */
export interface ViewerProps {
  recording: Recording;
  /** The images of its series in their order, this one among them; of an ECG itself. */
  series: Recording[];
  /** All others of the case, for comparison. */
  others: Recording[];
  onChoose: (instance: string) => void;
  findings: Finding[];
  lit: string | null;
  onLight: (finding: string | null) => void;
}
