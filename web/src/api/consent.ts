import { change } from "./http";

export type ConsentState = "granted" | "withheld" | "not-asked";

/** Whether assistants may read the record, and whether colleagues elsewhere who are asked may see it. */
export interface Consent {
  assistants: ConsentState;
  colleagues: ConsentState;
}

/** What a patient says: each yes or no. */
export interface Agreement {
  assistants: boolean;
  colleagues: boolean;
}

const TERMINOLOGY = "http://terminology.hl7.org/CodeSystem";

function concept(system: string, code: string) {
  return { coding: [{ system, code }] };
}

function provision({ assistants, colleagues }: Agreement) {
  if (assistants === colleagues) return { type: assistants ? "permit" : "deny" };
  const refused = concept(`${TERMINOLOGY}/consentaction`, assistants ? "disclose" : "use");
  return { type: "permit", provision: [{ type: "deny", action: [refused] }] };
}

/** The FHIR form of what the patient said, and to whom. */
export function toConsent(patient: string, performer: string, said: Agreement, at: Date) {
  return {
    resourceType: "Consent",
    status: "active",
    scope: concept(`${TERMINOLOGY}/consentscope`, "patient-privacy"),
    category: [concept("http://loinc.org", "59284-0")],
    patient: { reference: `Patient/${patient}` },
    dateTime: at.toISOString(),
    ...(performer && { performer: [{ reference: performer }] }),
    policyRule: { text: "Reading by the node's assistants and by colleagues who are asked" },
    provision: provision(said),
  };
}

export async function recordConsent(patient: string, performer: string, said: Agreement): Promise<void> {
  await change("POST", "/fhir/Consent", toConsent(patient, performer, said, new Date()));
}
