import { describe, expect, it } from "vitest";
import type { MonitorAlarm } from "@/api/monitor";
import { noneHeard, openAlarms, pastAlarms } from "@/viewers/monitor/open-alarms";
import { SignalWindow, windowSeconds } from "@/viewers/monitor/signal-window";

const piece = (count: number, value: number) => [Array.from({ length: count }, () => value)];

describe("a monitor's signal", () => {
  it("keeps the last seconds and forgets what is older", () => {
    const signal = new SignalWindow(["II"], 100, 0);
    for (let second = 0; second < 20; second += 1) signal.add(second * 100, piece(100, second));
    expect(signal.end).toBe(2000);
    expect(signal.value(0, 1999)).toBe(19);
    expect(signal.value(0, 2000 - windowSeconds * 100)).toBe(20 - windowSeconds);
    expect(signal.value(0, 2000 - windowSeconds * 100 - 1)).toBeNaN();
    expect(signal.value(0, 2000)).toBeNaN();
  });

  it("shows what was lost on the line as missing", () => {
    const signal = new SignalWindow(["II"], 100, 0);
    signal.add(0, piece(100, 5));
    signal.add(150, piece(10, 7));
    expect(signal.value(0, 99)).toBe(5);
    expect(signal.value(0, 120)).toBeNaN();
    expect(signal.value(0, 155)).toBe(7);
  });

  it("has a rate by its last beats, and none when they have stopped", () => {
    const signal = new SignalWindow(["II"], 100, 0);
    expect(signal.rate()).toBeNull();
    for (let beat = 0; beat < 12; beat += 1) signal.addBeat({ sample: beat * 80, aami_class: "N" });
    signal.add(800, piece(100, 0));
    expect(signal.rate()).toBe(75);
    signal.add(900, piece(700, 0));
    expect(signal.rate()).toBeNull();
  });

  for (const [name, silence] of [
    ["missing samples", (count: number) => [Array.from({ length: count }, () => null)]],
    ["a flat line", (count: number) => piece(count, 3)],
  ] as const)
    it(`counts no beats over ${name}`, () => {
      const signal = new SignalWindow(["II"], 100, 0);
      const beat = (from: number, count: number) => {
        for (let k = 0; k < count; k += 1) {
          signal.add(from + 80 * k, [Array.from({ length: 80 }, (_, i) => (i === 0 ? 900 : i % 40))]);
          signal.addBeat({ sample: from + 80 * k, aami_class: "N" });
        }
      };
      beat(0, 5);
      expect(signal.rate()).toBe(75);
      signal.add(400, silence(2000));
      beat(2400, 1);
      expect(signal.rate()).toBeNull();
      beat(2480, 2);
      expect(signal.rate()).toBe(75);
    });

  it("counts no beats over what was lost on the line", () => {
    const signal = new SignalWindow(["II"], 100, 0);
    signal.add(0, piece(100, 5));
    signal.addBeat({ sample: 80, aami_class: "N" });
    signal.add(1000, piece(100, 7));
    signal.addBeat({ sample: 1080, aami_class: "N" });
    expect(signal.rate()).toBeNull();
  });
});

describe("open alarms", () => {
  const alarm = (id: string, at: string, by: string | null = null): MonitorAlarm => ({
    id,
    kind: "asystole",
    urgency: "emergency",
    text: { en: "", zh: "" },
    value: null,
    at,
    acknowledgedBy: by,
  });

  it("are those that the line told, too, when the node's answer is older or none", () => {
    const heard = { ...noneHeard, alarms: [alarm("b", "2026-11-24T10:00:05Z")] };
    expect(openAlarms([], heard).map(({ id }) => id)).toEqual(["b"]);
    expect(openAlarms([alarm("a", "2026-11-24T10:00:01Z")], heard).map(({ id }) => id)).toEqual(["b", "a"]);
  });

  it("go when either says that somebody has seen to them", () => {
    const told = [alarm("a", "1"), alarm("b", "2")];
    expect(openAlarms([alarm("a", "1", "Chen")], { alarms: told, acknowledged: ["b"] })).toEqual([]);
    expect(openAlarms(told, { alarms: [], acknowledged: ["a"] }).map(({ id }) => id)).toEqual(["b"]);
    expect(pastAlarms(told, { alarms: [], acknowledged: ["a"] }).map(({ id }) => id)).toEqual(["a"]);
  });
});
