import type { Page } from "@playwright/test";
import { storeCtSeries } from "./ct-series";
import { expect, test } from "./demo-node";
import { signIn } from "./sign-in";

// The viewer for radiology, OHIF, as a node serves it: opened from a case, in the console's session.

/** A slow machine draws a volume in software. */
test.setTimeout(300_000);

const viewport = (page: Page) => page.locator("[data-cy=viewport-pane]").first();

/** Asks nobody but the node, and opens only what has been drawn. */
async function watch(page: Page, node: string): Promise<string[]> {
  const strangers: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!/^(blob|data):/.test(url) && !url.startsWith(node)) strangers.push(url);
  });
  return strangers;
}

async function opened(page: Page): Promise<void> {
  await expect(viewport(page).locator("canvas")).toBeVisible({ timeout: 90_000 });
  await expect(page.locator("[data-cy=viewport-overlay-bottom-right]").first()).toContainText("/", {
    timeout: 90_000,
  });
}

/** The pixels of the viewport, as they are shown. */
const picture = async (page: Page) => (await viewport(page).screenshot()).toString("base64");

test("a series is opened, scrolled and windowed", async ({ page, node }) => {
  await signIn(page, "chen");
  const study = await storeCtSeries(page.request, 5);
  const strangers = await watch(page, node);
  await page.goto(`/viewer/viewer?StudyInstanceUIDs=${study}`);
  await opened(page);
  const place = page.locator("[data-cy=viewport-overlay-bottom-right]").first();
  await expect(place).toContainText("/5");
  const before = await place.textContent();

  await viewport(page).hover();
  await page.mouse.wheel(0, 120);
  await expect(place).not.toHaveText(before ?? "");

  const levels = page.locator("[data-cy=viewport-overlay-bottom-left]").first();
  await expect(levels).toContainText("400");
  const first = await picture(page);
  const box = (await viewport(page).boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 120, box.y + box.height / 2 + 60, { steps: 8 });
  await page.mouse.up();
  await expect(levels).not.toContainText("400");
  expect(await picture(page)).not.toBe(first);
  expect(strangers).toEqual([]);
});

test("what an assistant marked is seen on the film of a case", async ({ page, node }) => {
  await signIn(page, "wu");
  await page.locator("[role=option]").filter({ hasText: "Film" }).first().click();
  const recordings = page.getByRole("group", { name: "Recordings" }).getByRole("button");
  await expect(recordings).toHaveCount(1);
  const [viewer] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "Open in viewer" }).click(),
  ]);
  const strangers = await watch(viewer, node);
  await opened(viewer);

  const plain = await picture(viewer);
  await viewer.locator("[data-cy=study-browser-thumbnail-no-image]").filter({ hasText: "SEG" }).dblclick();
  await viewer.locator("[data-cy=yes-hydrate-btn]").click();
  await viewer.locator("[data-cy=panelSegmentation-btn]").click();
  await expect(viewer.locator("[data-cy=data-row-title]").filter({ hasText: /lung/i }).first()).toBeVisible();
  expect(await picture(viewer)).not.toBe(plain);
  expect(strangers).toEqual([]);
});

test("who is not signed in is led to the console", async ({ page }) => {
  await page.goto("/viewer/viewer?StudyInstanceUIDs=1.2");
  await expect(page.getByLabel("User name")).toBeVisible();
});
