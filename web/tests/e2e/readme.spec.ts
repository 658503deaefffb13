import { mkdirSync } from "node:fs";
import { expect, test } from "./demo-node";
import { signIn } from "./sign-in";

// The README's pictures, of a demonstration node: people made up, ECGs computed, films drawn.
// `npm run pictures:readme`.

const folder = "../docs/images";
mkdirSync(folder, { recursive: true });

// ECG paper packs badly: a small window keeps the picture under 300 kB.
test.use({ viewport: { width: 1024, height: 560 } });

test("the worklist and a case of it", async ({ page }) => {
  await signIn(page, "lin");
  const fibrillation = page.locator("[role=option]").filter({ hasText: "Atrial fibrillation" });
  await fibrillation.waitFor();
  await page.screenshot({ path: `${folder}/worklist.png` });
  await fibrillation.click();
  await page.getByRole("button", { name: "Accept into report" }).first().click();
  await expect(page.getByText("Saved")).toBeVisible();
  await page.screenshot({ path: `${folder}/case.png` });
});
