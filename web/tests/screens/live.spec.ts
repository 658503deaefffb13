import type { Page, WebSocketRoute } from "@playwright/test";
import { filmPreview } from "../mock/film";
import { expect, test } from "./node";

// The node's side of the line is played here: the mock node speaks no WebSocket.

type Said = { next?: number; keep?: number };
type Play = (said: Said, line: WebSocketRoute) => void;

const picture = filmPreview(64).toString("base64");

const frame = (number: number, image = picture) => ({
  kind: "frame",
  frame: {
    number,
    seconds: number / 30,
    width: 64,
    height: 64,
    picture: image,
    tracks: [
      {
        id: 1,
        outline: [
          [10, 10],
          [40, 10],
          [40, 40],
        ],
        box: [10, 10, 40, 40],
        confidence: 0.81,
      },
    ],
    delay: 0.04,
  },
});
const failed = (act: string, diagnostics: string) => ({
  kind: "failed",
  act,
  outcome: { resourceType: "OperationOutcome", issue: [{ severity: "error", diagnostics }] },
});
const tell = (line: WebSocketRoute, message: unknown) => line.send(JSON.stringify(message));

async function begin(page: Page, play: Play): Promise<Said[]> {
  const heard: Said[] = [];
  await page.routeWebSocket(/\/care\/cases\/c1\/live\/Tower$/, (line) =>
    line.onMessage((text) => {
      const said = JSON.parse(String(text)) as Said;
      heard.push(said);
      play(said, line);
    }),
  );
  await page.goto("/#/case/c1");
  await page.reload(); // only a page that is loaded anew has its lines routed
  await page.getByRole("button", { name: "Live: Tower" }).click();
  return heard;
}

const state = (page: Page) => page.getByRole("toolbar", { name: "Live picture" }).getByRole("status");

test("a live picture names itself a draft of its assistant, and a held key keeps one frame", async ({
  page,
  enter,
}) => {
  await enter("chen");
  const heard = await begin(page, ({ next, keep }, line) => {
    if (next === 0) tell(line, frame(7));
    if (keep) tell(line, { kind: "kept", number: keep, instance: "1.2.5.1" });
  });
  await expect(state(page)).toHaveText("Live");
  const tools = page.getByRole("toolbar", { name: "Live picture" });
  await expect(tools).toContainText("Draft");
  await expect(tools.getByRole("link", { name: "Polyps 1.0.0" })).toBeVisible();
  await page.keyboard.down("k");
  await page.keyboard.down("k");
  await page.keyboard.up("k");
  await expect(tools).toContainText("1 frame kept");
  expect(heard.filter((said) => said.keep !== undefined)).toEqual([{ keep: 7 }]);
});

test("a source that does not answer says so, and is begun again", async ({ page, enter }) => {
  await enter("chen");
  let begun = 0;
  await begin(page, ({ next }, line) => {
    if (next !== 0) return;
    begun += 1;
    if (begun > 1) return tell(line, frame(1));
    tell(line, failed("begin", "The source of the video does not answer"));
    void line.close();
  });
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("Beginning the live picture failed");
  await expect(alert).toContainText("The source of the video does not answer");
  await expect(state(page)).toHaveText("No picture");
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(state(page)).toHaveText("Live");
  await expect(alert).toHaveCount(0);
});

test("a frame that cannot be kept is told as that, and the picture goes on", async ({ page, enter }) => {
  await enter("chen");
  await begin(page, ({ next, keep }, line) => {
    if (next === 0) tell(line, frame(1));
    if (keep) tell(line, failed("keep", "This case is already signed"));
  });
  await expect(state(page)).toHaveText("Live");
  await page.getByRole("button", { name: "Keep this frame" }).click();
  await expect(page.getByRole("alert")).toContainText("Keeping the frame failed");
  await expect(page.getByRole("alert").getByRole("button")).toHaveCount(0);
  await expect(state(page)).toHaveText("Live");
});

test("a picture that cannot be decoded does not freeze those after it", async ({ page, enter }) => {
  await enter("chen");
  await begin(page, ({ next }, line) => {
    if (next === 0) tell(line, frame(1, "AAAA"));
    if (next === 1) tell(line, frame(2));
  });
  await expect(state(page)).toHaveText("Live");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("what the timeline and the drafts show takes the place of the live picture", async ({ page, enter }) => {
  await enter("chen");
  await begin(page, () => undefined);
  await expect(state(page)).toHaveText("Waiting for the picture");
  await page
    .getByRole("complementary", { name: "Timeline" })
    .getByRole("button", { name: /^Chest PA \d/ })
    .click();
  await expect(page.getByRole("toolbar", { name: "Film tools" })).toBeVisible();
  await expect(page.getByRole("toolbar", { name: "Live picture" })).toHaveCount(0);
});

test("sources that cannot be asked for say so, and are asked again", async ({ page, enter }) => {
  await enter("chen");
  let asked = 0;
  await page.route("**/care/live", (route) => {
    asked += 1;
    return asked > 4 ? route.fallback() : route.fulfill({ status: 500, body: "{}" });
  });
  await page.goto("/#/case/c1");
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("Loading what can be looked at live failed");
  asked = 4;
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("button", { name: "Live: Tower" })).toBeVisible();
});

test("on a phone what is begun is brought into view", async ({ page, enter }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await enter("chen");
  await begin(page, ({ next }, line) => {
    if (next === 0) tell(line, frame(1));
  });
  await expect(page.getByRole("toolbar", { name: "Live picture" })).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole("img", { name: /Tower/ })).toBeInViewport();
});
