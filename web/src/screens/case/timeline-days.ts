import type { TimelineEntry } from "@/api/types";
import { isoDate } from "@/format/time";

/** The entries newest first, in groups of one local day. */
export function byDay(timeline: TimelineEntry[]): { day: string; entries: TimelineEntry[] }[] {
  const days = new Map<string, TimelineEntry[]>();
  for (const entry of [...timeline].sort((a, b) => b.at.localeCompare(a.at))) {
    const day = isoDate(new Date(entry.at));
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days].map(([day, entries]) => ({ day, entries }));
}
