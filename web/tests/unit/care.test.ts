import { File as NodeFile } from "node:buffer";
import { describe, expect, it } from "vitest";
import { parseEvent } from "@/api/event-stream";
import { errorFrom, query } from "@/api/http";
import { summarize, toFhir, type NewPatient } from "@/api/patients";
import type { CaseRow, TimelineEntry } from "@/api/types";
import { namedByHeader, parcels } from "@/api/parcels";
import { digitsOf } from "@/screens/assistants/metrics";
import { addSentence, isEdited, removeSentence } from "@/screens/case/report-text";
import { byDay } from "@/screens/case/timeline-days";
import { missingIn } from "@/screens/patient/missing";
import { holdRows } from "@/screens/worklist/held-rows";
import { pressName } from "@/state/shortcuts";

describe("the report's text", () => {
  it("takes a sentence in and out again", () => {
    const text = addSentence("Seen with the patient.\n\n", "ST elevation.");
    expect(text).toBe("Seen with the patient.\nST elevation.");
    expect(removeSentence(text, "ST elevation.")).toBe("Seen with the patient.");
  });
  it("leaves a sentence that was edited", () => {
    expect(removeSentence("ST elevation in V2.", "ST elevation.")).toBe("ST elevation in V2.");
    expect(isEdited("ST elevation in V2.", ["ST elevation.", "ST 段抬高。"])).toBe(true);
    expect(isEdited("窦性。\nST 段抬高。", ["ST elevation.", "ST 段抬高。"])).toBe(false);
  });
});

describe("rows under the cursor", () => {
  const row = (id: string, status = "waiting") => ({ case: id, status }) as CaseRow;
  it("keep their places, take what is new about them, and count what waits", () => {
    const held = holdRows([row("a"), row("b")], [row("new"), row("b", "reading"), row("a")]);
    expect(held.rows.map((one) => `${one.case} ${one.status}`)).toEqual(["a waiting", "b reading"]);
    expect(held.waiting).toBe(1);
  });
  it("are followed by the next page", () => {
    const held = holdRows([row("a"), row("b")], [row("a"), row("new"), row("b"), row("c"), row("d")]);
    expect(held.rows.map((one) => one.case)).toEqual(["a", "b", "c", "d"]);
    expect(held.waiting).toBe(1);
  });
});

describe("files", () => {
  // Of node:buffer: Node 18 has no global File.
  const file = (name: string, text = "x") => new NodeFile([text], name) as unknown as File;
  const sent = async (...files: File[]) => (await parcels(files)).map((one) => [one.name, one.files.length]);

  it("of one WFDB record travel together, others alone", async () => {
    expect(
      await sent(file("100.dat"), file("film.dcm"), file("100.hea"), file("100.atr"), file("200.dat")),
    ).toEqual(
      expect.arrayContaining([
        ["100", 3],
        ["film.dcm", 1],
        ["200.dat", 1],
      ]),
    );
  });

  it("that a WFDB header names travel with it, whatever they are called", async () => {
    expect(
      await sent(
        file(
          "s1.hea",
          "s1 2 500 5000\nsignals.dat 16 1000/mV 16 0 0 0 0 I\nsignals.dat 16 1000/mV 16 0 0 0 0 II\n",
        ),
        file("signals.dat"),
        file("s2.hea", "s2 1 500 5000\ns2.dat 16\n"),
        file("s2.dat"),
      ),
    ).toEqual([
      ["s1", 2],
      ["s2", 2],
    ]);
  });

  it("of all segments of a WFDB record are one recording", async () => {
    const master = "# a comment\nstay/3 2 125 5000\nstay_layout 0\nstay_0001 2500\n~ 500\nstay_0002 2000\n";
    const segment = (name: string) => `${name} 1 125 2500\n${name}.dat 80 200 8 0 0 0 0 II\n`;
    expect(
      await sent(
        file("stay_0001.dat"),
        file("stay_0001.hea", segment("stay_0001")),
        file("stay.hea", master),
        file("stay_layout.hea", "stay_layout 1 125 0\n~ 0 200 8 0 0 0 0 II\n"),
        file("stay_0002.hea", segment("stay_0002")),
        file("stay_0002.dat"),
        file("other.csv"),
      ),
    ).toEqual([
      ["stay", 6],
      ["other.csv", 1],
    ]);
  });

  it("a table and its description travel together", async () => {
    expect(await sent(file("a.json"), file("a.csv"), file("b.xml"))).toEqual([
      ["a", 2],
      ["b.xml", 1],
    ]);
  });

  it("are read from a header line by line", () => {
    expect(namedByHeader("")).toEqual([]);
    expect(namedByHeader("r 2 360\r\na.dat 212\r\na.dat 212\r\n#Age: 40\r\n")).toEqual(["a.dat"]);
  });
});

describe("patients", () => {
  const typed: NewPatient = {
    family: "李",
    given: "秀英",
    nameLatin: "Li Xiuying",
    sex: "female",
    birthDate: "1972-06-20",
    identifier: "",
    phone: "",
    organization: "liushan",
  };
  it("are written as FHIR and read again with both names", () => {
    const fhir = toFhir(typed);
    expect(fhir).toMatchObject({ managingOrganization: { reference: "Organization/liushan" } });
    expect(fhir).not.toHaveProperty("identifier");
    expect(summarize(fhir as never)).toMatchObject({
      name: "李秀英",
      nameLatin: "Li Xiuying",
      sex: "female",
    });
  });
  it("are listed by Latin name when they have no other", () => {
    const name = [{ family: "Müller", given: ["Sophia"] }];
    expect(summarize({ resourceType: "Patient", id: "1", name })).toMatchObject({ name: "Sophia Müller" });
  });
  it("lack what was not filled in", () => {
    expect(missingIn({ ...typed, family: " ", sex: "unknown", birthDate: "" }, "2026-11-24")).toEqual({
      family: "family",
      sex: "sex",
      birthDate: "birthDate",
    });
    expect(missingIn({ ...typed, birthDate: "2026-11-25" }, "2026-11-24")).toEqual({ birthDate: "future" });
    expect(missingIn(typed, "2026-11-24")).toEqual({});
  });
});

describe("the node's answers", () => {
  it("become errors with what, where and what to do", () => {
    const body = { issue: [{ diagnostics: "What", expression: ["Where"], details: { text: "Do" } }] };
    expect(errorFrom(422, JSON.stringify(body))).toMatchObject({
      status: 422,
      what: "What",
      where: "Where",
      advice: "Do",
    });
    expect(errorFrom(502, "<html>")).toMatchObject({ status: 502, what: "" });
  });
  it("stream as events", () => {
    expect(parseEvent('event: progress\ndata: {"done":1}')).toEqual({ name: "progress", data: '{"done":1}' });
    expect(parseEvent(": comment")).toBeNull();
  });
  it("are asked for with the parameters that are set", () => {
    expect(query({ a: "x y", b: undefined, c: "", d: 0 })).toBe("?a=x+y&d=0");
    expect(query({})).toBe("");
  });
});

it("groups the timeline by day, newest first", () => {
  const entry = (at: string) => ({ at }) as TimelineEntry;
  const days = byDay([
    entry("2026-11-23T12:00:00Z"),
    entry("2026-11-24T10:00:00Z"),
    entry("2026-11-24T12:00:00Z"),
  ]);
  expect(days.map((day) => day.entries.map((one) => one.at.slice(8, 13)))).toEqual([
    ["24T12", "24T10"],
    ["23T12"],
  ]);
});

it("prints the digits that an interval leaves", () => {
  expect(digitsOf({ name: { en: "", zh: "" }, value: 0.914, interval: [0.85, 0.96] })).toBe(2);
  expect(digitsOf({ name: { en: "", zh: "" }, value: 99.81, interval: [99.77, 99.85] })).toBe(2);
  expect(digitsOf({ name: { en: "", zh: "" }, value: 120, interval: [90, 150] })).toBe(0);
});

it("names key presses", () => {
  const press = { key: "J", ctrlKey: false, metaKey: false, altKey: false };
  expect(pressName(press)).toBe("j");
  expect(pressName({ ...press, key: "Enter", metaKey: true })).toBe("Ctrl+Enter");
});
