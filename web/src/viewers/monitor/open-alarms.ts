import type { MonitorAlarm } from "@/api/monitor";

/** What a monitor's line has said of alarms: the node's answer may be older, or not come at all. */
export interface Heard {
  alarms: MonitorAlarm[];
  /** Ids of those that somebody has acknowledged. */
  acknowledged: string[];
}

export const noneHeard: Heard = { alarms: [], acknowledged: [] };

/** Those that nobody has acknowledged by what either says, the newest first. */
export function openAlarms(listed: MonitorAlarm[], heard: Heard): MonitorAlarm[] {
  return allAlarms(listed, heard).filter((alarm) => !isAcknowledged(alarm, heard));
}

/** Those that somebody has acknowledged, the newest first. */
export function pastAlarms(listed: MonitorAlarm[], heard: Heard): MonitorAlarm[] {
  return allAlarms(listed, heard).filter((alarm) => isAcknowledged(alarm, heard));
}

function isAcknowledged(alarm: MonitorAlarm, heard: Heard): boolean {
  return Boolean(alarm.acknowledgedBy) || heard.acknowledged.includes(alarm.id);
}

function allAlarms(listed: MonitorAlarm[], heard: Heard): MonitorAlarm[] {
  const known = new Map([...heard.alarms, ...listed].map((alarm) => [alarm.id, alarm]));
  return [...known.values()].sort((a, b) => b.at.localeCompare(a.at));
}
