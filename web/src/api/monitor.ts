import { change, getJson } from "./http";
import type { Localized, Urgency } from "./types";

/** An alarm of a bedside monitor; acknowledgedBy: null until a person has seen to it. */
export interface MonitorAlarm {
  id: string;
  kind: string;
  urgency: Urgency;
  text: Localized;
  value: number | null;
  at: string;
  acknowledgedBy: string | null;
  acknowledgedAt?: string | null;
  /** The instance of the case's recording that holds the seconds around it; null: none yet. */
  strip?: string | null;
}

export interface CaseAlarms {
  /** The monitor that sends now, or null. */
  monitor: string | null;
  /** The newest first. */
  alarms: MonitorAlarm[];
}

export interface MonitorBeat {
  sample: number;
  aami_class: string;
}

/** Microvolts by lead; null where there is no sample. */
export type MonitorSamples = (number | null)[][];

export type MonitorMessage =
  | {
      kind: "monitor";
      name: string;
      leads: string[];
      samplingFrequency: number;
      at: number;
      samples: MonitorSamples;
      beats: MonitorBeat[];
      alarms: MonitorAlarm[];
    }
  | { kind: "samples"; at: number; samples: MonitorSamples }
  | ({ kind: "beat" } & MonitorBeat)
  | { kind: "alarm"; alarm: MonitorAlarm }
  | { kind: "acknowledged"; id: string; by: string }
  | { kind: "ended"; lost: boolean }
  /** ends: the node says no more on this line. */
  | { kind: "failed"; act: string; outcome: unknown; ends: boolean }
  /** Now and then, so that a line on which nothing comes is known to be broken. */
  | { kind: "alive" };

const path = (caseId: string) => `/care/cases/${encodeURIComponent(caseId)}`;

export function getAlarms(caseId: string, signal?: AbortSignal): Promise<CaseAlarms> {
  return getJson(`${path(caseId)}/alarms`, signal);
}

export function acknowledgeAlarm(caseId: string, alarm: string): Promise<CaseAlarms> {
  return change("POST", `${path(caseId)}/alarms/${encodeURIComponent(alarm)}/acknowledge`, {});
}

export function openMonitor(caseId: string): WebSocket {
  return new WebSocket(new URL(`${path(caseId)}/monitor`, window.location.href.replace(/^http/, "ws")));
}
