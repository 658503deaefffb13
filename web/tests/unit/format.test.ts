import { describe, expect, it } from "vitest";
import { ageAt } from "@/format/age";
import { printBytes } from "@/format/bytes";
import { likelihood, printProbability } from "@/format/probability";
import { daysSince, recordingTime, since } from "@/format/time";

describe("ages, as clinicians say them", () => {
  const at = new Date(2026, 10, 24);
  it.each([
    ["2026-11-24", "days", 0],
    ["2026-11-21", "days", 3],
    ["2026-10-25", "days", 30],
    ["2026-10-24", "months", 1],
    ["2026-06-20", "months", 5],
    ["2024-11-25", "months", 23],
    ["2024-11-24", "years", 2],
    ["1959-11-25", "years", 66],
    ["1959-11-24", "years", 67],
  ] as const)("born %s", (born, unit, count) => {
    expect(ageAt(born, at)).toEqual({ unit, count });
  });
  it("counts months by the calendar at a month's end", () => {
    expect(ageAt("2026-01-31", new Date(2026, 1, 28))).toEqual({ unit: "days", count: 28 });
  });
  it("says nothing of dates it does not know", () => {
    expect(ageAt("", at)).toBeNull();
    expect(ageAt("unknown", at)).toBeNull();
    expect(ageAt("2027-01-01", at)).toBeNull();
    expect(ageAt("1990", at)).toEqual({ unit: "years", count: 36 });
  });
});

describe("times", () => {
  const now = new Date(2026, 10, 24, 3, 0);
  const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
  it("is relative under a day and exact from then on", () => {
    expect(since(before(0.5), now)).toEqual({ unit: "now" });
    expect(since(before(12), now)).toEqual({ unit: "minutes", count: 12 });
    expect(since(before(119), now)).toEqual({ unit: "hours", count: 1 });
    expect(since(before(24 * 60), now)).toEqual({ unit: "exact", text: "2026-11-23 03:00" });
  });
  it("is exact for a clock that runs ahead", () => {
    expect(since(before(-5), now)).toEqual({ unit: "exact", text: "2026-11-24 03:05" });
  });
  it("counts whole days", () => {
    expect(daysSince(before(24 * 60 - 1), now)).toBe(0);
    expect(daysSince(before(49 * 60), now)).toBe(2);
  });
  it("places in recordings", () => {
    expect(recordingTime(7.25, 3)).toBe("0:07.250");
    expect(recordingTime(3723)).toBe("1:02:03");
  });
});

describe("probabilities", () => {
  it("has a word for each range of the scale", () => {
    expect([0.995, 0.91, 0.7, 0.5, 0.2, 0.05, 0.001].map(likelihood)).toEqual([
      "certain",
      "veryLikely",
      "likely",
      "asLikelyAsNot",
      "unlikely",
      "veryUnlikely",
      "exceptional",
    ]);
  });
  it("never prints a flat 0 or 1", () => {
    expect(printProbability(0.9999)).toBe("> 0.99");
    expect(printProbability(0)).toBe("< 0.01");
    expect(printProbability(0.912)).toBe("0.91");
  });
});

it("prints sizes of files", () => {
  expect([999, 1499, 3_400_000].map(printBytes)).toEqual(["999 B", "1 kB", "3.4 MB"]);
});
