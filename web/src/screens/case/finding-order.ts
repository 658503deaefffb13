import type { Finding, Urgency } from "@/api/types";

const urgencies: Urgency[] = ["emergency", "today", "routine", "none"];

/** What was found, the most urgent first, and what was not found; else in the order of the draft. */
export function byWeight(findings: Finding[]): { found: Finding[]; absent: Finding[] } {
  const rank = (finding: Finding) => urgencies.indexOf(finding.urgency);
  return {
    found: findings.filter((one) => one.positive).sort((a, b) => rank(a) - rank(b)),
    absent: findings.filter((one) => !one.positive),
  };
}
