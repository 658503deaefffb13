import type { Page, WebSocketRoute } from "@playwright/test";
import type { MonitorAlarm } from "@/api/monitor";
import { expect, test } from "./node";

// The node's side of the line is played here: the mock node speaks no WebSocket.

const alarm: MonitorAlarm = {
  id: "a1",
  kind: "asystole",
  urgency: "emergency",
  text: { en: "No beat for more than 3 s", zh: "超过3秒无心搏" },
  value: 3.4,
  at: new Date().toISOString(),
  acknowledgedBy: null,
};

const frequency = 250;

/** A deflection each 0.8 s. */
const samples = (from: number, count: number) =>
  Array.from({ length: count }, (_, k) => {
    const phase = ((from + k) / frequency) % 0.8;
    return Math.round(
      1000 * Math.exp(-(((phase - 0.3) / 0.012) ** 2)) + 150 * Math.exp(-(((phase - 0.55) / 0.05) ** 2)),
    );
  });

async function play(
  page: Page,
  open: boolean,
): Promise<{ line: () => WebSocketRoute; lines: () => number; state: { failing: boolean } }> {
  // The mock case's ECG stands for the seconds around the alarm.
  const state = { alarms: open ? [{ ...alarm, strip: "1.2.3.10" }] : [], failing: false };
  await page.route(/\/care\/cases\/c1\/alarms/, async (route) => {
    if (state.failing) return route.fulfill({ status: 500, json: {} });
    if (route.request().method() === "POST")
      state.alarms = state.alarms.map((one) => ({ ...one, acknowledgedBy: "Dr Chen" }));
    await route.fulfill({ json: { monitor: "Bed 3", alarms: state.alarms } });
  });
  let opened: WebSocketRoute | null = null;
  let lines = 0;
  await page.routeWebSocket(/\/care\/cases\/c1\/monitor$/, (line) => {
    opened = line;
    lines += 1;
    const beats = Array.from({ length: 10 }, (_, k) => ({
      sample: Math.round((0.3 + 0.8 * k) * frequency),
      aami_class: k === 7 ? "V" : "N",
    }));
    line.send(
      JSON.stringify({
        kind: "monitor",
        name: "Bed 3",
        leads: ["II", "V5"],
        samplingFrequency: frequency,
        at: 0,
        samples: [samples(0, 2000), samples(0, 2000)],
        beats,
        alarms: [],
      }),
    );
    line.send(JSON.stringify({ kind: "beat", sample: Math.round(8.3 * frequency), aami_class: "N" }));
  });
  await page.goto("/#/case/c1");
  await page.reload(); // only a page that is loaded anew has its lines routed
  await page.getByRole("button", { name: /Monitor: Bed 3|监护：Bed 3/ }).click();
  return { line: () => opened!, lines: () => lines, state };
}

test("a monitor shows its rate, says when its line is lost, and opens it again", async ({ page, enter }) => {
  await page.clock.install();
  await enter("chen");
  const { line, lines } = await play(page, false);
  const tools = page.getByRole("toolbar", { name: "Bedside monitor" });
  await expect(tools.getByRole("status")).toHaveText("Live");
  await expect(tools).toContainText("75");
  await line().close();
  await expect(tools.getByRole("status")).toHaveText("The line is lost: see to the patient");
  await expect(tools).toContainText("Connecting again by itself");
  await expect(tools).not.toContainText("75");
  await page.clock.fastForward(1000);
  await expect(tools.getByRole("status")).toHaveText("Live");
  expect(lines()).toBe(2);
});

test("a monitor whose sender is lost is looked for until it comes again", async ({ page, enter }) => {
  await page.clock.install();
  await enter("chen");
  const { line, lines } = await play(page, false);
  const status = page.getByRole("toolbar", { name: "Bedside monitor" }).getByRole("status");
  await expect(status).toHaveText("Live");
  line().send(JSON.stringify({ kind: "ended", lost: true }));
  await expect(status).toHaveText("The line is lost: see to the patient");
  await page.clock.fastForward(1000);
  await expect(status).toHaveText("Live");
  line().send(JSON.stringify({ kind: "ended", lost: false }));
  await line().close();
  await expect(status).toHaveText("The monitor has ended");
  await page.clock.fastForward(60_000);
  await expect(status).toHaveText("The monitor has ended");
  expect(lines()).toBe(2);
});

test("a line that stalls is lost until it speaks again", async ({ page, enter }) => {
  await page.clock.install();
  await enter("chen");
  const { line } = await play(page, false);
  const status = page.getByRole("toolbar", { name: "Bedside monitor" }).getByRole("status");
  await expect(status).toHaveText("Live");
  await page.clock.fastForward(7000);
  await expect(status).toHaveText("The line is lost: see to the patient");
  line().send(JSON.stringify({ kind: "samples", at: 2000, samples: [samples(2000, 25), samples(2000, 25)] }));
  await expect(status).toHaveText("Live");
});

test("an alarm of the line is seen though the node does not answer", async ({ page, enter }) => {
  await enter("chen");
  const { line, state } = await play(page, false);
  await expect(page.getByRole("status").getByText("Live")).toBeVisible();
  state.failing = true;
  line().send(JSON.stringify({ kind: "alarm", alarm: { ...alarm, sample: 0 } }));
  await expect(page.getByRole("list", { name: "Alarms not acknowledged" })).toContainText("No beat");
  await expect(page.getByRole("alert").getByText("Loading the alarms failed").first()).toBeVisible();
});

test("an alarm stands until a person acknowledges it", async ({ page, enter }) => {
  await enter("chen");
  await play(page, true);
  const alarms = page.getByRole("list", { name: "Alarms not acknowledged" });
  await expect(alarms).toContainText("No beat for more than 3 s");
  await expect(page.getByRole("button", { name: /Monitor: Bed 3 · 1 alarm/ })).toBeVisible();
  await alarms.getByRole("button", { name: "Acknowledge" }).click();
  await expect(alarms).toBeHidden();
  await page.getByText("1 alarm acknowledged").click();
  await expect(page.getByRole("list", { name: "Alarms acknowledged" })).toContainText("by Dr Chen");
});

test("an alarm leads to the seconds around it", async ({ page, enter }) => {
  await enter("chen");
  await play(page, true);
  await page.getByRole("button", { name: "Show its ECG" }).click();
  await expect(page.getByRole("toolbar", { name: "Bedside monitor" })).toBeHidden();
  await expect(page.getByRole("img", { name: /ECG/ }).first()).toBeVisible();
});

for (const [name, size] of [
  ["desk", { width: 1366, height: 768 }],
  ["phone", { width: 390, height: 844 }],
] as const) {
  test(`a monitor on a ${name}`, async ({ page, enter }, info) => {
    await page.setViewportSize(size);
    await enter("chen");
    await play(page, true);
    await expect(page.getByRole("img", { name: "ECG of Bed 3 as it comes" })).toBeVisible();
    await page.screenshot({ path: info.outputPath("monitor.png") });
  });
}
