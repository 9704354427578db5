// Takes pictures of rendered pages: node shots.mjs <gallery folder> <output folder> [name…]
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openBrowser, openPage } from "./kit/browser.mjs";
import { serveFolder } from "./kit/folder.mjs";

const [gallery, out, ...names] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const all = JSON.parse(readFileSync(join(gallery, "index.json"), "utf8"));
const { url, stop } = await serveFolder(gallery);
const browser = await openBrowser();
for (const width of [320, 1280]) {
  const page = await openPage(browser, { width, height: width === 320 ? 640 : 800 });
  for (const name of names.length ? names : all) {
    await page.goto(`${url}/${name}.html`);
    await page.screenshot({ path: join(out, `${name}-${width}.png`), fullPage: true });
  }
  await page.context().close();
}
await browser.close();
await stop();
