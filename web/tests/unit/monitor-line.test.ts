import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MonitorMessage } from "@/api/monitor";
import { MonitorLine, type LineStatus } from "@/viewers/monitor/monitor-line";

class Socket {
  static opened: Socket[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  closed = false;
  constructor() {
    Socket.opened.push(this);
  }
  close() {
    this.closed = true;
  }
  say(message: MonitorMessage) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const begin: MonitorMessage = {
  kind: "monitor",
  name: "Bed 3",
  leads: ["II"],
  samplingFrequency: 250,
  at: 0,
  samples: [[0]],
  beats: [],
  alarms: [],
};
const samples: MonitorMessage = { kind: "samples", at: 1, samples: [[0]] };
const failed = (act: string, code: string, ends = true): MonitorMessage => ({
  kind: "failed",
  act,
  outcome: { resourceType: "OperationOutcome", issue: [{ severity: "error", code }] },
  ends,
});

describe("the line to a monitor", () => {
  let told: LineStatus[];
  let line: MonitorLine;
  const last = () => Socket.opened[Socket.opened.length - 1]!;
  const states = () => told.map(({ state }) => state);
  const wait = (seconds: number) => vi.advanceTimersByTime(seconds * 1000);

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("WebSocket", Socket);
    vi.stubGlobal("window", { location: { href: "http://node/" } });
    Socket.opened = [];
    told = [];
    line = new MonitorLine("c1", { hear: () => undefined, hearStatus: (status) => told.push(status) });
    line.open();
  });
  afterEach(() => {
    line.close();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("is opened anew when nothing has come for 20 s, and says once that it is lost", () => {
    last().say(begin);
    last().say(samples);
    wait(25);
    expect(Socket.opened).toHaveLength(2);
    expect(Socket.opened[0]!.closed).toBe(true);
    expect(told.filter(({ comesAgain }) => comesAgain)).toHaveLength(1);
    expect(new Set(states().slice(1))).toEqual(new Set(["lost"]));
    Socket.opened[0]!.say(samples);
    expect(told[told.length - 1]!.state).toBe("lost"); // what the old line says counts no more
    last().say(begin);
    expect(told[told.length - 1]).toEqual({ state: "running", failure: null, comesAgain: false });
  });

  it("is opened anew when it never opens", () => {
    wait(25);
    expect(Socket.opened).toHaveLength(2);
    expect(states()).toEqual(["lost"]);
    wait(25);
    expect(Socket.opened).toHaveLength(3);
    expect(states()).toEqual(["lost"]);
  });

  it("lives while the node speaks, though no signal comes", () => {
    last().say(begin);
    for (let second = 0; second < 60; second += 1) {
      wait(1);
      last().say({ kind: "alive" });
    }
    expect(Socket.opened).toHaveLength(1);
    expect(states()).toEqual(["running", "lost"]);
    last().say(samples);
    expect(states()).toEqual(["running", "lost", "running"]);
  });

  it("goes on after a failure that does not end it", () => {
    last().say(begin);
    last().say(failed("acknowledge", "conflict", false));
    expect(states()).toEqual(["running"]);
    expect(last().closed).toBe(false);
    last().say(failed("samples", "invalid"));
    expect(states()).toEqual(["running", "failed"]);
  });

  it("is tried again while the node knows of no monitor, after it was lost", () => {
    last().say(begin);
    last().say({ kind: "ended", lost: true });
    wait(1);
    last().say(failed("watch", "not-found"));
    expect(states()).toEqual(["running", "lost"]);
    wait(2);
    expect(Socket.opened).toHaveLength(3);
    last().say(failed("watch", "forbidden"));
    expect(states()).toEqual(["running", "lost", "failed"]);
    wait(600);
    expect(Socket.opened).toHaveLength(3);
  });

  it("fails where there never was a monitor", () => {
    last().say(failed("watch", "not-found"));
    expect(states()).toEqual(["failed"]);
  });

  it("is closed for good", () => {
    last().say(begin);
    last().onclose?.();
    line.close();
    wait(600);
    expect(Socket.opened).toHaveLength(1);
  });
});
