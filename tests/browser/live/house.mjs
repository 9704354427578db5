// Owns what every live test shares: one running demo, one browser, and people who are signed in already. Each visit is a
// browser of its own, so nothing that one test does to its pages reaches another.
import { openBrowser, openPage } from "../kit/browser.mjs";
import { Region } from "../kit/region.mjs";
import { signIn, startServer } from "../kit/server.mjs";

export class House {
  static async open() {
    const house = new House();
    house.server = await startServer();
    house.browser = await openBrowser();
    house.region = new Region(house.server);
    house.cookies = new Map();
    return house;
  }

  async close() {
    await this.browser?.close();
    return this.server?.stop();
  }

  /** A visitor whom nobody knows. */
  visitor(options = {}) {
    return openPage(this.browser, { baseURL: this.server.url, ...options });
  }

  /** Somebody who signed in earlier, through the page, and has not signed out. */
  async visit(who, options = {}) {
    if (!this.cookies.has(who)) this.cookies.set(who, this.cookieOf(who));
    const page = await this.visitor(options);
    await page.context().addCookies(await this.cookies.get(who));
    return page;
  }

  async cookieOf(who) {
    const page = await this.visitor();
    await signIn(page, this.server, this.server.personas.of(who));
    const cookies = await page.context().cookies();
    await page.context().close();
    return cookies;
  }
}

/** Ends a page's visit. */
export const leave = (page) => page.context().close();

/** All that a page shows and all that its source holds: what is not to be known must be in neither. */
export const everythingOn = async (page) => `${await page.locator("body").innerText()}\n${await page.content()}`;

/** The form that refers somebody, filled in but for sending it. */
export async function fillInSomebody(page, first, last, [Day, Month, Year] = ["7", "7", "1947"]) {
  const typed = { "First name": first, "Last name": last, Day, Month, Year };
  for (const [label, words] of Object.entries(typed)) await page.getByLabel(label, { exact: true }).fill(words);
  await page.getByLabel("Housing").check();
  await page.getByLabel("No known risk").check();
  await page.getByLabel("Letter", { exact: true }).check();
  await page.getByLabel("Who should get this referral?").selectOption({ index: 1 });
  await page.getByLabel("Yes, they said so").check();
}
