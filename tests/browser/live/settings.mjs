// Screen 22: an administrator settles how people sign in and how the organisation shows itself, looks at what is different before it
// holds, plans a change for a day and withdraws it; with scripts and without.
import assert from "node:assert/strict";

/** A picture of one pixel, and a program that calls itself a picture. */
const DOT = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const SVG = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");

const background = (page, what) => page.locator(what).evaluate((e) => getComputedStyle(e).backgroundColor);
const said = (page) => page.locator("main").innerText();
const check = (page) => page.getByRole("button", { name: "Check the change" }).click();
const wrong = (page) => page.locator(".nhsuk-error-summary").innerText();

async function showsItself(page, name) {
  const shown = `${name} and friends`;
  await page.goto("/admin/settings");
  assert.match(await said(page), /Nothing was changed yet/);
  await page.getByRole("link", { name: "Change something" }).click();
  await check(page);
  assert.match(await wrong(page), /Nothing is different/);
  await page.getByLabel("Minutes without use").fill("20");
  await page.getByLabel("Name to show").fill(shown);
  await page.getByLabel("Line below the name").fill("Come and dig");
  await page.getByLabel("Colour").fill("#ffcc00");
  await page.getByLabel("Logo").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: SVG });
  await check(page);
  assert.match(await wrong(page), /neither a PNG nor a JPEG/);
  assert.equal(await page.getByLabel("Name to show").inputValue(), shown, "what was typed is kept");
  await page.getByLabel("Logo").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: DOT });
  await check(page);
  assert.match(await wrong(page), /contrast is less than 4.5 to 1/);
  // The picture was taken the first time, and travels on.
  await page.getByAltText("The logo as it is now").waitFor();
  await page.getByLabel("Colour").fill("#1d3c6e");
  await check(page);
  await page.getByRole("heading", { name: "Check the change" }).waitFor();
  const different = await said(page);
  for (const words of ["30 minutes", "20 minutes", shown, "#1d3c6e", "Takes effect: At once"]) assert.ok(different.includes(words), different);
  assert.equal(await background(page, ".app-header--sample"), "rgb(29, 60, 110)", "the sample has the colour");
  assert.notEqual(await background(page, "header.app-header"), "rgb(29, 60, 110)", "nothing holds yet");
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText("Settings published.").waitFor();
  const top = page.locator("header.app-header");
  assert.match(await top.innerText(), new RegExp(`${shown}\\s+Come and dig`));
  assert.equal(await background(page, "header.app-header"), "rgb(29, 60, 110)");
  assert.equal(await top.locator("img.app-logo").evaluate((e) => e.complete && e.naturalWidth), 1, "the logo is there");
}

/** Some day next month, as its three boxes. */
function someDay() {
  const day = new Date(Date.now() + 40 * 86_400_000);
  return { day: 15, month: day.getMonth() + 1, year: day.getFullYear() };
}

async function plansAndWithdraws(page) {
  await page.getByRole("link", { name: "Change something" }).click();
  await page.getByLabel("Minutes without use").fill("15");
  await page.getByLabel("Needed by everybody").check();
  await page.getByLabel("From the beginning of a day").check();
  await check(page);
  assert.match(await wrong(page), /Enter the day/);
  for (const [part, value] of Object.entries(someDay())) await page.locator(`[name=day-${part}]`).fill(String(value));
  await check(page);
  await page.getByRole("heading", { name: "Check the change" }).waitFor();
  assert.match(await said(page), /has to sign in again, and to set up a second one/);
  await page.getByRole("button", { name: "Change something" }).click();
  assert.equal(await page.getByLabel("Minutes without use").inputValue(), "15", "nothing is lost on the way back");
  await check(page);
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText("Settings published.").waitFor();
  await page.getByRole("heading", { name: "What is planned" }).waitFor();
  assert.match(await said(page), /Locks when unused for: 15 minutes, before 20 minutes/);
  await page.getByRole("button", { name: "Withdraw" }).click();
  await page.getByText("Withdrawn. It will not take effect.").waitFor();
  assert.equal(await page.getByRole("heading", { name: "What is planned" }).count(), 0);
  const rows = await page.locator("tbody tr").allInnerTexts();
  assert.equal(rows.length, 2, rows.join("\n"));
  assert.match(rows[0], /Jen Moss[\s\S]*Withdrawn by Jen Moss/);
  assert.match(rows[1], /Jen Moss[\s\S]*Name shown[\s\S]*In force/);
}

export async function settles(page, name) {
  await showsItself(page, name);
  await plansAndWithdraws(page);
}
