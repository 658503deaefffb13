import { describe, expect, it } from "vitest";
import type { Beat, Finding } from "@/api/types";
import { readCalipers } from "@/viewers/ecg/calipers";
import { hasTwelveLeads, marginMm, standardSheet, stripAt, stripSheet } from "@/viewers/ecg/layout";
import { beatNear, findingOfBeat, firstBeat } from "@/viewers/ecg/marks";
import { tilesFor } from "@/viewers/ecg/tiles";
import { segments, tracePath } from "@/viewers/ecg/trace";

const leads = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];

describe("calipers", () => {
  it("reads 25 mm at 25 mm/s as a second and 60 bpm, 10 mm at 10 mm/mV as a millivolt", () => {
    expect(readCalipers({ x1: 10, y1: 30, x2: 35, y2: 20 }, 25, 10)).toEqual({
      milliseconds: 1000,
      bpm: 60,
      millivolts: 1,
    });
  });
  it("is the same drawn from right to left, negative downwards", () => {
    expect(readCalipers({ x1: 35, y1: 20, x2: 10, y2: 25 }, 50, 5)).toEqual({
      milliseconds: 500,
      bpm: 120,
      millivolts: -1,
    });
  });
  it("gives no rate for what is no RR interval", () => {
    expect(readCalipers({ x1: 0, y1: 0, x2: 1, y2: 0 }, 25, 10).bpm).toBeNull();
  });
});

describe("the sheet", () => {
  it("is three rows of four leads, 2.5 s each, and a rhythm strip", () => {
    const sheet = standardSheet(leads, 25, 10);
    expect(sheet.strips).toHaveLength(13);
    const v4 = sheet.strips.find((strip) => strip.lead === "V4")!;
    expect([v4.from, v4.seconds, v4.x]).toEqual([7.5, 2.5, marginMm + 187.5]);
    expect(sheet.strips.at(-1)).toMatchObject({ lead: "II", from: 0, seconds: 10 });
  });
  it("finds leads whatever their case, and keeps their own names", () => {
    const own = leads.map((lead) => lead.toUpperCase());
    expect(hasTwelveLeads(own)).toBe(true);
    expect(standardSheet(own, 25, 10).strips.map((strip) => strip.lead)).toContain("AVR");
    expect(hasTwelveLeads(["MLII", "V5"])).toBe(false);
  });
  it("shows what a short recording has", () => {
    expect(standardSheet(leads, 25, 8).seconds).toBe(8);
    expect(stripSheet(["MLII"], 25, 3, 400).seconds).toBe(3);
  });
  it("knows the strip under a place", () => {
    const sheet = standardSheet(leads, 25, 10);
    expect(stripAt(sheet, marginMm + 70, 40, 25)?.lead).toBe("aVL");
    expect(stripAt(sheet, 2, 40, 25)).toBeUndefined();
  });
});

describe("tiles", () => {
  it("cover the span and one ahead, within the recording", () => {
    expect(tilesFor(0, 10, 10)).toEqual([0]);
    expect(tilesFor(25, 10, 1800)).toEqual([0, 1, 2]);
    expect(tilesFor(1795, 5, 1800)).toEqual([59]);
  });
});

describe("beats", () => {
  const beats: Beat[] = [0.4, 1.2, 2.0].map((time, index) => ({
    sample: index,
    time,
    aami_class: index === 1 ? "V" : "N",
  }));
  const finding = (id: string, those: Beat[]) => ({ id, evidence: { beats: those } }) as Finding;
  it("are found by time", () => {
    expect(firstBeat(beats, 1.2)).toBe(1);
    expect(firstBeat(beats, 5)).toBe(3);
    expect(beatNear(beats, 1.25, 0.1)).toBe(beats[1]);
    expect(beatNear(beats, 1.6, 0.1)).toBeUndefined();
  });
  it("light the finding that says the most about them", () => {
    const findings = [finding("rate", beats), finding("ectopic", [beats[1]!])];
    expect(findingOfBeat(findings, beats[1]!)).toBe("ectopic");
    expect(findingOfBeat(findings, beats[0]!)).toBe("rate");
    expect(findingOfBeat([], beats[0]!)).toBeNull();
  });
});

describe("the trace", () => {
  const path = () => {
    const points: [string, number, number][] = [];
    const pen = {
      moveTo: (x: number, y: number) => points.push(["move", x, y]),
      lineTo: (x: number, y: number) => points.push(["line", x, y]),
    } as unknown as CanvasRenderingContext2D;
    return { pen, points };
  };
  const tile = (samples: (number | null)[]) => ({
    samplingFrequency: 100,
    from: 0,
    seconds: samples.length / 100,
    total: 10,
    leads: [{ name: "II", unit: "uV", samples: samples as number[] }],
  });
  it("keeps a spike of one sample however far one zooms out", () => {
    const samples = Array.from({ length: 1000 }, (_, index) => (index === 503 ? 2000 : 0));
    const [segment] = segments([tile(samples)], "II", 0, 10);
    const { pen, points } = path();
    tracePath(
      pen,
      segment!,
      (seconds) => seconds * 5,
      (value) => -value,
    );
    expect(Math.min(...points.map(([, , y]) => y))).toBe(-2000);
    expect(points.length).toBeLessThan(300);
  });
  it("lifts the pen over a gap", () => {
    const [segment] = segments([tile([0, 0, null, null, 0, 0])], "II", 0, 1);
    const { pen, points } = path();
    tracePath(
      pen,
      segment!,
      (seconds) => seconds * 1000,
      (value) => value,
    );
    expect(points.filter(([kind]) => kind === "move")).toHaveLength(2);
  });
  it("draws nothing for a lead that the tile lacks", () => {
    expect(segments([tile([1, 2, 3])], "V9", 0, 1)).toEqual([]);
  });
});
