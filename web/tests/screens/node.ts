import { test as base, type Page } from "@playwright/test";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { password } from "../mock/people";
import { mockNode } from "../mock/server";

interface Each {
  /** The address of the test's own mock node. */
  node: string;
  /** Signs in and waits for the first screen. */
  enter: (username: string) => Promise<void>;
}

/** Every test has a mock node of its own, so that nothing a page still sends reaches another test. */
export const test = base.extend<Each>({
  node: async ({}, give) => {
    const server = mockNode(resolve("dist"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    await give(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.closeAllConnections();
    server.close();
  },
  baseURL: async ({ node }, give) => give(node),
  enter: async ({ page }, give) => {
    await give(async (username) => {
      await page.goto("/");
      await signIn(page, username, password);
      await page.getByRole("navigation").waitFor();
    });
  },
});

export async function signIn(page: Page, username: string, typed: string): Promise<void> {
  await page.getByLabel(/User name|用户名/).fill(username);
  await page
    .getByLabel(/Password|密码/)
    .first()
    .fill(typed);
  await page.getByRole("button", { name: /Sign in|登录/ }).click();
}

export { expect } from "@playwright/test";
