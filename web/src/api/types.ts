import type { Comparison } from "./comparison";
import type { Consent } from "./consent";
import type { Evidence } from "./evidence";

export type { Evidence };

// The shapes of docs/console-api.md and docs/reading.schema.json, as the node sends them.

export interface Localized {
  en: string;
  zh: string;
}

export interface Reference {
  id: string;
  name: string;
}

export type Role = "resident" | "clinician" | "specialist" | "auditor" | "administrator";
export type Urgency = "none" | "routine" | "today" | "emergency";
export type CaseStatus = "waiting" | "reading" | "asked" | "answered" | "signed";
export type Queue = "waiting" | "urgent" | "mine" | "signed";
export type Priority = "routine" | "urgent" | "stat";

export interface User {
  id: string;
  username: string;
  display: string;
  role: Role;
  fhirUser: string;
  organization: string;
  organizationName: string;
}

export interface Session {
  user: User;
  csrf: string;
}

export interface PatientSummary {
  id: string;
  name: string;
  nameLatin: string;
  sex: "male" | "female" | "other" | "unknown";
  birthDate: string;
}

export interface Reader {
  id: string;
  display: string;
}

export interface CaseRow {
  case: string;
  patient: PatientSummary;
  modality: string;
  organization: Reference;
  since: string;
  urgency: Urgency;
  urgencyReason: Localized | null;
  draft: { text: Localized; probability: number | null; threshold: number | null; assistant: string } | null;
  status: CaseStatus;
  reader: Reader | null;
  signedAt: string | null;
}

export interface Worklist {
  counts: { waiting: number; urgent: number; mine: number; signedToday: number };
  total: number;
  rows: CaseRow[];
}

export type MessageKind = "asked" | "answered" | "question" | "draft";

export interface Message {
  id: string;
  case: string;
  patient: { name: string };
  text: Localized;
  kind: MessageKind;
  at: string;
  read: boolean;
}

export interface Messages {
  unread: number;
  rows: Message[];
}

export interface Home {
  today: CaseRow[];
  answers: Message[];
  outbox: { waiting: number };
}

export interface Measurement {
  code: unknown;
  text: Localized;
  value: number;
  unit: string;
  display: string;
}

export interface Beat {
  sample: number;
  time: number;
  /** ANSI/AAMI EC57; null: not classified. */
  aami_class: string | null;
}

export interface Finding {
  id: string;
  code: unknown;
  text: Localized;
  probability: number | null;
  threshold: number | null;
  positive: boolean;
  urgency: Urgency;
  measurements: Measurement[];
  evidence: Evidence | null;
}

export interface AssistantName {
  id: string;
  version: string;
  title: Localized;
}

export interface Draft {
  id: string;
  report: string | null;
  /** Of the report; null: there is none. */
  version: string | null;
  status: "draft" | "accepted" | "rejected";
  at: string;
  rejectedReason: string | null;
  rejectedBy: string | null;
  recording: string;
  assistant: AssistantName;
  refused: { reason: string; text: Localized } | null;
  findings: Finding[];
  comparison?: Comparison | null;
}

/** What the node's readers say of a recording; code is empty where they had no code for it. */
export interface Remark {
  code: string;
  values: Record<string, string>;
  text: Localized;
}

export interface Recording {
  /** A slide is of several instances, its levels, all of one series. */
  kind: "ecg" | "image" | "slide";
  study: string;
  series: string;
  instance: string;
  modality: string;
  title: string;
  at: string;
  frames: number;
  leads: string[];
  seconds: number;
  /** What is damaged or doubtful in it, or was not read of it. */
  flaws: Remark[];
}

export interface CasePatient extends PatientSummary {
  identifier: string;
  managingOrganization: Reference | null;
  allergies: { text: string; severe: boolean }[] | null;
  consent: Consent;
}

export interface Report {
  id: string;
  text: string;
  status: "preliminary" | "final";
  version: string;
  signedBy: string | null;
  signedAt: string | null;
  accepted: string[];
  changes: string | null;
  /** The ledger's entry of the signature, where the node sends it: printed as a QR code. */
  proof?: { entry: number; hash: string } | null;
}

export interface TimelineEntry {
  at: string;
  kind: "ecg" | "image" | "slide" | "result" | "draft" | "report" | "request" | "message" | "encounter";
  title: Localized;
  by: Localized | null;
  target: string | null;
  case: string | null;
}

export interface ConsultationRequest {
  id: string;
  from: Reference;
  to: Reference | null;
  question: string;
  at: string;
  status: string;
}

export interface CasePage {
  id: string;
  status: CaseStatus;
  version: string;
  urgency: Urgency;
  urgencyReason: Localized | null;
  createdAt: string;
  reason: string;
  organization: Reference;
  reader: Reader | null;
  may: { sign: boolean; reject: boolean; ask: boolean; record: boolean };
  patient: CasePatient;
  recordings: Recording[];
  drafts: Draft[];
  notRun: { assistant: AssistantName; recording: string | null; reason: Localized }[];
  /** Readings that take minutes: how many squares are done, and of how many. */
  running: { assistant: AssistantName; recording: string; done: number; of: number }[];
  report: Report | null;
  requests: ConsultationRequest[];
  timeline: TimelineEntry[];
}

export interface Samples {
  samplingFrequency: number;
  from: number;
  seconds: number;
  total: number;
  leads: { name: string; unit: string; samples: number[] }[];
}

export interface Metric {
  name: Localized;
  value: number;
  unit?: string;
  /** 95 %. */
  interval?: [number, number];
  n?: number;
  /** "sex=female"; missing for all. */
  group?: string;
}

export type Curve = [number, number][];

export interface CardEvidence {
  data: string;
  part: Localized;
  command: string;
  metrics: Metric[];
  curves?: { roc?: Curve; calibration?: Curve };
}

/** docs/card.schema.json, as far as the console shows it. */
export interface Card {
  intended_use: Localized;
  not_for: Localized;
  inputs: { kind: string; text: Localized };
  outputs: { findings: { text: Localized }[] };
  evidence: CardEvidence[];
  limits: Localized[];
  training_data: { name: string; licence: string; use: Localized }[];
  models?: { file: string; sha256: string }[];
  operating_point?: { threshold: number; why: Localized };
  on_by_default?: boolean;
  why_off?: Localized;
  references?: string[];
}

/** The population stability index of the last readings against the first. */
export interface Drift {
  index: number;
  reference: number;
  recent: number;
  shifted: boolean;
}

export interface AssistantState {
  id: string;
  version: string;
  title: Localized;
  on: boolean;
  reason: string | null;
  reasonZh?: string | null;
  changedBy: string | null;
  changedAt: string | null;
  available: boolean;
  unavailableReason: string | null;
  unavailableReasonZh?: string | null;
  card: Card;
  counts: { drafted: number; accepted: number; rejected: number; refused: number };
  agreement?: { site: string; accepted: number; rejected: number }[];
  drift?: { probability: Drift | null; strangeness: Drift | null };
}

export interface LedgerEntry {
  number: number;
  time: string;
  user: string;
  display: string;
  role: string;
  organization: string;
  action: string;
  kind: string;
  patient: string;
  entity: string;
  success: boolean;
  hash: string;
}

export interface LedgerPage {
  entries: LedgerEntry[];
  size: number;
  root: string;
}

export interface Organization {
  id: string;
  name: Localized;
  kind: "clinic" | "hospital";
  own: boolean;
}
