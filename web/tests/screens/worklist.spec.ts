import { expect, test } from "./node";

test("j, k and the arrows move, Enter opens", async ({ page, enter }) => {
  await enter("lin");
  const chosen = page.locator('[role=option][aria-selected="true"]');
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(chosen).toContainText("李秀英");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await expect(chosen).toContainText("ST elevation");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#\/case\/c1$/);
});

test("only the rows in sight are drawn, and moving reaches the last", async ({ page, enter }) => {
  await enter("lin");
  const rows = page.locator("[role=option]");
  await rows.first().waitFor();
  expect(await rows.count()).toBeLessThan(40);
  await page.getByRole("listbox").hover();
  await page.mouse.wheel(0, 100_000);
  await expect(page.locator("#case-c4")).toBeVisible();
});

test("cases are filtered by any kind of recording", async ({ page, enter }) => {
  await enter("lin");
  await page.getByRole("combobox", { name: "Kind of recording" }).press("Enter");
  await page.getByTitle("CT", { exact: true }).click();
  await expect(page.getByText("No case matches the search and filters.")).toBeVisible();
});

test("filters, search and queues ask the node, and say when nothing matches", async ({ page, enter }) => {
  await enter("lin");
  await page.getByRole("searchbox").or(page.getByLabel("Name, identifier, words")).first().fill("nobody");
  await expect(page.getByText("No case matches")).toBeVisible();
  await page.getByLabel("Name, identifier, words").fill("Xiulan");
  await expect(page.locator("[role=option]").first()).toContainText("杨秀兰");
  await page.getByLabel("Name, identifier, words").fill("");
  await page.getByRole("button", { name: /^Signed today/ }).click();
  await expect(page.locator("[role=option]")).toHaveCount(1);
  await page.getByRole("button", { name: /^Mine/ }).click();
  await expect(page.getByText("You are reading no case.")).toBeVisible();
});

test("a failed request says what failed, and trying again helps", async ({ page, enter }) => {
  await page.route("**/care/worklist*", (route) =>
    route.fulfill({ status: 500, body: JSON.stringify({ issue: [{ diagnostics: "The disk is full" }] }) }),
  );
  await enter("lin");
  await expect(page.getByRole("alert")).toContainText("The disk is full");
  await page.unroute("**/care/worklist*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.locator("[role=option]").first()).toBeVisible();
});

test("a new case does not move the row one points at", async ({ page, enter }) => {
  let more = 0;
  let announce: (() => void) | null = null;
  await page.route("**/care/events", async (route) => {
    await new Promise<void>((done) => (announce = done));
    await route.fulfill({ contentType: "text/event-stream", body: "event: worklist\ndata: c0\n\n" });
  });
  await page.route("**/care/worklist*", async (route) => {
    const answer = await (await route.fetch()).json();
    const rows = Array.from({ length: more }, (_, index) => ({ ...answer.rows[0], case: `urgent${index}` }));
    await route.fulfill({ json: { ...answer, rows: [...rows, ...answer.rows] } });
  });
  await enter("lin");
  const pointed = page.locator("[role=option]").filter({ hasText: "李秀英" }).first();
  await pointed.hover();
  const before = await pointed.boundingBox();
  more = 1;
  await expect.poll(() => announce !== null).toBe(true);
  announce!();
  const show = page.getByRole("button", { name: "Show 1 new case" });
  await expect(show).toBeVisible();
  expect(await pointed.boundingBox()).toEqual(before);
  await show.press("Space");
  await expect(page.locator("#case-urgent0")).toBeVisible();
});
