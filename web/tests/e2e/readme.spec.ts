import { mkdirSync } from "node:fs";
import { expect, test } from "./demo-node";
import { drawnFilm, drawnTissue } from "./recordings";
import { signIn } from "./sign-in";

// The pictures of the README and of docs/imaging.md, of a demonstration node: people made up, ECGs computed,
// films and tissue drawn.
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

test("a film and tissue with what was found on them", async ({ page }) => {
  await signIn(page, "chen");
  await page.getByRole("link", { name: "New patient" }).click();
  await page.getByLabel("Family name").fill("Drawn");
  await page.getByLabel("Given name").fill("Picture");
  await page.getByLabel("Date of birth").fill("1961-04-05");
  await page.getByLabel("male", { exact: true }).check();
  await page.getByRole("button", { name: "Save patient" }).click();
  await page.getByLabel("Reason").fill("Cough for five weeks");
  await page.locator("input[type=file]").setInputFiles([drawnFilm("film")]);
  await page.getByLabel("Chest film", { exact: true }).check();
  await page.getByRole("button", { name: "Open case" }).click();
  await page.locator("article").filter({ hasText: "Draft" }).first().waitFor();
  await page.screenshot({ path: `${folder}/film.png` });
  await page.locator("input[type=file]").setInputFiles([drawnTissue("tissue")]);
  await page.getByLabel("Field of a stained slide", { exact: true }).check();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.locator("article").filter({ hasText: "nuclei" }).first().waitFor();
  await page.screenshot({ path: `${folder}/tissue.png` });
});
