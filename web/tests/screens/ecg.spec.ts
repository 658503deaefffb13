import { expect, test } from "./node";

test("an ECG shows its remarks, its course and what changed since the last one", async ({ page, enter }) => {
  await enter("lin");
  await page.goto("/#/case/c1");
  await expect(page.getByRole("list", { name: "Remarks on the file" })).toContainText("200 per millivolt");
  const course = page.getByRole("region", { name: "Course by the hour" }).first();
  await expect(course.getByRole("row").nth(1)).toContainText("4344");
  await page.getByText("Measured by lead").first().click();
  const leads = page.getByRole("region", { name: "Measured by lead" }).first();
  await expect(leads.getByRole("row", { name: /^V2 0.12 -0.05 0.90/ })).toBeVisible();
  await expect(page.getByRole("img", { name: "ST level of lead V5" }).first()).toBeVisible();
  await page.getByText(/^Compared with 2026-11-20/).click();
  await expect(page.getByRole("row", { name: "QRS duration 92 ms 134 ms" })).toBeVisible();
  await expect(page.getByText("Left bundle branch block")).toBeVisible();
});
