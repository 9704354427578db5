// Every screen in every state, without a server: accessibility rules, reflow, targets, labels, names and weight.
// TRELLIS_GALLERY names the folder written by `cargo run -p trellis-admin-ui --example gallery`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { openBrowser, openPage } from "./kit/browser.mjs";
import { axe, columnLabels, isTriaged, linkNames, reflow, targets, unfold, weigh } from "./kit/checks.mjs";
import { serveFolder } from "./kit/folder.mjs";
import { Hands, focusIsSeen, tabsTo } from "./kit/hands.mjs";

const folder = process.env.TRELLIS_GALLERY ?? join(import.meta.dirname, "../../var/gallery");
const names = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
const plain = names.filter((name) => !name.endsWith("--long") && !name.endsWith("--hostile"));
const WIDTHS = [320, 640, 1280];

let site, browser;
before(async () => {
  site = await serveFolder(folder);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

async function eachPage(width, pages, ask, options = {}) {
  const waiting = [...pages];
  const complaints = [];
  const lane = async () => {
    const page = await openPage(browser, { width, height: width === 320 ? 640 : 800, ...options });
    for (let name = waiting.shift(); name; name = waiting.shift()) {
      await page.goto(`${site.url}/${name}.html`);
      for (const complaint of await ask(page, name)) complaints.push(`${name} at ${width}: ${complaint}`);
    }
    await page.context().close();
  };
  await Promise.all([lane(), lane()]);
  return complaints.sort();
}

async function nobodyComplains(width, pages, ask, options) {
  none(await eachPage(width, pages, ask, options));
}

/** Each page once a width, asked everything while it is open. */
async function survey(width) {
  const found = { rules: [], reflow: [], targets: [] };
  await eachPage(width, names.filter((name) => !name.endsWith("--hostile")), async (page, name) => {
    const put = (list, lines) => list.push(...lines.map((line) => `${name} at ${width}: ${line}`));
    put(found.reflow, await reflow(page));
    await unfold(page);
    put(found.reflow, await reflow(page));
    if (name.endsWith("--long")) return [];
    put(found.targets, await targets(page));
    const { violations, incomplete } = await axe(page);
    put(found.rules, [...violations, ...incomplete.filter((line) => !isTriaged(line)).map((line) => `not triaged: ${line}`)]);
    return [];
  });
  return found;
}

const none = (complaints) => assert.equal(complaints.length, 0, `\n${complaints.sort().join("\n")}`);

for (const width of WIDTHS) {
  describe(`at ${width} pixels`, () => {
    let found;
    before(async () => { found = await survey(width); });
    test("no page breaks an accessibility rule, and what axe could not judge has been judged by a person", () => none(found.rules));
    test("no page scrolls sideways, folded or unfolded, with short words or long ones", () => none(found.reflow));
    test("everything that can be pressed is large enough to press", () => none(found.targets));
  });
}

test("stacked cells repeat their column's label and never stand empty", () => nobodyComplains(320, plain, columnLabels));

test("two links with one name lead to one place, and titles say thing and place", () =>
  nobodyComplains(1280, plain, async (page) => {
    const title = await page.title();
    return [...(await linkNames(page)), ...(/ – .*Trellis$/.test(title) ? [] : [`title "${title}"`])];
  }));

test("text stays text whatever is written in it", () =>
  nobodyComplains(1280, names.filter((name) => name.endsWith("--hostile")), async (page) =>
    (await page.locator('img[src="x"]').count()) === 0 ? [] : ["markup got through"]));

test("at twice the text size nothing scrolls sideways", () => nobodyComplains(640, plain, async (page) => {
  await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
  return reflow(page);
}));

test("wider text spacing hides and cuts nothing", () => nobodyComplains(320, plain, async (page) => {
  await page.evaluate(() => {
    for (const e of document.querySelectorAll("body *")) Object.assign(e.style, { lineHeight: "1.5", letterSpacing: "0.12em", wordSpacing: "0.16em" });
  });
  return reflow(page);
}));

test("with scripts off every page still shows its heading, its form and its whole text", () =>
  nobodyComplains(1280, plain, async (page) => {
    const heading = await page.locator("h1").count();
    const buttons = await page.locator("button.app-needs-script:visible").count();
    return heading === 1 && buttons === 0 ? [] : [`${heading} headings, ${buttons} buttons that need the script`];
  }, { scripts: false }));

test("fifteen people and more fit on a laptop's first screen", async () => {
  const page = await openPage(browser, { width: 1280, height: 800 });
  await page.goto(`${site.url}/caseload.html`);
  const rows = await page.evaluate(() => [...document.querySelectorAll("tbody tr")].filter((row) => row.getBoundingClientRect().bottom <= window.innerHeight).length);
  assert.ok(rows >= 15, `${rows} rows are visible`);
  await page.context().close();
});

test("a first view weighs at most 150 KB, the provider's page at most 60 KB", async () => {
  for (const [name, most] of [["caseload", 150], ["person", 150], ["respond", 60], ["respond-contact", 60]]) {
    const page = await openPage(browser, { width: 320 });
    const weight = weigh(page);
    await page.goto(`${site.url}/${name}.html`, { waitUntil: "load" });
    const bytes = await weight();
    assert.ok(bytes > 2_000 && bytes <= most * 1024, `${name} weighs ${bytes} bytes`);
    await page.context().close();
  }
});

test("a refused form puts the focus on its error summary, and its links put it in the field", async () => {
  const page = await openPage(browser);
  await page.goto(`${site.url}/refer--error.html`);
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains("nhsuk-error-summary")));
  await page.getByRole("link", { name: "Say whether there is any risk" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "risk");
  await page.context().close();
});

test("with less motion asked for, nothing moves", () => nobodyComplains(1280, ["caseload", "person", "refer"], async (page) =>
  page.evaluate(() => [...document.querySelectorAll("*")].filter((e) => parseFloat(getComputedStyle(e).transitionDuration) > 0 || getComputedStyle(e).animationName !== "none").map((e) => `${e.tagName} moves`))));

test("the main action is few tabs away: three to answer a request, sixteen to send a referral", async () => {
  for (const [name, button, most] of [["respond", "Yes, we can help", 3], ["refer--known", "Send referral", 16]]) {
    const page = await openPage(browser);
    await page.goto(`${site.url}/${name}.html`);
    const tabs = await tabsTo(page, page.getByRole("button", { name: button }));
    assert.ok(tabs <= most, `${name}: ${tabs} tabs`);
    await page.context().close();
  }
});

test("wherever the keyboard goes, the focus is seen", () =>
  nobodyComplains(1280, ["refer--error", "caseload", "inbox", "person", "referral", "respond", "sign-in", "services"], (page) => focusIsSeen(page)));

test("logging a contact takes five interactions, once the person is open", async () => {
  const page = await openPage(browser);
  await page.goto(`${site.url}/person.html`);
  const hands = new Hands(page);
  await hands.press(page.getByText("Log contact", { exact: true }));
  await hands.press(page.getByLabel("Phone", { exact: true }));
  await hands.press(page.getByLabel("Spoke"));
  await hands.press(page.getByLabel("15 min"));
  await Promise.all([page.waitForRequest((request) => request.method() === "POST"), hands.press(page.getByRole("button", { name: "Save contact" }))]);
  hands.within(6, "J3, log a contact");
  await page.context().close();
});
