import type { Page } from "@playwright/test";
import { ageAt } from "../../src/format/age";
import { expect, test } from "./node";

async function openCase(page: Page, id: string): Promise<void> {
  await page.goto(`/#/case/${id}`);
  await page.getByRole("region", { name: "Patient" }).waitFor();
}

const report = (page: Page) => page.getByLabel("Report", { exact: true });

test("the banner names the patient, the allergies and the consent", async ({ page, enter }) => {
  await enter("lin");
  await openCase(page, "c1");
  const banner = page.getByRole("region", { name: "Patient" });
  for (const words of [
    "王建国",
    "Wang Jianguo",
    `M ${ageAt("1959-03-08", new Date())!.count} y`,
    "born 1959-03-08",
    "Penicillin",
    "Consent given",
  ]) {
    await expect(banner).toContainText(words);
  }
});

test("a patient's consent is recorded where it is shown, once both questions are answered", async ({
  page,
  enter,
}) => {
  await enter("chen");
  const banner = page.getByRole("region", { name: "Patient" });
  await openCase(page, "c5");
  await banner.getByRole("button", { name: "Consent not asked" }).click();
  const dialog = page.getByRole("dialog", { name: "Consent of 张伟" });
  const record = dialog.getByRole("button", { name: "Record" });
  await expect(record).toBeDisabled();
  const answers = (question: RegExp) => dialog.getByRole("radiogroup", { name: question });
  await answers(/assistants/)
    .getByLabel("The patient agrees")
    .check();
  await expect(record).toBeDisabled();
  await answers(/colleagues/)
    .getByLabel("The patient refuses")
    .check();
  await record.click();
  await expect(dialog).toHaveCount(0);
  await expect(banner).toContainText("Consent withheld: no opinion from elsewhere");
  const withheld = banner.getByRole("button", { name: "Consent withheld" });
  const alarm = await banner.evaluate((shown) => {
    const probe = shown.appendChild(document.createElement("span"));
    probe.style.color = "var(--urgent)";
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  });
  await expect(withheld).toHaveCSS("color", alarm);
  await withheld.click();
  await expect(answers(/colleagues/).getByLabel("The patient refuses")).toBeChecked();
});

test("who may not record a consent only sees it", async ({ page, enter }) => {
  await enter("lin");
  await openCase(page, "c1");
  const banner = page.getByRole("region", { name: "Patient" });
  await expect(banner).toContainText("Consent given");
  await expect(banner.getByRole("button", { name: "Consent" })).toHaveCount(0);
});

test("accepting writes the sentence, editing is marked, Ctrl+Enter signs by name", async ({
  page,
  enter,
}) => {
  await enter("lin");
  await openCase(page, "c1");
  await page.getByRole("button", { name: "Accept into report" }).first().click();
  await expect(report(page)).toHaveValue("ST elevation in V2 to V4, up to 3.1 mm.");
  await expect(page.getByText("Saved")).toBeVisible();
  await report(page).fill("ST elevation in V2 to V4: transfer now.");
  await expect(page.getByText("Your report words this differently.")).toBeVisible();
  await report(page).press("Control+Enter");
  const dialog = page.getByRole("dialog", { name: "Sign ECG and film report for 王建国" });
  await expect(dialog).toContainText("transfer now");
  await dialog.getByRole("button", { name: "Sign" }).click();
  await expect(page.getByText(/Signed by 林主任 Dr Lin/).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Print" })).toBeVisible();
});

test("taking a finding back takes its sentence back", async ({ page, enter }) => {
  await enter("lin");
  await openCase(page, "c1");
  await report(page).fill("Seen.");
  await page.getByRole("button", { name: "Accept into report" }).first().click();
  await page.getByRole("button", { name: "In the report" }).click();
  await expect(report(page)).toHaveValue("Seen.");
});

test("a rejected draft stays readable with its reason", async ({ page, enter }) => {
  await enter("lin");
  await openCase(page, "c2");
  await page.getByRole("button", { name: "Reject draft" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Reject draft" })).toBeDisabled();
  await dialog.getByLabel("Why it is wrong").fill("Artefact");
  await dialog.getByRole("button", { name: "Reject draft" }).click();
  await expect(page.getByText("Rejected by 林主任 Dr Lin: Artefact")).toBeVisible();
  await expect(page.getByText("Sinus rhythm, 72 bpm.")).toBeVisible();
});

test("what was typed outlives a dead line and a reload", async ({ page, enter }) => {
  await enter("lin");
  await openCase(page, "c1");
  await page.route("**/report", (route) => route.abort());
  await report(page).fill("Typed while the line was down.");
  await expect(page.getByText("Kept here; not sent yet")).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Kept here; not sent yet")).toBeVisible();
  await page.unroute("**/report");
  await page.reload();
  await expect(report(page)).toHaveValue("Typed while the line was down.");
  await expect(page.getByText("Saved")).toBeVisible();
});

test("somebody else's change is never overwritten unasked", async ({ page, enter, request }) => {
  await enter("lin");
  await openCase(page, "c1");
  await request.put("/care/cases/c1/report", { data: { text: "Theirs.", accepted: [], version: null } });
  await report(page).fill("Mine.");
  await expect(page.getByText("Somebody else has changed this report")).toBeVisible();
  await page.getByRole("button", { name: "Take theirs" }).click();
  await expect(report(page)).toHaveValue("Theirs.");
});

test("pointing at a finding lights it, pointing at a beat lights its finding", async ({ page, enter }) => {
  await enter("lin");
  await openCase(page, "c1");
  const rate = page.locator('[data-finding="c1-rate"]');
  await rate.hover();
  await expect(rate).toHaveAttribute("data-lit", "true");
  const sheet = page.getByRole("img", { name: /ECG of 12 leads/ });
  const box = (await sheet.boundingBox())!;
  const scale = box.width / 265;
  await page.mouse.move(box.x + (12 + 0.4 * 25) * scale, box.y + 98 * scale);
  await expect(rate).toHaveAttribute("data-lit", "true");
  await page.mouse.move(box.x + (12 + 0.8 * 25) * scale, box.y + 98 * scale);
  await expect(rate).toHaveAttribute("data-lit", "false");
});

test("the clinic asks the hospital for its opinion", async ({ page, enter }) => {
  await enter("chen");
  await openCase(page, "c2");
  await page.getByRole("button", { name: "Ask for opinion" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Your question").fill("Ectopy: treat?");
  await dialog.getByLabel("Your question").press("Control+Enter");
  await expect(page.getByRole("region", { name: "Requests for opinion" })).toContainText("Ectopy: treat?");
});

test("the specialist returns the case with a question", async ({ page, enter }) => {
  await enter("lin");
  await openCase(page, "c1");
  await page.getByRole("button", { name: "Return with question" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Your question").fill("Troponin?");
  await dialog.getByRole("button", { name: "Return with question" }).click();
  await expect(dialog).toBeHidden();
});

test("a signed report prints with the patient, the signature and the ledger's proof", async ({
  page,
  enter,
}) => {
  await enter("chen");
  await openCase(page, "c3");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("heading", { name: "film report" })).toBeVisible();
  await expect(page.getByText("Ledger entry 4711")).toBeVisible();
  await expect(page.getByRole("navigation")).toBeHidden();
});

test("a case that cannot be loaded says why", async ({ page, enter }) => {
  await enter("lin");
  await page.goto("/#/case/none");
  await expect(page.getByRole("alert")).toContainText("There is no such case");
});
