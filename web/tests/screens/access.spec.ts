import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./node";

const screens: [user: string, path: string, ready: string][] = [
  ["lin", "worklist", "[role=option]"],
  ["chen", "home", "a[href*='c3']"],
  ["chen", "case/new?patient=p1", "textarea"],
  ["chen", "patient/new", "form"],
  ["lin", "case/c1", "article"],
  ["lin", "case/c2", "[role=slider]"],
  ["chen", "case/c3", "article"],
  ["admin", "assistants", "table"],
  ["lin", "assistants/chest_xray", "figure svg"],
  ["audit", "ledger", "table"],
  ["chen", "messages", "main ul"],
  ["wang", "me", "main li"],
];

for (const [user, path, ready] of screens) {
  test(`axe finds nothing serious: ${path}`, async ({ page, enter }) => {
    await enter(user);
    await page.goto(`/#/${path}`);
    await page.locator(ready).first().waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(serious.map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 200))])).toEqual([]);
  });
}

test("axe finds nothing serious: sign-in and a dialog", async ({ page, enter }) => {
  await page.goto("/");
  await page.locator("form").waitFor();
  expect(
    (await new AxeBuilder({ page }).analyze()).violations.filter(({ impact }) => impact === "serious"),
  ).toEqual([]);
  await enter("chen");
  await page.goto("/#/case/c2");
  await page.getByRole("button", { name: "Ask for opinion" }).click();
  await page.getByRole("dialog").waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 200))])).toEqual([]);
});

test("no screen of a phone scrolls sideways", async ({ page, enter }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await enter("chen");
  for (const path of ["home", "messages", "patient/new", "case/c3", "worklist", "assistants"]) {
    await page.goto(`/#/${path}`);
    await page.locator("main *").first().waitFor();
    expect([path, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([path, 390]);
  }
  await expect(page.getByRole("navigation").getByRole("link")).toHaveCount(4);
});
