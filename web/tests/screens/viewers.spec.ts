import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./node";

/** A hash of what a canvas shows. */
function shown(canvas: Locator): Promise<string> {
  return canvas.evaluate((node: HTMLCanvasElement) => {
    const { data } = node.getContext("2d")!.getImageData(0, 0, node.width, node.height);
    let hash = 0;
    for (let at = 0; at < data.length; at += 37) hash = (hash * 31 + data[at]!) | 0;
    return String(hash);
  });
}

async function changes(canvas: Locator, act: () => Promise<void>): Promise<void> {
  const before = await shown(canvas);
  await act();
  await expect.poll(() => shown(canvas)).not.toBe(before);
}

async function openFilm(page: Page): Promise<Locator> {
  await page.goto("/#/case/c1");
  await page.getByRole("button", { name: /^Chest PA \d{4}-/ }).click();
  await page.locator('canvas[data-ready="true"]').waitFor();
  const canvas = page.locator('canvas[data-ready="true"]');
  await expect.poll(() => shown(canvas)).not.toBe("0");
  return canvas;
}

test("the slices of a series are one tab, gone through with a slider", async ({ page, enter }) => {
  await page.route("**/care/cases/c1", async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    for (const number of [1, 2, 3])
      body.recordings.push({
        ...body.recordings[1],
        series: "1.2.6.1",
        instance: `1.2.6.${number}0`,
        modality: "CT",
        title: "Head",
      });
    return route.fulfill({ response: answer, json: body });
  });
  await enter("lin");
  await page.goto("/#/case/c1");
  const tab = page.getByRole("button", { name: /^Head .* 3 images$/ });
  await tab.click();
  const slider = page.getByRole("slider", { name: "Image 1 of 3" });
  await slider.press("ArrowRight");
  await expect(page.getByRole("slider", { name: "Image 2 of 3" })).toBeVisible();
  await expect(tab).toHaveAttribute("aria-pressed", "true");
});

test("the ECG measures with calipers, zooms and changes its paper", async ({ page, enter }) => {
  await enter("lin");
  await page.goto("/#/case/c1");
  const sheet = page.getByRole("img", { name: /ECG of 12 leads/ });
  await page.getByText("12 beats").waitFor();
  const box = (await sheet.boundingBox())!;
  await page.keyboard.press("c");
  await expect(page.getByRole("button", { name: "Calipers" })).toHaveAttribute("aria-pressed", "true");
  await changes(sheet, async () => {
    await page.mouse.move(box.x + 100, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 180, box.y + 60, { steps: 4 });
    await page.mouse.up();
  });
  await changes(sheet, () => page.keyboard.press("b"));
  await changes(sheet, () => page.keyboard.press("+"));
  await expect(page.getByRole("button", { name: "Fit" })).toHaveText("140 %");
  await changes(sheet, async () => void (await page.getByLabel("Gain").selectOption("20 mm/mV")));
  await changes(sheet, async () => void (await page.getByLabel("Layout").selectOption("Strips")));
});

test("a long recording scrolls by its overview and its keys", async ({ page, enter }) => {
  await enter("lin");
  await page.goto("/#/case/c2");
  const overview = page.getByRole("slider", { name: "Whole recording" });
  await expect(overview).toHaveAttribute("aria-valuetext", "0:00 of 30:00");
  await page.keyboard.press("PageDown");
  await expect(overview).not.toHaveAttribute("aria-valuenow", "0");
  await overview.focus();
  await page.keyboard.press("End");
  await expect(overview).toHaveAttribute("aria-valuetext", /29:5\d of 30:00/);
  const box = (await overview.boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + 20);
  await expect(overview).toHaveAttribute("aria-valuetext", /1[45]:\d\d of 30:00/);
});

test("the film windows, inverts, zooms, and comes back", async ({ page, enter }) => {
  await enter("lin");
  const canvas = await openFilm(page);
  const first = await shown(canvas);
  const box = (await canvas.boundingBox())!;
  await changes(canvas, async () => {
    await page.mouse.move(box.x + 300, box.y + 200);
    await page.mouse.down({ button: "right" });
    await page.mouse.move(box.x + 360, box.y + 260, { steps: 4 });
    await page.mouse.up({ button: "right" });
  });
  await expect(page.getByText(/^C 1700 W 3000/)).toBeHidden();
  await changes(canvas, () => page.keyboard.press("i"));
  await changes(canvas, () => page.keyboard.press("4"));
  await changes(canvas, () => page.mouse.wheel(0, -300));
  await page.keyboard.press("r");
  await expect.poll(() => shown(canvas)).toBe(first);
});

test("heat map and outline lie over the film; a hot place lights its finding", async ({ page, enter }) => {
  await enter("lin");
  const canvas = await openFilm(page);
  const overlay = page.locator("canvas").nth(1);
  await changes(overlay, () => page.keyboard.press("h"));
  await changes(overlay, () => page.keyboard.press("l"));
  await page.getByLabel("Opacity of the heat map").fill("1");
  const box = (await canvas.boundingBox())!;
  const side = Math.min(box.width, box.height);
  await page.mouse.move(box.x + box.width / 2 - 0.2 * side, box.y + box.height / 2 - 0.2 * side);
  await expect(page.locator('[data-finding="c1-tb"]')).toHaveAttribute("data-lit", "true");
});

test("lengths are measured only where the film says how large its pixels are", async ({ page, enter }) => {
  await enter("lin");
  await openFilm(page);
  await expect(page.getByRole("button", { name: "Measure" })).toBeEnabled();
  await page.getByRole("button", { name: /^Chest PA \(earlier\) \d{4}-/ }).click();
  await page.locator('canvas[data-ready="true"]').waitFor();
  await expect(page.getByRole("button", { name: /^Measure: this film/ })).toBeDisabled();
});

test("an earlier film is shown beside", async ({ page, enter }) => {
  await enter("lin");
  await openFilm(page);
  await page.keyboard.press("s");
  await expect(page.locator('canvas[data-ready="true"]')).toHaveCount(2);
});

test("a film that cannot be fetched says so over its preview", async ({ page, enter }) => {
  await page.route("**/frames/1", (route) => route.fulfill({ status: 404, body: "{}" }));
  await enter("lin");
  await page.goto("/#/case/c3");
  await expect(page.getByRole("alert")).toContainText("Loading the film failed");
});
