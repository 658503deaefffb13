import type { Page } from "@playwright/test";
import { expect, test } from "./demo-node";
import { drawnFilm, wfdbRecord } from "./recordings";
import { signIn } from "./sign-in";

// One case, all the way: the clinic records, the assistants draft, the clinic asks, the specialist corrects
// and signs, the clinic has the report, the auditor verifies. Accounts as `meridian demo` makes them.

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("User name").waitFor();
}

const banner = (page: Page) => page.getByRole("region", { name: "Patient" });

test("a case goes from a clinic to a specialist and back", async ({ page }) => {
  const stamp = Date.now().toString(36);
  const given = `试${stamp}`;
  const name = `程${given}`;

  await test.step("the clinic makes a patient", async () => {
    await signIn(page, "chen");
    await page.getByRole("link", { name: "New patient" }).click();
    await page.getByLabel("Family name").fill("程");
    await page.getByLabel("Given name").fill(given);
    await page.getByLabel("Date of birth").fill("1961-04-05");
    await page.getByLabel("male", { exact: true }).check();
    await page.getByLabel("Identifier").fill(`E2E-${stamp}`);
    await page.getByRole("button", { name: "Save patient" }).click();
    await expect(page.getByText(name)).toBeVisible();
  });

  await test.step("and records an ECG and a film", async () => {
    await page.getByLabel("Reason").fill("Chest pain for two hours");
    await page
      .locator("input[type=file]")
      .setInputFiles([...wfdbRecord(`e2e${stamp}`), drawnFilm(`film${stamp}`)]);
    await page.getByLabel("Chest film", { exact: true }).check();
    await page.getByRole("button", { name: "Open case" }).click();
    await expect(banner(page)).toContainText(name);
    await expect(page.getByRole("group", { name: "Recordings" }).getByRole("button")).toHaveCount(2);
  });

  await test.step("the assistants draft within seconds, without anybody asking", async () => {
    await expect(page.locator("article").filter({ hasText: "Draft" }).first()).toBeVisible();
    await expect(page.getByRole("img", { name: /ECG of 12 leads|Film/ }).first()).toBeVisible();
  });

  await test.step("the clinic asks the hospital", async () => {
    await page.getByRole("button", { name: "Ask for opinion" }).click();
    await page.getByRole("dialog").getByLabel("Your question").fill("Transfer now?");
    await page.getByRole("dialog").getByRole("button", { name: "Ask", exact: true }).click();
    await expect(page.getByRole("region", { name: "Requests for opinion" })).toContainText("Transfer now?");
    await signOut(page);
  });

  await test.step("the specialist finds it in the worklist", async () => {
    await signIn(page, "lin");
    await page.getByLabel("Name, identifier, words").fill(name);
    const row = page.locator("[role=option]").filter({ hasText: name });
    await expect(row).toHaveCount(1);
    await row.click();
    await expect(banner(page)).toContainText(name);
    await expect(page.getByRole("button", { name: "Give back" })).toBeVisible();
  });

  await test.step("accepts, corrects and signs", async () => {
    await page.getByRole("button", { name: "Accept into report" }).first().click();
    const report = page.getByLabel("Report", { exact: true });
    await expect(report).not.toHaveValue("");
    await report.fill(`${await report.inputValue()}\nCorrected: transfer today (${stamp}).`);
    await expect(page.getByText("Saved")).toBeVisible();
    await report.press("Control+Enter");
    await page
      .getByRole("dialog", { name: new RegExp(name) })
      .getByRole("button", { name: "Sign" })
      .click();
    await expect(page.getByText(/Signed by/).first()).toBeVisible();
    await signOut(page);
  });

  await test.step("the clinic has the report", async () => {
    await signIn(page, "chen");
    await page
      .getByRole("link", { name: new RegExp(`New.*${name}`) })
      .first()
      .click();
    await expect(page.getByText(`transfer today (${stamp})`).first()).toBeVisible();
    await expect(page.getByText(/Signed by/).first()).toBeVisible();
    await signOut(page);
  });

  await test.step("and the ledger is intact", async () => {
    await signIn(page, "audit");
    await expect(page.getByRole("cell", { name: "signed the report" }).first()).toBeVisible();
    await page.getByRole("button", { name: "Verify" }).click();
    await expect(page.getByText("Intact: all")).toBeVisible();
  });
});
