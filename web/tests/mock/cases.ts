import type { CasePage, CaseRow, Recording, TimelineEntry } from "@/api/types";
import { ecgDraft, filmDraft, refusedDraft, slideDraft } from "./drafts";
import { beatsOf, twelveLeads, type Source } from "./ecg";
import { patients, place } from "./people";
import { slideInstances } from "./slide";

export const sources: Record<string, Source> = {
  "1.2.3.10": { leads: twelveLeads, rate: 500, seconds: 10, beats: beatsOf(10, 500) },
  "1.2.3.20": { leads: ["MLII", "V5"], rate: 360, seconds: 1800, beats: beatsOf(1800, 360) },
};

export function ago(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

const ecg = (instance: string, title: string, at: string): Recording => ({
  kind: "ecg",
  study: "1.2.3",
  series: "1.2.3.1",
  instance,
  modality: "ECG",
  title,
  at,
  frames: 1,
  leads: sources[instance]!.leads,
  seconds: sources[instance]!.seconds,
  flaws: [
    {
      code: "gain-assumed",
      values: { lead: "V1", gain: "200" },
      text: {
        en: "V1: the header gives no gain; 200 per millivolt is assumed",
        zh: "V1：文件未给出增益，按每毫伏200计",
      },
    },
  ],
});

const film = (instance: string, title: string, at: string): Recording => ({
  kind: "image",
  study: "1.2.4",
  series: `${instance}.1`,
  instance,
  modality: "DX",
  title,
  at,
  frames: 1,
  leads: [],
  seconds: 0,
  flaws: [],
});

function timelineOf(page: CasePage): TimelineEntry[] {
  const entry = (
    kind: TimelineEntry["kind"],
    at: string,
    en: string,
    zh: string,
    by: string | null,
    target: string | null,
  ) => ({
    at,
    kind,
    title: { en, zh },
    by: by === null ? null : { en: by, zh: by },
    target,
    case: page.id,
  });
  return [
    entry("encounter", page.createdAt, "Case opened", "新建病例", "陈医生 Dr Chen", page.id),
    ...page.recordings.map((one) =>
      entry(one.kind, one.at, one.title, one.title, page.organization.name, one.instance),
    ),
    ...page.drafts.map((one) =>
      entry("draft", one.at, one.assistant.title.en, one.assistant.title.zh, null, one.id),
    ),
    ...page.requests.map((one) =>
      entry("request", one.at, "Opinion asked", "请求会诊", "陈医生 Dr Chen", one.id),
    ),
    {
      ...entry("image", ago(60 * 24 * 200), "Chest film", "胸片", "柳山卫生院", "1.2.4.99"),
      case: "earlier",
    },
  ];
}

export function blankCase(id: string, patientIndex: number, minutes: number): CasePage {
  const patient = patients[patientIndex]!;
  return {
    id,
    status: "waiting",
    version: "1",
    urgency: "routine",
    urgencyReason: null,
    createdAt: ago(minutes),
    reason: "",
    organization: place(0),
    reader: null,
    may: { sign: true, reject: true, ask: true, record: true },
    patient,
    recordings: [],
    drafts: [],
    notRun: [],
    running: [],
    report: null,
    requests: [],
    timeline: [],
  };
}

function ecgAndFilm(): CasePage {
  const page = blankCase("c1", 0, 14);
  page.urgency = "emergency";
  page.urgencyReason = { en: "ST elevation", zh: "ST 段抬高" };
  page.reason = "胸痛 2 小时，出汗。Chest pain for 2 h, sweating.";
  page.recordings = [
    ecg("1.2.3.10", "12-lead ECG", ago(12)),
    film("1.2.4.10", "Chest PA", ago(11)),
    film("1.2.4.11", "Chest PA (earlier)", ago(60 * 24 * 200)),
  ];
  page.drafts = [
    ecgDraft("c1", "1.2.3.10", ago(12), sources["1.2.3.10"]!.beats),
    filmDraft("c1", "1.2.4.10", ago(11)),
    refusedDraft("c1", "1.2.4.11", ago(10)),
  ];
  page.notRun = [
    {
      assistant: { id: "ecg", version: "1.2.0", title: { en: "ECG rhythm", zh: "心电节律" } },
      recording: "1.2.4.10",
      reason: { en: "it reads ECGs only.", zh: "仅判读心电图。" },
    },
  ];
  page.requests = [
    {
      id: "r1",
      from: place(0),
      to: place(2),
      question: "是否需要立即转院？ Transfer now?",
      at: ago(9),
      status: "active",
    },
  ];
  page.status = "asked";
  return page;
}

function longRecording(): CasePage {
  const page = blankCase("c2", 6, 130);
  page.reason = "心悸 Palpitations";
  page.recordings = [ecg("1.2.3.20", "Holter, 30 min", ago(125))];
  page.drafts = [ecgDraft("c2", "1.2.3.20", ago(124), sources["1.2.3.20"]!.beats)];
  page.drafts[0]!.findings.shift();
  return page;
}

function signedFilm(): CasePage {
  const page = blankCase("c3", 1, 300);
  page.urgency = "today";
  page.reason = "咳嗽 3 周 Cough for 3 weeks";
  page.recordings = [film("1.2.4.10", "Chest PA", ago(295))];
  page.drafts = [{ ...filmDraft("c3", "1.2.4.10", ago(294)), status: "accepted" }];
  page.drafts.push({
    ...refusedDraft("c3", "1.2.4.10", ago(294)),
    id: "c3-rejected",
    status: "rejected",
    refused: null,
    rejectedReason: "伪影，不是病灶 artefact, not a lesion",
    rejectedBy: "林主任 Dr Lin",
    findings: filmDraft("c3x", "1.2.4.10", ago(294)).findings,
  });
  page.status = "signed";
  page.may = { sign: false, reject: false, ask: false, record: false };
  page.report = {
    id: "rep3",
    text: "右上肺野斑片影，疑似活动性肺结核。建议痰检并隔离。\nOpacity in the right upper zone; sputum test advised.",
    status: "final",
    version: "4",
    signedBy: "林主任 Dr Lin",
    signedAt: ago(200),
    accepted: ["c3-tb"],
    changes: "+ 建议痰检并隔离。",
    proof: { entry: 4711, hash: "9f2c5b7e11d34a66c0de5b7e11d34a66c0de5b7e11d34a66c0de5b7e11d34a66" },
  };
  return page;
}

function slideCase(): CasePage {
  const page = blankCase("c5", 2, 40);
  page.reason = "右乳肿块 Lump in the right breast";
  page.recordings = slideInstances.map((instance) => ({
    ...film(instance, "B-2026-17", ago(38)),
    kind: "slide",
    modality: "SM",
    series: "1.2.7.1",
  }));
  page.drafts = [slideDraft("c5", slideInstances[0]!, ago(30))];
  page.running = [
    {
      assistant: { id: "pathology", version: "1.0.0", title: { en: "Nuclei on tissue", zh: "细胞核分析" } },
      recording: slideInstances[0]!,
      done: 312,
      of: 1200,
    },
  ];
  return page;
}

export function allCases(): Map<string, CasePage> {
  const pages = [ecgAndFilm(), longRecording(), signedFilm(), blankCase("c4", 3, 20), slideCase()];
  for (const page of pages) page.timeline = timelineOf(page);
  return new Map(pages.map((page) => [page.id, page]));
}

/** The worklist: the cases above, and as many plain ones as fill a day's list. */
export function rowsOf(cases: Map<string, CasePage>, more: number): CaseRow[] {
  const real = [...cases.values()].map(rowOf);
  const plain = Array.from({ length: more }, (_, index): CaseRow => {
    const page = blankCase(`x${index}`, index % patients.length, 35 + index * 14);
    return {
      ...rowOf(page),
      modality: index % 3 ? "ECG" : "DX",
      organization: place(index % 2),
      urgency: index < 2 ? "today" : "routine",
      urgencyReason: index < 2 ? { en: "TB likely", zh: "疑似结核" } : null,
      draft:
        index % 4 === 3
          ? null
          : {
              text: { en: "Sinus rhythm, no finding.", zh: "窦性心律，未见异常。" },
              probability: index < 2 ? 0.91 : null,
              threshold: index < 2 ? 0.62 : null,
              assistant: "ecg",
            },
      reader: index === 3 ? { id: "zhou", display: "周医生 Dr Zhou" } : null,
    };
  });
  const rank = { emergency: 0, today: 1, routine: 2, none: 3 };
  return [...real, ...plain].sort(
    (a, b) => rank[a.urgency] - rank[b.urgency] || a.since.localeCompare(b.since),
  );
}

function rowOf(page: CasePage): CaseRow {
  const leading = page.drafts[0]?.findings[0];
  return {
    case: page.id,
    patient: page.patient,
    modality: page.recordings[0]?.modality ?? "ECG",
    organization: page.organization,
    since: page.createdAt,
    urgency: page.urgency,
    urgencyReason: page.urgencyReason,
    draft: leading
      ? {
          text: leading.text,
          probability: leading.probability,
          threshold: leading.threshold,
          assistant: "ecg",
        }
      : null,
    status: page.status,
    reader: page.reader,
    signedAt: page.report?.signedAt ?? null,
  };
}
