import type { AskedFact } from "@/api/asked-fact";
import type { Comparison } from "@/api/comparison";
import type { Hour } from "@/api/course";
import type { Beat, Draft, Finding } from "@/api/types";
import { twelveLeads } from "./ecg";
import { heatMap, lungRegions } from "./film";
import { densityMap } from "./slide";

const ecgAssistant = { id: "ecg", version: "1.2.0", title: { en: "ECG rhythm", zh: "心电节律" } };
const filmAssistant = {
  id: "chest_xray",
  version: "0.9.1",
  title: { en: "Tuberculosis on chest films", zh: "胸片结核" },
};

const finding = (id: string, en: string, zh: string, more: Partial<Finding>): Finding => ({
  id,
  code: `urn:test|${id}`,
  text: { en, zh },
  probability: null,
  threshold: null,
  positive: true,
  urgency: "none",
  measurements: [],
  evidence: null,
  ...more,
});

const measuredLeads = twelveLeads.map((lead) => ({
  lead,
  p_mv: 0.12,
  q_mv: -0.05,
  r_mv: 0.9,
  s_mv: -0.3,
  j_mv: 0.02,
  st60_mv: 0.04,
  st_slope_mv_s: 0.6,
  t_mv: 0.31,
}));

const stTrend = { lead: "V5", level_mv: [0.02, 0.03, -0.12, null, 0.01, 0.02] };

const hour: Hour = {
  from: 0,
  mean_rate: 72.4,
  lowest_rate: 51,
  highest_rate: 118,
  beats: 4344,
  ventricular: 7,
  supraventricular: 2,
  pauses: 1,
  fibrillation_seconds: 600,
};

const comparison: Comparison = {
  recording: "1.2.0",
  at: "2026-11-20T08:00:00Z",
  version: { before: "1.1.0", now: "1.2.0" },
  signed: false,
  text: {
    en: "Compared with the one of 2026-11-20 (version 1.1.0, not signed): QRS duration 104 ms.",
    zh: "与2026-11-20的结果（版本1.1.0，未签署）比较：QRS时限104 ms。",
  },
  probabilities: [{ code: "af", text: "Atrial fibrillation", before: 0.4, now: 0.91 }],
  measurements: [
    {
      code: "qrs",
      text: { en: "QRS duration", zh: "QRS时限" },
      before: { value: 92, display: "92 ms" },
      now: { value: 134, display: "134 ms" },
      change: { en: "+42.0 ms (+46 %)", zh: "+42.0 ms (+46 %)" },
      trend: null,
    },
  ],
  new: [{ en: "Left bundle branch block", zh: "左束支传导阻滞" }],
  gone: [],
};

export function ecgDraft(caseId: string, recording: string, at: string, beats: Beat[]): Draft {
  const early = beats.filter((beat) => beat.aami_class === "V");
  const findings = [
    finding(
      `${caseId}-st`,
      "ST elevation in V2 to V4, up to 3.1 mm.",
      "V2 至 V4 导联 ST 段抬高，最高 3.1 mm。",
      {
        urgency: "emergency",
        measurements: [
          { code: "", text: { en: "ST", zh: "ST 段" }, value: 0.31, unit: "mV", display: "3.1 mm" },
        ],
        evidence: {
          leads: ["V2", "V3", "V4"],
          intervals: beats.slice(0, 12).map((beat) => ({
            from: beat.time + 0.04,
            to: beat.time + 0.2,
            lead: null,
            label: { en: "ST", zh: "ST 段" },
          })),
          rules: [{ name: { en: "ST V2", zh: "V2 导联 ST 段" }, value: "3.1 mm", limit: "2.0 mm" }],
        },
      },
    ),
    finding(`${caseId}-rate`, "Sinus rhythm, 72 bpm.", "窦性心律，72 次/分。", {
      measurements: [
        { code: "", text: { en: "Rate", zh: "心率" }, value: 72, unit: "/min", display: "72 bpm" },
        { code: "", text: { en: "PR", zh: "PR 间期" }, value: 160, unit: "ms", display: "160 ms" },
        { code: "", text: { en: "QRS", zh: "QRS 时限" }, value: 92, unit: "ms", display: "92 ms" },
      ],
      evidence: { beats, hours: [hour], lead_measurements: measuredLeads, st_trend: [stTrend] },
    }),
  ];
  if (early.length) {
    findings.push(
      finding(
        `${caseId}-pvc`,
        `${early.length} ventricular ectopic beats.`,
        `室性早搏 ${early.length} 次。`,
        {
          probability: 0.94,
          threshold: 0.5,
          urgency: "routine",
          evidence: { beats: early },
        },
      ),
    );
  }
  return { ...draft(`${caseId}-ecg-draft`, recording, at, ecgAssistant, findings), comparison };
}

const cough: AskedFact = {
  fact: "cough",
  text: { en: "Cough", zh: "咳嗽" },
  kind: "choice",
  unit: "",
  values: [
    { value: "no", text: { en: "no", zh: "无" } },
    { value: "yes", text: { en: "yes", zh: "有" } },
  ],
};

export function filmDraft(caseId: string, recording: string, at: string): Draft {
  return draft(`${caseId}-film-draft`, recording, at, filmAssistant, [
    finding(
      `${caseId}-tb`,
      "Opacity in the right upper zone, suspicious of active tuberculosis.",
      "右上肺野斑片影，疑似活动性肺结核。",
      {
        probability: 0.912,
        threshold: 0.62,
        urgency: "today",
        evidence: { heat_map: heatMap(), regions: lungRegions(), asks: [cough] },
      },
    ),
  ]);
}

const slideAssistant = {
  id: "pathology",
  version: "1.0.0",
  title: { en: "Nuclei on tissue", zh: "细胞核分析" },
};

export function slideDraft(caseId: string, recording: string, at: string): Draft {
  const measured = (en: string, zh: string, value: number, unit: string, display: string) => ({
    code: `urn:test|${en}`,
    text: { en, zh },
    value,
    unit,
    display,
  });
  return draft(`${caseId}-slide-draft`, recording, at, slideAssistant, [
    finding(
      `${caseId}-nuclei`,
      "Cell nuclei on the slide: 21480, 4873 a square millimetre of 4.4 mm² of tissue.",
      "切片细胞核：21480个，组织面积4.4 mm²，每平方毫米4873个。",
      {
        measurements: [
          measured("number", "数目", 21480, "1", "21480"),
          measured("nuclei per square millimetre", "每平方毫米细胞核数", 4873, "{nuclei}/mm2", "4873 /mm²"),
        ],
        evidence: {
          heat_map: densityMap(),
          regions: [
            {
              label: { en: "densest field 1", zh: "最密集视野1" },
              polygon: [
                [2300, 1900],
                [2684, 1900],
                [2684, 2284],
                [2300, 2284],
              ],
            },
          ],
        },
      },
    ),
  ]);
}

export function refusedDraft(caseId: string, recording: string, at: string): Draft {
  return {
    ...draft(`${caseId}-refused`, recording, at, filmAssistant, []),
    refused: {
      reason: "not-a-chest-film",
      text: {
        en: "Not analysed, because this is not a frontal chest film.",
        zh: "未分析，因为这不是正位胸片。",
      },
    },
  };
}

function draft(
  id: string,
  recording: string,
  at: string,
  assistant: Draft["assistant"],
  findings: Finding[],
): Draft {
  return {
    id,
    report: `DiagnosticReport/${id}`,
    version: "1",
    status: "draft",
    at,
    rejectedReason: null,
    rejectedBy: null,
    recording,
    assistant,
    refused: null,
    findings,
  };
}
