import { getJson, query } from "./http";
import type { LedgerEntry, LedgerPage } from "./types";

export interface OwnReport {
  id: string;
  title: string;
  text: string;
  at: string;
  by: string;
}

interface DiagnosticReport {
  id: string;
  code?: { text?: string };
  conclusion?: string;
  effectiveDateTime?: string;
  issued?: string;
  resultsInterpreter?: { display?: string }[];
  performer?: { display?: string }[];
}

/** The signed reports of a patient, newest first. Drafts are not for residents. */
export async function getOwnReports(patient: string, signal?: AbortSignal): Promise<OwnReport[]> {
  const search = query({ subject: patient, status: "final", _sort: "-issued", _count: 100 });
  const bundle = await getJson<{ entry?: { resource: DiagnosticReport }[] }>(
    `/fhir/DiagnosticReport${search}`,
    signal,
  );
  return (bundle.entry ?? []).map(({ resource }) => ({
    id: resource.id,
    title: resource.code?.text ?? "",
    text: resource.conclusion ?? "",
    at: resource.issued ?? resource.effectiveDateTime ?? "",
    by: resource.resultsInterpreter?.[0]?.display ?? resource.performer?.[0]?.display ?? "",
  }));
}

/** Who did something with a patient's record: the ledger shows a resident their own entries. */
export async function getOwnAccesses(patient: string, signal?: AbortSignal): Promise<LedgerEntry[]> {
  const page = await getJson<LedgerPage>(`/ledger${query({ patient, limit: 100 })}`, signal);
  return page.entries;
}
