// An organisation asks everybody for a second step: whoever has none sets one up at their next sign-in, and comes in by no other
// way. Somebody loses theirs: their administrator only begins a reset, and they finish it themselves. With scripts and without.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { code } from "../kit/codes.mjs";
import { newestMail } from "../kit/server.mjs";
import { leave } from "./house.mjs";
import { PASSWORD, addsAnOrganisation, comesIn } from "./offices.mjs";

const heading = (page, words) => page.getByRole("heading", { name: words, level: 1 }).waitFor();
const press = (page, words) => page.getByRole("button", { name: words, exact: true }).click();
const inside = (page) => page.locator(".app-menu summary").waitFor();

async function password(page, email) {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await press(page, "Sign in");
}

/** From the page that asks for it to a first page; the key that the app keeps. */
async function setsUpAnApp(page) {
  await heading(page, "Set up an authenticator app");
  await page.getByLabel("6-digit code").fill("000000");
  await press(page, "Switch it on");
  await page.locator(".nhsuk-error-summary").waitFor();
  const secret = await page.locator("strong.app-code").innerText();
  await page.getByLabel("6-digit code").fill(code(secret));
  await press(page, "Switch it on");
  await heading(page, "Keep these recovery codes");
  assert.equal(await page.locator("li.app-code").count(), 10);
  await press(page, "I have kept them: go on");
  await inside(page);
  return secret;
}

/** Whoever settles it is asked first of all, and is told why. */
async function asksForIt(page, email) {
  await page.goto("/admin/settings");
  await page.getByRole("link", { name: "Change something" }).click();
  await page.getByLabel("Needed by everybody").check();
  await press(page, "Check the change");
  assert.match(await page.locator("main").innerText(), /2 of 2 people have no second step/);
  await press(page, "Publish");
  await page.waitForURL(/\/sign-in/);
  await page.getByText("This organisation now asks for a second step").waitFor();
  await password(page, email);
  await setsUpAnApp(page);
}

/** With the right password and nothing else: no page but the one that sets it up. */
async function setsItUpAtTheDoor(house, { scripts }, email) {
  const page = await house.visitor({ scripts });
  await password(page, email);
  await heading(page, "Set up an authenticator app");
  await page.goto("/today");
  await page.waitForURL(/\/sign-in/);
  await password(page, email);
  const secret = await setsUpAnApp(page);
  await leave(page);
  return secret;
}

async function beginsAReset(page, who) {
  await page.goto("/admin/people");
  await page.getByRole("link", { name: who }).click();
  await press(page, `Begin a reset for ${who}`);
  await page.locator(".nhsuk-notification-banner, .app-notice, [role=status]").first().waitFor();
}

/** Until it is finished nothing changes; the mail alone opens nothing; then the old app is of no use. */
async function goesOn(house, { scripts }, { email, old }) {
  const { text } = await newestMail(house.server, email, /\/reset\//);
  const page = await house.visitor({ scripts });
  await page.goto(text.match(/http\S+\/reset\/\S+/)[0]);
  await heading(page, "Set up a new second step");
  await page.getByLabel("Your password").fill("not the password at all");
  await press(page, "Go on");
  await page.locator(".nhsuk-error-summary").waitFor();
  await page.getByLabel("Your password").fill(PASSWORD);
  await press(page, "Go on");
  const fresh = await setsUpAnApp(page);
  assert.notEqual(fresh, old);
  const other = await house.visitor({ scripts });
  await password(other, email);
  await heading(other, "Prove that it is you");
  await other.getByLabel("6-digit code").fill(code(old));
  await press(other, "Sign in");
  await other.getByText("Enter the 6 digits that your app shows now").first().waitFor();
  await other.getByLabel("6-digit code").fill(code(fresh, 1));
  await press(other, "Sign in");
  await inside(other);
  await leave(other);
  await leave(page);
}

export function factors(house) {
  const ways = [
    { scripts: true, name: "Tarn Row Gardeners", host: "tarn-row.example.org" },
    { scripts: false, name: "Low Mill Choir", host: "low-mill.example.org" },
  ];
  for (const way of ways) {
    describe(`a second step that everybody needs, scripts ${way.scripts ? "on" : "off"}`, () => {
      let [page, old] = [];
      const vic = `vic@${way.host}`;
      test("an organisation has an administrator and a worker", async () => {
        await addsAnOrganisation(house(), way);
        page = await comesIn(house(), way, { local: "jen", called: "Jen Moss" });
        await leave(await comesIn(house(), way, { local: "vic", called: "Vic Hart" }));
      });
      test("whoever asks everybody for it sets it up first", () => asksForIt(page, `jen@${way.host}`));
      test("whoever has none sets it up at the door", async () => { old = await setsItUpAtTheDoor(house(), way, vic); });
      test("an administrator begins a reset for whoever lost theirs", () => beginsAReset(page, "Vic Hart"));
      test("they finish it with the mail and their own password", async () => {
        await goesOn(house(), way, { email: vic, old });
        await leave(page);
      });
    });
  }
}
