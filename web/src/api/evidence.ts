import type { AskedFact } from "./asked-fact";
import type { Hour } from "./course";
import type { LeadMeasurements, StTrend } from "./leads";
import type { Beat, Localized } from "./types";

export interface Evidence {
  asks?: AskedFact[];
  beats?: Beat[];
  leads?: (string | { name?: string; lead?: string })[];
  intervals?: { from: number; to: number; lead?: string | null; label: Localized }[];
  heat_map?: { width: number; height: number; png: string };
  regions?: { label: Localized; polygon: [number, number][] }[];
  rules?: { name: Localized; value: number | string; limit: number | string }[];
  hours?: Hour[];
  lead_measurements?: LeadMeasurements[];
  st_trend?: StTrend[];
}
