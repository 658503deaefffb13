import type { AssistantState } from "@/api/types";
import { ago } from "./cases";

const roc: [number, number][] = Array.from({ length: 21 }, (_, index) => [index / 20, (index / 20) ** 0.22]);

export function assistants(): AssistantState[] {
  return [
    {
      id: "ecg",
      version: "1.2.0",
      title: { en: "ECG rhythm", zh: "心电节律" },
      on: true,
      reason: null,
      changedBy: null,
      changedAt: null,
      available: true,
      unavailableReason: null,
      counts: { drafted: 812, accepted: 640, rejected: 21, refused: 14 },
      agreement: [
        { site: "Organization/hospital", accepted: 420, rejected: 9 },
        { site: "Organization/liushan", accepted: 220, rejected: 12 },
      ],
      drift: {
        probability: { index: 0.04, reference: 200, recent: 100, shifted: false },
        strangeness: { index: 0.31, reference: 200, recent: 100, shifted: true },
      },
      card: {
        intended_use: {
          en: "Finds heart beats, the rate and irregular rhythm on ECGs of adults.",
          zh: "在成人心电图中检出心搏、心率与心律不齐。",
        },
        not_for: { en: "Children under 15; excluding a heart attack.", zh: "15 岁以下儿童；排除心肌梗死。" },
        inputs: {
          kind: "recording",
          text: { en: "One lead or more, 10 s or longer.", zh: "至少一个导联，10 秒以上。" },
        },
        outputs: { findings: [] },
        evidence: [
          {
            data: "MIT-BIH Arrhythmia Database",
            part: { en: "37 records, 150 ms window, all records", zh: "37 条记录，150 毫秒窗，全部记录" },
            command: "meridian bench ecg",
            metrics: [
              {
                name: { en: "QRS sensitivity", zh: "QRS 敏感度" },
                value: 99.81,
                unit: "%",
                interval: [99.77, 99.85],
                n: 84213,
              },
              {
                name: { en: "QRS positive predictivity", zh: "QRS 阳性预测值" },
                value: 99.86,
                unit: "%",
                interval: [99.82, 99.89],
                n: 84213,
              },
            ],
          },
        ],
        limits: [{ en: "Paced rhythms are read less well.", zh: "起搏心律判读较差。" }],
        training_data: [],
        references: ["Pan J, Tompkins WJ. IEEE Trans Biomed Eng 1985;32:230."],
      },
    },
    {
      id: "chest_xray",
      version: "0.9.1",
      title: { en: "Tuberculosis on chest films", zh: "胸片结核" },
      on: false,
      reason: "等待本地验证 awaiting local validation",
      changedBy: "管理员 Administrator",
      changedAt: ago(180),
      available: false,
      unavailableReason: "The model file is missing: tuberculosis.onnx",
      counts: { drafted: 96, accepted: 61, rejected: 12, refused: 3 },
      card: {
        intended_use: {
          en: "Points out frontal chest films that may show tuberculosis.",
          zh: "提示可能有结核的正位胸片。",
        },
        not_for: { en: "Children; lateral films; CT.", zh: "儿童；侧位片；CT。" },
        inputs: { kind: "image", text: { en: "A frontal chest film.", zh: "正位胸片。" } },
        outputs: { findings: [] },
        operating_point: {
          threshold: 0.62,
          why: { en: "Sensitivity 0.90 on the validation part.", zh: "验证部分敏感度 0.90。" },
        },
        evidence: [
          {
            data: "Shenzhen TB",
            part: { en: "Test part, 98 patients, split by patient", zh: "测试部分，98 名患者，按患者划分" },
            command: "python3 training/tuberculosis/evaluate.py",
            metrics: [
              { name: { en: "AUC", zh: "AUC" }, value: 0.914, interval: [0.853, 0.962], n: 98 },
              { name: { en: "Sensitivity", zh: "敏感度" }, value: 0.9, interval: [0.79, 0.96], n: 49 },
              { name: { en: "Specificity", zh: "特异度" }, value: 0.78, interval: [0.64, 0.88], n: 49 },
              {
                name: { en: "AUC", zh: "AUC" },
                value: 0.92,
                interval: [0.82, 0.98],
                n: 34,
                group: "sex=female",
              },
              {
                name: { en: "AUC", zh: "AUC" },
                value: 0.9,
                interval: [0.81, 0.97],
                n: 64,
                group: "sex=male",
              },
              { name: { en: "AUC", zh: "AUC" }, value: 0.86, interval: [0.66, 1], n: 17, group: "age=60+" },
            ],
            curves: {
              roc,
              calibration: [
                [0.1, 0.07],
                [0.3, 0.36],
                [0.5, 0.48],
                [0.7, 0.74],
                [0.9, 0.93],
              ],
            },
          },
        ],
        limits: [{ en: "Trained on one hospital's films.", zh: "仅用一家医院的胸片训练。" }],
        training_data: [
          {
            name: "Shenzhen TB",
            licence: "NLM",
            use: { en: "training, validation, test", zh: "训练、验证、测试" },
          },
        ],
      },
    },
  ];
}
