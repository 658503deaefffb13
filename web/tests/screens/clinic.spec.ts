import { expect, test } from "./node";

const ecg = { name: "ecg.dcm", mimeType: "application/dicom", buffer: Buffer.from("DICM") };

test("a new patient, a new case, its file, and the draft", async ({ page, enter }) => {
  await enter("chen");
  await page.getByRole("link", { name: "New patient" }).click();
  await page.getByRole("button", { name: "Save patient" }).click();
  await expect(page.getByText("Enter the family name")).toBeVisible();
  await page.getByLabel("Family name").fill("周");
  await page.getByLabel("Given name").fill("明");
  await page.getByLabel("Date of birth").fill("1980-02-03");
  await page
    .getByLabel("Male", { exact: true })
    .or(page.getByLabel("male", { exact: true }))
    .first()
    .check();
  await page.getByRole("button", { name: "Save patient" }).click();
  await expect(page.getByText("周明")).toBeVisible();
  await page.getByLabel("Reason").fill("Chest pain");
  await page.locator("input[type=file]").setInputFiles(ecg);
  await page.getByRole("button", { name: "Open case" }).click();
  await expect(page.getByRole("region", { name: "Patient" })).toContainText("周明");
  await expect(page.getByText("ST elevation in V2 to V4")).toBeVisible();
});

test("a patient is found by name, and a namesake is told by birth date", async ({ page, enter }) => {
  await enter("chen");
  await page.getByRole("link", { name: "New film" }).click();
  await page.getByRole("combobox").first().fill("李秀英");
  await page
    .getByTitle("")
    .or(page.locator(".ant-select-item-option"))
    .filter({ hasText: "1972-06-20" })
    .first()
    .click();
  await expect(page.getByText("Li Xiuying")).toBeVisible();
  await expect(page.getByRole("button", { name: "Open case" })).toBeEnabled();
});

test("a file that is refused says why; the others arrive, and nothing is sent twice", async ({
  page,
  enter,
}) => {
  await enter("chen");
  await page.goto("/#/case/new?patient=p1");
  await page.getByText("Wang Jianguo").waitFor();
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") sent.push(new URL(request.url()).pathname.replace(/c\d+/, "ID"));
  });
  await page.locator("input[type=file]").setInputFiles([ecg, { ...ecg, name: "bad.dcm" }]);
  await page.getByRole("button", { name: "Open case" }).click();
  await expect(page.getByText("The file is neither DICOM nor WFDB").first()).toBeVisible();
  await expect(page.getByText("arrived")).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => sent.length).toBe(4);
  expect(sent.filter((path) => path === "/care/cases")).toHaveLength(1);
});

test("files dropped at home begin a case", async ({ page, enter }) => {
  await enter("chen");
  await page.locator("input[type=file]").setInputFiles(ecg);
  await expect(page.getByRole("list", { name: "Files" })).toContainText("ecg.dcm");
});

test("an answer is bold until it is read", async ({ page, enter }) => {
  await enter("chen");
  const answer = page.getByRole("link", { name: /County hospital has signed/ });
  await expect(answer).toContainText("New");
  await answer.click();
  await page.getByRole("link", { name: "Home" }).click();
  await expect(answer).not.toContainText("New");
});

test("an empty home says what will come", async ({ page, enter }) => {
  await page.route("**/care/home", (route) =>
    route.fulfill({ json: { today: [], answers: [], outbox: { waiting: 0 } } }),
  );
  await enter("chen");
  await expect(page.getByText("No case was opened today.")).toBeVisible();
  await expect(page.getByText("Everything has been sent.")).toBeVisible();
});

test("without a line the screen says so and goes on", async ({ page, enter, context }) => {
  await enter("chen");
  await context.setOffline(true);
  await expect(page.getByText("No connection. You can go on writing")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("No connection. You can go on writing")).toBeHidden();
});
