import { changeHeaders, getJson, query, send } from "./http";
import { events } from "./event-stream";
import type { LedgerPage } from "./types";

export interface Verdict {
  intact: boolean;
  entries: number;
  firstBad: number;
  what: string;
  root: string;
  checkpoints: number;
}

export interface LedgerFilter {
  patient?: string;
  user?: string;
  kind?: string;
}

export function getLedger(filter: LedgerFilter, before?: number, signal?: AbortSignal): Promise<LedgerPage> {
  return getJson(`/ledger${query({ ...filter, before, limit: 100 })}`, signal);
}

/** Has the node check its whole ledger. onProgress gets entries done and entries in all. */
export async function verifyLedger(
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<Verdict> {
  const response = await send("/ledger/verify", {
    method: "POST",
    headers: { Accept: "text/event-stream", ...changeHeaders() },
    signal,
  });
  let verdict: Verdict | null = null;
  for await (const event of events(response)) {
    if (event.name === "progress") {
      const { done, total } = JSON.parse(event.data);
      onProgress(done, total);
    }
    if (event.name === "verdict") verdict = JSON.parse(event.data) as Verdict;
  }
  if (!verdict) throw new Error("the verification ended without a verdict");
  return verdict;
}
