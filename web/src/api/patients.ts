import { change, getJson, query } from "./http";
import type { PatientSummary } from "./types";

interface HumanName {
  text?: string;
  family?: string;
  given?: string[];
  extension?: { valueCode?: string }[];
}

export interface FhirPatient {
  resourceType: "Patient";
  id?: string;
  name?: HumanName[];
  gender?: PatientSummary["sex"];
  birthDate?: string;
  identifier?: { value?: string }[];
}

export interface PatientMatch extends PatientSummary {
  identifier: string;
}

interface Bundle<T> {
  entry?: { resource: T }[];
}

function printed(name: HumanName | undefined): string {
  if (!name) return "";
  if (name.text) return name.text;
  const given = (name.given ?? []).join(" ");
  const cjk = /[\u4e00-\u9fff]/.test(`${name.family ?? ""}${given}`);
  return cjk ? `${name.family ?? ""}${given}` : `${given} ${name.family ?? ""}`.trim();
}

/** A patient as the console lists them: the name in characters first, the Latin one beside it. */
export function summarize(patient: FhirPatient): PatientMatch {
  const names = (patient.name ?? []).map(printed).filter(Boolean);
  const chinese = names.find((name) => /[\u4e00-\u9fff]/.test(name));
  const latin = names.find((name) => !/[\u4e00-\u9fff]/.test(name)) ?? "";
  return {
    id: patient.id ?? "",
    name: chinese ?? latin,
    nameLatin: chinese ? latin : "",
    sex: patient.gender ?? "unknown",
    birthDate: patient.birthDate ?? "",
    identifier: patient.identifier?.[0]?.value ?? "",
  };
}

/** Patients whose name begins so; an entry with digits is taken for an identifier. */
export async function findPatients(words: string, signal?: AbortSignal): Promise<PatientMatch[]> {
  const by = /\d/.test(words) ? { identifier: words } : { name: words };
  const bundle = await getJson<Bundle<FhirPatient>>(`/fhir/Patient${query({ ...by, _count: 20 })}`, signal);
  return (bundle.entry ?? []).map((entry) => summarize(entry.resource));
}

export async function getPatient(id: string, signal?: AbortSignal): Promise<PatientMatch> {
  return summarize(await getJson<FhirPatient>(`/fhir/Patient/${encodeURIComponent(id)}`, signal));
}

export interface NewPatient {
  family: string;
  given: string;
  nameLatin: string;
  sex: PatientSummary["sex"];
  birthDate: string;
  identifier: string;
  phone: string;
  organization: string;
}

/** The FHIR form of what was typed. The console's identifiers are those written on the clinic's own card. */
export function toFhir(typed: NewPatient): Record<string, unknown> {
  const separator = /[\u4e00-\u9fff]/.test(typed.family + typed.given) ? "" : " ";
  const written = separator ? [typed.given, typed.family] : [typed.family, typed.given];
  const names: Record<string, unknown>[] = [
    { use: "official", text: written.join(separator).trim(), family: typed.family, given: [typed.given] },
  ];
  if (typed.nameLatin) names.push({ use: "usual", text: typed.nameLatin });
  return {
    resourceType: "Patient",
    active: true,
    name: names,
    gender: typed.sex,
    birthDate: typed.birthDate,
    ...(typed.identifier && { identifier: [{ use: "usual", value: typed.identifier }] }),
    ...(typed.phone && { telecom: [{ system: "phone", value: typed.phone }] }),
    ...(typed.organization && {
      managingOrganization: { reference: organizationReference(typed.organization) },
    }),
  };
}

function organizationReference(organization: string): string {
  return organization.includes("/") ? organization : `Organization/${organization}`;
}

export async function createPatient(typed: NewPatient): Promise<string> {
  const made = await change<FhirPatient>("POST", "/fhir/Patient", toFhir(typed));
  return made.id ?? "";
}
