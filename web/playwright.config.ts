import { defineConfig } from "@playwright/test";

/** The screens against the mock node of tests/mock. `npm run build` comes first. */
export default defineConfig({
  testDir: "tests/screens",
  projects: [
    { name: "screens", testIgnore: "pictures.spec.ts" },
    { name: "pictures", testMatch: "pictures.spec.ts" },
  ],
  outputDir: "test-results/screens",
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1366, height: 768 },
    locale: "en-GB",
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
    trace: "retain-on-failure",
  },
});
