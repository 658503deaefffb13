import { expect, test } from "vitest";
import { toConsent } from "@/api/consent";

const at = new Date("2026-11-28T08:00:00Z");
const provision = (assistants: boolean, colleagues: boolean) =>
  toConsent("p1", "Practitioner/chen", { assistants, colleagues }, at).provision;
const refused = (code: string) => ({
  type: "permit",
  provision: [
    {
      type: "deny",
      action: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentaction", code }] }],
    },
  ],
});

test("a consent says what the patient agrees to", () => {
  expect(provision(true, true)).toEqual({ type: "permit" });
  expect(provision(false, false)).toEqual({ type: "deny" });
  expect(provision(false, true)).toEqual(refused("use"));
  expect(provision(true, false)).toEqual(refused("disclose"));
});

test("a consent says whose it is, when it was given and to whom", () => {
  const consent = toConsent("p1", "Practitioner/chen", { assistants: true, colleagues: true }, at);
  expect(consent).toMatchObject({
    resourceType: "Consent",
    status: "active",
    patient: { reference: "Patient/p1" },
    dateTime: "2026-11-28T08:00:00.000Z",
    performer: [{ reference: "Practitioner/chen" }],
  });
  expect(toConsent("p1", "", { assistants: true, colleagues: true }, at)).not.toHaveProperty("performer");
});
