import { gzipSync } from "node:zlib";
import { expect, test } from "./node";

/** What a page may cost a clinic at the end of a slow line, compressed. */
const most = 300_000;

for (const user of ["lin", "chen"]) {
  test(`the first screen of ${user} loads with less than 300 kB`, async ({ page, enter }) => {
    const sizes: Promise<number>[] = [];
    page.on("response", (response) => {
      if (/\.(js|css|html)$|\/$/.test(new URL(response.url()).pathname)) {
        sizes.push(response.body().then((body) => gzipSync(body).length));
      }
    });
    await enter(user);
    await page.locator("main a, [role=option]").first().waitFor();
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    test.info().annotations.push({ type: "first load", description: `${total} bytes` });
    console.log(`first load of ${user}: ${total} bytes`);
    expect(total).toBeLessThan(most);
  });
}
