import type { Page } from "@playwright/test";
import { test } from "./node";

// A picture of every screen in both languages, on a laptop and on a phone, to be looked at after each change.

const sizes = { laptop: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };

interface Screen {
  name: string;
  user: string;
  path: string;
  ready: string;
  prepare?: (page: Page) => Promise<void>;
}

const film = async (page: Page) => {
  await page
    .getByRole("group", { name: /Recordings|检查/ })
    .getByRole("button")
    .nth(1)
    .click();
  await page.locator('canvas[data-ready="true"]').waitFor();
};

const screens: Screen[] = [
  { name: "worklist", user: "lin", path: "worklist", ready: "[role=option]" },
  { name: "home", user: "chen", path: "home", ready: "a[href*='c3']" },
  { name: "new-case", user: "chen", path: "case/new?kind=ecg&patient=p1", ready: "textarea" },
  { name: "new-patient", user: "chen", path: "patient/new", ready: "form" },
  { name: "case-ecg", user: "lin", path: "case/c1", ready: "article" },
  {
    name: "case-film",
    user: "lin",
    path: "case/c1",
    ready: "article",
    prepare: async (page) => {
      await film(page);
      await page.keyboard.press("h");
      await page.keyboard.press("l");
    },
  },
  { name: "case-long", user: "lin", path: "case/c2", ready: "[role=slider]" },
  { name: "case-signed", user: "chen", path: "case/c3", ready: "article" },
  { name: "case-empty", user: "chen", path: "case/c4", ready: "aside" },
  {
    name: "case-sign",
    user: "lin",
    path: "case/c1",
    ready: "article",
    prepare: async (page) => {
      await page
        .getByRole("button", { name: /Accept|采纳到/ })
        .first()
        .click();
      await page.keyboard.press("Control+Enter");
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "case-ask",
    user: "chen",
    path: "case/c2",
    ready: "article",
    prepare: async (page) => {
      await page.getByRole("button", { name: /Ask for opinion|请求会诊/ }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "assistants", user: "admin", path: "assistants", ready: "table" },
  { name: "assistant-card", user: "lin", path: "assistants/chest_xray", ready: "figure svg" },
  {
    name: "ledger",
    user: "audit",
    path: "ledger",
    ready: "table",
    prepare: async (page) => {
      await page.getByRole("button", { name: /Verify|核验/ }).click();
      await page.getByText(/Intact|完好/).waitFor();
    },
  },
  { name: "messages", user: "chen", path: "messages", ready: "main ul" },
  { name: "own-record", user: "wang", path: "me", ready: "main li" },
];

for (const [size, viewport] of Object.entries(sizes)) {
  for (const language of ["en", "zh"]) {
    test.describe(`${size} ${language}`, () => {
      test.use({ viewport });
      test.beforeEach(async ({ page }) => {
        await page.addInitScript((chosen) => localStorage.setItem("meridian.language", chosen), language);
      });
      const picture = (page: Page, name: string) =>
        page.screenshot({ path: `test-results/pictures/${name}-${size}-${language}.png` });

      test("sign-in", async ({ page }) => {
        await page.goto("/");
        await page.locator("form").waitFor();
        await picture(page, "sign-in");
      });
      for (const screen of screens) {
        test(screen.name, async ({ page, enter }) => {
          await enter(screen.user);
          await page.goto(`/#/${screen.path}`);
          await page.locator(screen.ready).first().waitFor();
          await screen.prepare?.(page);
          await picture(page, screen.name);
        });
      }
    });
  }
}
