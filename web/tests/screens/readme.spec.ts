import { mkdirSync } from "node:fs";
import { expect, test } from "./node";

// The README's pictures, of drawn films, computed ECGs and made-up people: `npm run pictures:readme`.

const folder = "../docs/images";
mkdirSync(folder, { recursive: true });

// ECG paper packs badly: a small window keeps the picture under 300 kB.
test.use({ viewport: { width: 1024, height: 530 } });

test("the worklist", async ({ page, enter }) => {
  await enter("lin");
  await page.locator("[role=option]").first().waitFor();
  await page.screenshot({ path: `${folder}/worklist.png` });
});

test("a case", async ({ page, enter }) => {
  await enter("lin");
  await page.goto("/#/case/c1");
  await page.getByText("12 beats").waitFor();
  await page.getByRole("button", { name: "Accept into report" }).first().click();
  await expect(page.getByText("Saved")).toBeVisible();
  await page.screenshot({ path: `${folder}/case.png` });
});
