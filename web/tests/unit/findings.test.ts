import { describe, expect, it } from "vitest";
import type { Finding, Urgency } from "@/api/types";
import { byWeight } from "@/screens/case/finding-order";

const finding = (id: string, urgency: Urgency, positive = true) => ({ id, urgency, positive }) as Finding;
const ids = (findings: Finding[]) => findings.map((one) => one.id);

describe("the order of a draft's findings", () => {
  it("puts the most urgent first and keeps the draft's order among equals", () => {
    const { found } = byWeight([
      finding("rate", "none"),
      finding("intervals", "none"),
      finding("st-elevation", "emergency"),
      finding("fibrillation", "today"),
    ]);
    expect(ids(found)).toEqual(["st-elevation", "fibrillation", "rate", "intervals"]);
  });

  it("sets apart what was looked for and not found", () => {
    const { found, absent } = byWeight([finding("no-block", "none", false), finding("rate", "none")]);
    expect(ids(found)).toEqual(["rate"]);
    expect(ids(absent)).toEqual(["no-block"]);
  });
});
