import { password } from "../mock/people";
import { expect, signIn, test } from "./node";

test("a wrong password is said, a right one leads to the role's own place", async ({ page }) => {
  await page.goto("/");
  await signIn(page, "lin", "wrong");
  await expect(page.getByRole("alert")).toContainText("User name or password is wrong");
  await signIn(page, "lin", password);
  await expect(page).toHaveURL(/#\/worklist$/);
});

test("a locked account is told to wait", async ({ page }) => {
  await page.goto("/");
  await signIn(page, "locked", password);
  await expect(page.getByRole("alert")).toContainText("locked");
});

test("a node that does not answer is said, with a way to try again", async ({ page }) => {
  await page.route("**/auth/me", (route) => route.fulfill({ status: 503, body: "" }));
  await page.goto("/");
  await expect(page.getByRole("alert")).toContainText("Connecting to the node failed");
  await page.unroute("**/auth/me");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

for (const [user, place] of [
  ["chen", "home"],
  ["audit", "ledger"],
  ["admin", "assistants"],
  ["wang", "me"],
]) {
  test(`${user} starts at ${place} and can sign out`, async ({ page, enter }) => {
    await enter(user!);
    await expect(page).toHaveURL(new RegExp(`#/${place}$`));
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByLabel("User name")).toBeVisible();
  });
}

test("the language changes at once, without loading the page again", async ({ page, enter }) => {
  await enter("chen");
  await page.evaluate(() => Object.assign(window, { stillHere: true }));
  await page.getByRole("button", { name: "中文" }).click();
  await expect(page.getByRole("link", { name: "新建患者" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  expect(await page.evaluate(() => "stillHere" in window)).toBe(true);
});

test("a session that has ended leads to the sign-in, and that back to where one was", async ({
  page,
  enter,
  request,
}) => {
  await enter("lin");
  await page.goto("/#/assistants/chest_xray");
  await page.locator("figure svg").first().waitFor();
  await request.post("/auth/sign-out");
  await page.getByRole("link", { name: "Worklist" }).click();
  await expect(page.getByText("Your session has ended")).toBeVisible();
  await signIn(page, "lin", password);
  await expect(page.locator("[role=option]").first()).toBeVisible();
  await expect(page).toHaveURL(/#\/worklist$/);
});

test("a session that ends while one only looks leads to the sign-in too", async ({
  page,
  enter,
  request,
}) => {
  let refuse: (() => void) | undefined;
  await page.route("**/care/events", async (route) => {
    await new Promise<void>((done) => (refuse = done));
    await route.fulfill({ status: 401, body: "{}" });
  });
  await enter("lin");
  await page.goto("/#/case/c1");
  await page.getByLabel("Report", { exact: true }).fill("Typed before the session ended.");
  await expect.poll(() => refuse !== undefined).toBe(true);
  await request.post("/auth/sign-out");
  refuse!();
  await expect(page.getByText("Your session has ended")).toBeVisible();
  await page.unroute("**/care/events");
  await signIn(page, "lin", password);
  await expect(page).toHaveURL(/#\/case\/c1$/);
  await expect(page.getByLabel("Report", { exact: true })).toHaveValue("Typed before the session ended.");
});

test("what one person typed is not shown to, nor sent for, the next at the same machine", async ({
  page,
  enter,
  request,
}) => {
  await page.route("**/report", (route) => route.abort());
  await enter("lin");
  await page.goto("/#/case/c1");
  await page.getByLabel("Report", { exact: true }).fill("Unsent words of Dr Lin.");
  await expect(page.getByText("Kept here; not sent yet")).toBeVisible();
  await request.post("/auth/sign-out");
  await page.goto("/");
  await signIn(page, "gao", password);
  await page.goto("/#/case/c1");
  await expect(page.getByLabel("Report", { exact: true })).toHaveValue("");
});
