import type { TFunction } from "i18next";
import type en from "@/locales/en.json";

type Name = keyof (typeof en)["remark"];

/** What readers of recordings say, in the node's English, and the message that says the same. */
const known: [RegExp, Name][] = [
  [/^not read: (?<rest>.+): not an ECG lead$/, "notALead"],
  [/^not read: (?<rest>.+)$/, "notRead"],
  [/^(?<lead>.+): the header gives no gain; (?<gain>\d+) per millivolt is assumed$/, "gainAssumed"],
  [/^(?<lead>.+): its checksum does not agree with the header/, "checksum"],
  [/^(?<lead>.+): the header's initial value is not the file's/, "initialValue"],
  [/^(?<lead>.+): its electrode was off$/, "electrodeOff"],
  [/^(?<lead>.+): it has no value$/, "noValue"],
  [/^(?<lead>.+): deflections of (?<value>\S+) mV are not those of an ECG/, "tooHigh"],
  [/^no lead has deflections of more than (?<value>\S+) mV/, "tooLow"],
  [/^it holds (?<held>\d+) records and announces (?<announced>\d+)/, "records"],
  [/^it was cut short: (?<held>\d+) of (?<announced>\d+) bytes/, "cutShort"],
  [/^writing in the picture \((?<held>\d+) lines\)/, "writing"],
  [/^at (?<frequency>\S+) samples a second .*the sampling frequency may be wrong$/, "rate"],
];

/** What the messages may name; each names some of it. */
const nothing = { rest: "", lead: "", gain: "", value: "", held: "", announced: "", frequency: "" };

/** A remark on a recording in the language in use; one that is not known stays in English. */
export function remarkText(remark: string, t: TFunction): string {
  for (const [pattern, name] of known) {
    const found = pattern.exec(remark);
    if (found) return t(`remark.${name}`, { ...nothing, ...found.groups });
  }
  return remark;
}
