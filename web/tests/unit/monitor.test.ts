import { describe, expect, it } from "vitest";
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
});
