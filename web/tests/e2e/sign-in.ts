import type { Page } from "@playwright/test";

/** Accounts and password are those that `meridian demo` makes. */
const password = process.env.MERIDIAN_PASSWORD ?? "meridian-demo";

export async function signIn(page: Page, username: string): Promise<void> {
  await page.goto("/");
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password").first().fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation").waitFor();
}
