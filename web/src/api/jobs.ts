import { change, getJson } from "./http";
import type { ParkedJob } from "./types";

/** The jobs that failed for good, newest first. */
export function getParkedJobs(signal?: AbortSignal): Promise<{ rows: ParkedJob[] }> {
  return getJson("/jobs/parked", signal);
}

export function retryJob(number: number): Promise<void> {
  return change("POST", `/jobs/parked/${number}/retry`);
}

export function discardJob(number: number, reason: string): Promise<void> {
  return change("POST", `/jobs/parked/${number}/discard`, { reason });
}
