import type { Evidence } from "@/api/types";

/** The names of the leads that a finding rests on; some assistants say more of a lead than its name. */
export function leadNames(evidence: Evidence | null): string[] {
  return (evidence?.leads ?? [])
    .map((lead) => (typeof lead === "string" ? lead : (lead.name ?? lead.lead ?? "")))
    .filter((name) => name !== "");
}
