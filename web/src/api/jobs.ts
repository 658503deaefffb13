import { change, getJson } from "./http";

/** Work that failed so often that a person must look at it. */
export interface ParkedJob {
  number: number;
  topic: string;
  /** What it is about: a Subscription, an assistant's id. */
  about: string | null;
  reason: string;
  attempts: number;
  since: string;
}

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
