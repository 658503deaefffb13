import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./node";

async function openSlide(page: Page): Promise<void> {
  await page.goto("/#/case/c5");
  await page.locator('[role="img"][data-ready="true"]').waitFor();
}

test("a slide shows its squares, its scale and how far it is seen", async ({ page, enter }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await enter("lin");
  expect(asked.some((path) => path.includes("slide-viewer"))).toBe(false); // only when there is a slide
  await openSlide(page);
  const tabs = page.getByRole("group", { name: "Recordings" }).getByRole("button");
  await expect(tabs).toHaveCount(1);
  // The whole slide first: its smallest level.
  await expect.poll(() => asked).toContain("/care/slides/1.2.7.10/v1/2/0/0");
  expect(asked.filter((path) => path.includes("/v1/0/"))).toEqual([]);
  await expect(page.getByText("500 µm")).toBeVisible();
  await page.keyboard.press("1");
  await expect(page.getByText("50 µm")).toBeVisible();
  await expect(page.getByText("20×")).toBeVisible();
  await expect.poll(() => asked.filter((path) => path.includes("/v1/0/")).length).toBeGreaterThan(1);
  await page.keyboard.press("0");
  await expect(page.getByText("500 µm")).toBeVisible();
});

test("what an assistant counted lies over the slide as a draft", async ({ page, enter }) => {
  await enter("lin");
  await openSlide(page);
  await expect(page.getByText("21480").last()).toBeVisible();
  const map = page.locator('[role="img"] .openseadragon-container canvas[style*="opacity"]');
  await expect(map).toHaveCount(1);
  await page.getByRole("slider", { name: "Opacity of the heat map" }).press("End");
  await expect(map).toHaveCSS("opacity", "1");
  await page.getByRole("button", { name: "Heat map" }).click();
  await expect(map).toHaveCount(0);
  await page.keyboard.press("h");
  await expect(map).toHaveCount(1);
  await expect(page.getByText("312 of 1200 squares")).toBeVisible();
});

test("the label is shown when it is asked for", async ({ page, enter }) => {
  await enter("lin");
  await openSlide(page);
  await expect(page.getByRole("img", { name: "Label" })).toHaveCount(0);
  await page.keyboard.press("l");
  await expect(page.getByRole("img", { name: "Label" })).toBeVisible();
});

test("squares that do not come are told, and asked for again", async ({ page, enter }) => {
  await enter("lin");
  await page.route("**/care/slides/*/v1/**", (route) => route.abort());
  await openSlide(page);
  await expect(page.getByText("Parts of the slide did not come.")).toBeVisible();
  await page.unroute("**/care/slides/*/v1/**");
  await page.getByRole("button", { name: /try again/i }).click();
  await expect(page.getByText("Parts of the slide did not come.")).toHaveCount(0);
});

test("the slide's screen has no barrier that axe finds", async ({ page, enter }) => {
  await enter("lin");
  await openSlide(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
});
