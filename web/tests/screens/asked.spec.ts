import { expect, test } from "./node";

// What the console asks for where it decides something: what a picture shows, and facts of the case.

const picture = { name: "eye.png", mimeType: "image/png", buffer: Buffer.from("PNG") };

test("pictures are sent once it is said what they show, and the case remembers it", async ({
  page,
  enter,
}) => {
  await enter("chen");
  await page.goto("/#/case/c1");
  const sent: Record<string, string>[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/recordings")) sent.push(request.headers());
  });
  // Other pages take files too: the case must have come.
  await expect(page.getByRole("complementary", { name: "Timeline" })).toBeVisible();
  const files = page.locator("input[type=file]");
  await files.setInputFiles(picture);
  const dialog = page.getByRole("dialog", { name: "What does the picture show?" });
  await expect(dialog.getByRole("button", { name: "Send" })).toBeDisabled();
  expect(sent).toHaveLength(0);
  await dialog.getByLabel("Fundus (retina)").check();
  await dialog.getByRole("button", { name: "Send" }).click();
  await expect.poll(() => sent.length).toBe(1);
  expect(sent[0]).toMatchObject({ "x-modality": "OP", "x-body-part": "RETINA" });
  await files.setInputFiles(picture);
  await expect(dialog.getByLabel("Fundus (retina)")).toBeChecked();
});

test("a draft asks for what is not known, and is made again with it", async ({ page, enter }) => {
  await enter("chen");
  await page.goto("/#/case/c1");
  const asked = page.getByRole("group", { name: "To decide what follows" });
  await asked.getByText("yes", { exact: true }).click();
  await expect(page.getByText("suspicious of active tuberculosis. cough: yes.")).toBeVisible();
  await expect(asked).toHaveCount(0);
});

test("on a tablet the case shows its timeline and takes recordings", async ({ page, enter }) => {
  await page.setViewportSize({ width: 900, height: 1100 });
  await enter("chen");
  await page.goto("/#/case/c1");
  await expect(page.getByRole("complementary", { name: "Timeline" })).toBeInViewport();
  await page
    .locator("input[type=file]")
    .setInputFiles({ ...picture, name: "ecg.dcm", mimeType: "application/dicom" });
  await expect(page.getByText("arrived")).toBeVisible();
});
