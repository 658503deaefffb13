import { change, getJson, query } from "./http";
import type { CasePage, Home, Messages, Organization, Priority, Queue, Worklist } from "./types";

export interface WorklistFilter {
  queue: Queue;
  search?: string;
  modality?: string;
  organization?: string;
}

type Changed = { case: CasePage | string };

export const worklistPage = 200;

export function getWorklist(filter: WorklistFilter, offset: number, signal?: AbortSignal): Promise<Worklist> {
  return getJson(`/care/worklist${query({ ...filter, offset, limit: worklistPage })}`, signal);
}

export function getHome(signal?: AbortSignal): Promise<Home> {
  return getJson("/care/home", signal);
}

export function getCase(id: string, signal?: AbortSignal): Promise<CasePage> {
  return getJson(casePath(id), signal);
}

/** Opens a case and gives its id. */
export async function openCase(patient: string, reason: string, priority: Priority): Promise<string> {
  const answer = await change<Changed>("POST", "/care/cases", { patient, reason, priority });
  return typeof answer.case === "string" ? answer.case : answer.case.id;
}

export function askForOpinion(
  id: string,
  organization: string,
  question: string,
  priority: Priority,
): Promise<Changed> {
  return change("POST", `${casePath(id)}/consultation`, { organization, question, priority });
}

export function claimCase(id: string): Promise<Changed> {
  return change("POST", `${casePath(id)}/claim`);
}

/** A fact of the case that a draft asks for: the draft is made again with it. */
export function noteFact(id: string, fact: string, value: string | number): Promise<Changed> {
  return change("POST", `${casePath(id)}/facts`, { fact, value });
}

export function releaseCase(id: string): Promise<Changed> {
  return change("POST", `${casePath(id)}/release`);
}

export interface ReportInput {
  text: string;
  accepted: string[];
  /** Of the report as it was read; null: none has been written yet. */
  version: string | null;
}

export function saveReport(id: string, report: ReportInput): Promise<{ version: string }> {
  return change("PUT", `${casePath(id)}/report`, report);
}

/** Signs what the page showed: what has come since is not of the signature. */
export function signReport(page: CasePage, report: ReportInput): Promise<Changed> {
  const seen = {
    recordings: page.recordings.map((recording) => recording.instance),
    drafts: page.drafts
      .filter((draft) => draft.report !== null && draft.status !== "rejected")
      .map((draft) => ({ id: draft.id, version: draft.version })),
  };
  return change("POST", `${casePath(page.id)}/sign`, { ...report, seen });
}

export function rejectDraft(id: string, draft: string, reason: string): Promise<Changed> {
  return change("POST", `${casePath(id)}/drafts/${encodeURIComponent(draft)}/reject`, { reason });
}

export function returnWithQuestion(id: string, text: string): Promise<Changed> {
  return change("POST", `${casePath(id)}/question`, { text });
}

export function getMessages(signal?: AbortSignal): Promise<Messages> {
  return getJson("/care/messages", signal);
}

export function markRead(id: string): Promise<void> {
  return change("POST", `/care/messages/${encodeURIComponent(id)}/read`);
}

/** Those one may ask, and one's own. */
export function getOrganizations(signal?: AbortSignal): Promise<Organization[]> {
  return getJson("/care/organizations", signal);
}

function casePath(id: string): string {
  return `/care/cases/${encodeURIComponent(id)}`;
}
