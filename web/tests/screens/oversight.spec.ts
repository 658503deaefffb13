import { expect, test } from "./node";

test("the ledger is verified with one sentence at the end", async ({ page, enter }) => {
  await enter("audit");
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByText("Intact: all 60 entries are as they were written")).toBeVisible();
});

test("a broken chain shows the first bad entry and what is still proven", async ({ page, enter }) => {
  const verdict = {
    intact: false,
    entries: 41,
    firstBad: 42,
    what: "Entries 1 to 41 are proven.",
    root: "ab",
    checkpoints: 1,
  };
  await page.route("**/ledger/verify", (route) =>
    route.fulfill({
      contentType: "text/event-stream",
      body: `event: verdict\ndata: ${JSON.stringify(verdict)}\n\n`,
    }),
  );
  await enter("audit");
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByText("Broken at entry 42. Entries 1 to 41 are proven.")).toBeVisible();
});

test("the ledger is filtered by kind", async ({ page, enter }) => {
  await enter("audit");
  await page.getByLabel("Kind").fill("case.sign");
  await expect(page.getByRole("cell", { name: "opened the case page" })).toHaveCount(0);
  await expect(page.getByRole("cell", { name: /^signed the report/ }).first()).toBeVisible();
  await page.getByLabel("Kind").fill("nothing.such");
  await expect(page.getByText("No entry matches the filter.")).toBeVisible();
});

test("failed work is tried again", async ({ page, enter }) => {
  await enter("admin");
  await page.getByRole("link", { name: "Failed work" }).click();
  const rows = page.getByRole("list", { name: "Failed work" }).getByRole("listitem");
  await expect(rows.first()).toContainText("Notification of a subscriber: Subscription/lab");
  await expect(rows.first()).toContainText("lab.example answered 500");
  await expect(rows.first()).toContainText("tried 36 times");
  await page
    .getByRole("button", { name: "Try again: Notification of a subscriber: Subscription/lab" })
    .click();
  await expect(rows).toHaveCount(1);
});

test("failed work is discarded with a reason", async ({ page, enter }) => {
  await enter("admin");
  await page.goto("/#/jobs");
  await page.getByRole("button", { name: "Discard: Run of an assistant: chest_xray" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Discard" })).toBeDisabled();
  await dialog.getByLabel("Why it is not needed").fill("The film was sent twice");
  await dialog.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("list", { name: "Failed work" }).getByRole("listitem")).toHaveCount(1);
});

test("only who runs the node sees failed work", async ({ page, enter }) => {
  await enter("lin");
  await expect(page.getByRole("link", { name: "Assistants" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Failed work" })).toHaveCount(0);
});

test("an assistant is switched off with a reason", async ({ page, enter }) => {
  await enter("admin");
  await page.getByRole("button", { name: "Switch off: ECG rhythm" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("Electrodes under recall");
  await dialog.getByRole("button", { name: "Switch off" }).click();
  await expect(page.getByRole("row", { name: /ECG rhythm/ })).toContainText("Electrodes under recall");
  await expect(page.getByRole("button", { name: "Switch on: ECG rhythm" })).toBeVisible();
});

test("who may not switch an assistant sees no switch", async ({ page, enter }) => {
  await enter("chen");
  await page.getByRole("link", { name: "Assistants" }).click();
  await expect(page.getByRole("row", { name: /ECG rhythm/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /Switch/ })).toHaveCount(0);
});

test("a card shows its figures", async ({ page, enter }) => {
  await enter("lin");
  await page.goto("/#/assistants/chest_xray");
  await expect(page.locator("figure svg")).toHaveCount(3);
});

test("an assistant in use shows who agrees with it and what shifts", async ({ page, enter }) => {
  await enter("lin");
  await page.goto("/#/assistants/ecg");
  await expect(page.getByText("Liushan clinic: 220")).toBeVisible();
  await expect(page.locator("b", { hasText: "0.31" })).toBeVisible();
  await expect(page.getByText("0.04")).toBeVisible();
});

test("a resident reads the signed reports and who looked", async ({ page, enter }) => {
  await enter("wang");
  await expect(page.getByText("Opacity in the right upper zone; sputum test advised.")).toBeVisible();
  await expect(page.getByText("opened the case page").first()).toBeVisible();
});
