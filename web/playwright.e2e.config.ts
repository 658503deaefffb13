import { defineConfig } from "@playwright/test";

/** The whole way of a case against a real node: each run starts one of its own (tests/e2e/demo-node.ts). */
export default defineConfig({
  testDir: "tests/e2e",
  projects: [
    { name: "walk", testMatch: ["case.spec.ts", "viewer.spec.ts"] },
    { name: "readme", testMatch: "readme.spec.ts" },
  ],
  outputDir: "test-results/e2e",
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    ignoreHTTPSErrors: true, // a node makes its own certificate until it is given one
    browserName: "chromium",
    viewport: { width: 1366, height: 768 },
    locale: "en-GB",
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
    trace: "retain-on-failure",
  },
});
