// An access review: somebody looks at what everybody has, confirms one and then several, opens one to change or remove, and
// takes the list away; with scripts and without.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { leave } from "./house.mjs";

const PATH = "/admin/access-review";
const rows = (page) => page.locator("#reviewed tbody tr");
const others = (page) => rows(page).filter({ has: page.getByRole("button") });
const count = async (page, words) => Number((await page.getByRole("link", { name: words }).innerText()).match(/\((\d+)\)/)[1]);

async function confirms(house, { scripts }) {
  const page = await house.visit("cora", { scripts });
  await page.goto("/admin");
  await page.getByRole("link", { name: "Access review" }).click();
  await page.getByRole("heading", { name: "Access review", level: 1 }).waitFor();
  const waiting = await count(page, /^Not confirmed/);
  assert.match(await page.locator("main").innerText(), new RegExp(`${waiting} of \\d+ people still to look at`));

  // Nothing ticked is said, and nothing is lost.
  await page.getByRole("link", { name: /^Not confirmed/ }).click();
  await page.getByRole("button", { name: "Confirm those ticked" }).click();
  assert.match(await page.locator(".nhsuk-error-summary").innerText(), /Tick at least one person/);

  // One by its own button, then two by their boxes; each goes from the list of those who wait.
  const first = (await others(page).first().getByRole("rowheader").innerText()).split("\n")[0];
  await others(page).first().getByRole("button", { name: `Confirm ${first}` }).click();
  await page.getByText("Confirmed. Who looked, and when, is on record.").waitFor();
  assert.equal(await count(page, /^Not confirmed/), waiting - 1);
  for (const at of [0, 1]) await page.locator('input[name="member"]').nth(at).check();
  await page.getByRole("button", { name: "Confirm those ticked" }).click();
  await page.getByText("Confirmed. Who looked, and when, is on record.").waitFor();
  assert.equal(await count(page, /^Not confirmed/), waiting - 3);

  // Whoever was looked at last comes last, and Back goes back to the review.
  await page.getByRole("link", { name: "Change or remove" }).first().click();
  await page.getByRole("link", { name: "Back to the access review" }).click();
  await page.getByRole("heading", { name: "Access review", level: 1 }).waitFor();
  await page.goto(`${PATH}?which=no-factor`);
  assert.ok((await rows(page).count()) > 0);
  for (const row of await rows(page).all()) assert.match(await row.innerText(), /None/);
  return page;
}

/** Asks who is there where that was long ago. */
async function takesTheListAway(house, page, { scripts }) {
  await page.goto(PATH);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the list" }).click();
  const asked = page.getByRole("heading", { name: "First, prove that it is you" });
  await Promise.race([download, asked.waitFor().catch(() => undefined)]);
  if (await asked.count()) {
    await page.getByLabel("Password").fill(house.server.personas.of("cora").password);
    await page.getByRole("button", { name: "Go on with the password" }).click();
    if (!scripts) await page.getByRole("button").last().click();
  }
  const file = await download;
  assert.match(file.suggestedFilename(), /^access-review-\d{4}-\d\d-\d\d\.csv$/);
  const text = await readFile(await file.path(), "utf8");
  assert.match(text, /^\uFEFFName,E-mail,Organisation,May work as/);
  assert.ok(text.split("\r\n").length > 10, text);
  await leave(page);
}

export function review(house) {
  for (const scripts of [true, false]) {
    describe(`an access review, scripts ${scripts ? "on" : "off"}`, () => {
      let page;
      test("somebody looks at what everybody has, and says so", async () => { page = await confirms(house(), { scripts }); });
      test("they take the list away", () => takesTheListAway(house(), page, { scripts }));
    });
  }
}
