import type { ParkedJob } from "@/api/jobs";
import type { MonitorAlarm } from "@/api/monitor";
import type { AssistantState, CasePage, LedgerEntry, Message, User } from "@/api/types";
import { assistants } from "./assistants";
import { ago, allCases } from "./cases";
import { patients } from "./people";

/** What one mock node knows. Each test server has its own. */
export interface State {
  user: User | null;
  cases: Map<string, CasePage>;
  messages: Message[];
  assistants: AssistantState[];
  ledger: LedgerEntry[];
  jobs: ParkedJob[];
  patients: typeof patients;
  next: number;
  /** The bedside monitor of every case, and its alarms. */
  monitor: string | null;
  alarms: MonitorAlarm[];
}

const kinds = [
  "case.read",
  "draft.write",
  "case.sign",
  "case.ask",
  "session.sign-in",
  "dicom.store",
  "fhir.search",
];

function jobs(): ParkedJob[] {
  return [
    {
      number: 31,
      topic: "subscription",
      about: "Subscription/lab",
      reason: "lab.example answered 500",
      attempts: 36,
      since: ago(90),
    },
    {
      number: 12,
      topic: "assistant.run",
      about: "chest_xray",
      reason: "Parked: the program ended 5 times while it was at this job",
      attempts: 5,
      since: ago(60 * 26),
    },
  ];
}

function ledger(): LedgerEntry[] {
  return Array.from({ length: 60 }, (_, index) => ({
    number: 60 - index,
    time: ago(index * 11),
    user: index % 3 ? "lin" : "chen",
    display: index % 3 ? "林主任 Dr Lin" : "陈医生 Dr Chen",
    role: index % 3 ? "specialist" : "clinician",
    organization: "Organization/county",
    action: "E",
    kind: kinds[index % kinds.length]!,
    patient: index % 5 ? `Patient/p${(index % 8) + 1}` : "",
    entity: "DiagnosticReport/9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d/_history/2",
    success: index !== 9,
    hash: "9f2c5b7e11d34a66c0de5b7e11d34a66c0de5b7e11d34a66c0de5b7e11d34a66",
  }));
}

function messages(): Message[] {
  return [
    {
      id: "m1",
      case: "c3",
      patient: { name: "李秀英" },
      kind: "answered",
      text: { en: "County hospital has signed the film report.", zh: "县人民医院已签发 X 线报告。" },
      at: ago(200),
      read: false,
    },
    {
      id: "m2",
      case: "c2",
      patient: { name: "杨秀兰" },
      kind: "question",
      text: {
        en: "County hospital asks: since when on digoxin?",
        zh: "县人民医院提问：何时开始服用地高辛？",
      },
      at: ago(60),
      read: false,
    },
    {
      id: "m3",
      case: "c1",
      patient: { name: "王建国" },
      kind: "draft",
      text: { en: "A draft raised this case: ST elevation.", zh: "草稿提升了紧急程度：ST 段抬高。" },
      at: ago(12),
      read: true,
    },
  ];
}

export function freshState(): State {
  return {
    user: null,
    cases: allCases(),
    messages: messages(),
    assistants: assistants(),
    ledger: ledger(),
    jobs: jobs(),
    patients: [...patients],
    next: 100,
    monitor: null,
    alarms: [],
  };
}
