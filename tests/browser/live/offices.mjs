// Journey J4 and what follows from it: an organisation is added with its people, within the budget; somebody opens the mail,
// joins, and sees a first page; with scripts and without.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Hands } from "../kit/hands.mjs";
import { newestMail } from "../kit/server.mjs";
import { everythingOn, leave } from "./house.mjs";
import { settles } from "./settings.mjs";

export const PASSWORD = "seven quiet otters";

export async function addsAnOrganisation(house, { scripts, name, host }) {
  const page = await house.visit("cora", { scripts });
  await page.goto("/admin/organisations");
  const hands = new Hands(page);
  await hands.press(page.getByRole("link", { name: "Add an organisation" }));
  await hands.fill(page.getByLabel("Name", { exact: true }), name);
  await hands.press(page.getByLabel("community group"));
  await hands.fill(page.getByLabel("Postcode"), "LA9 4DL");
  await hands.fill(page.getByLabel("Phone for questions"), "01632 960 020");
  await hands.fill(page.getByLabel("What does it offer?"), "Garden mornings\nTool library\nSeed swap");
  const people = page.locator(".app-panel");
  for (const [at, local, role] of [[0, "jen", "administrator"], [1, "vic", "provider worker"]]) {
    await hands.fill(people.nth(at).getByLabel("E-mail address"), `${local}@${host}`);
    await hands.press(people.nth(at).getByLabel(role, { exact: true }));
  }
  await hands.press(page.getByLabel("data sharing agreement"));
  await hands.press(page.getByRole("button", { name: "Check answers" }));
  await page.getByRole("heading", { name: "Check your answers" }).waitFor();
  const answers = await page.locator("main").innerText();
  for (const words of [name, "Seed swap", `vic@${host}: provider worker`]) assert.ok(answers.includes(words), answers);
  await hands.press(page.getByRole("button", { name: "Send invites" }));
  await page.getByRole("heading", { name }).waitFor();
  assert.match(await page.locator("main").innerText(), /Organisation added/);
  hands.within(18, "J4, add an organisation with two people");
  await keepsAnAgreement(page);
  assert.doesNotMatch(await everythingOn(page), /NHS number [0-9]/, "whoever coordinates sees nobody who is helped");
  await leave(page);
}

/** What would happen comes first; then it is shut, and says how far it is. */
async function closesIt(house, { scripts, name }) {
  const page = await house.visit("cora", { scripts });
  await page.goto(`/admin/organisations?words=${encodeURIComponent(name)}`);
  await page.getByRole("link", { name }).click();
  await page.getByRole("link", { name: `See what closing ${name} would do` }).click();
  await page.getByRole("heading", { name: `Close ${name} for good` }).waitFor();
  assert.match(await page.locator("main").innerText(), /Nothing is open/);
  await page.getByRole("button", { name: "Show what would happen" }).click();
  await page.getByRole("button", { name: `Close ${name}: nobody takes over` }).waitFor();
  // another one is chosen, and what that would do was not read yet
  const box = page.getByLabel("Successor");
  const heir = (await box.locator("option").nth(1).textContent()).trim();
  await box.selectOption({ index: 1 });
  await page.getByRole("button", { name: `Close ${name}` }).click();
  assert.match(await page.locator(".nhsuk-error-summary").innerText(), /You chose another successor/);
  await page.getByRole("button", { name: `Close ${name}: ${heir} takes over` }).click();
  await page.getByRole("heading", { name: "What it held" }).waitFor();
  assert.match(await page.locator("main").innerText(), /Closed for good/);
  await leave(page);
}

/** The press arrives twice, as from a hasty hand on a slow line: one is kept. */
async function keepsAnAgreement(page) {
  await page.getByText("Keep an agreement").click();
  await page.getByLabel("Version").fill("2027-spring");
  const form = page.locator("form").filter({ has: page.getByRole("button", { name: "Keep agreement" }) });
  const { action, data } = await form.evaluate((form) => ({
    action: form.action, data: new URLSearchParams(new FormData(form)).toString(),
  }));
  const headers = { "content-type": "application/x-www-form-urlencoded", origin: new URL(action).origin };
  const answers = await Promise.all([0, 1].map(() => page.request.post(action, { data, headers })));
  for (const answer of answers) assert.match(await answer.text(), /Agreement kept/);
  await page.reload();
  assert.equal(await page.getByText("version 2027-spring").count(), 1);
}

/** From the mailbox to a page that somebody leaves again. */
export async function comesIn(house, { scripts, host }, { local, called }) {
  const { text } = await newestMail(house.server, `${local}@${host}`, /\/invitation\//);
  const page = await house.visitor({ scripts });
  await page.goto(text.match(/http\S+\/invitation\/\S+/)[0]);
  await page.getByLabel("Your full name").fill(called);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Join" }).click();
  await page.locator(".app-menu summary").waitFor();
  return page;
}

/** The same with every mistake on the way. Looking at the link spends nothing, so it is looked at twice. */
async function joins(house, { scripts, name, host }) {
  const { text } = await newestMail(house.server, `jen@${host}`, /\/invitation\//);
  const link = text.match(/http\S+\/invitation\/\S+/)[0];
  const page = await house.visitor({ scripts });
  await page.goto(link);
  await page.goto(link);
  await page.getByRole("heading", { name: `Join ${name}` }).waitFor();
  await page.getByLabel("Your full name").fill("Jen Moss");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Join" }).click();
  assert.match(await page.locator(".nhsuk-error-summary").innerText(), /15 characters/);
  assert.equal(await page.getByLabel("Your full name").inputValue(), "Jen Moss", "what was typed is kept");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByRole("heading", { name: "People" }).waitFor();
  assert.match(await page.locator("main").innerText(), /Jen Moss/);
  await page.goto(link);
  await page.getByRole("heading", { name: "This invitation was taken up" }).waitFor();
  return page;
}

async function invites(page, host) {
  await page.goto("/admin/invitations");
  assert.match(await page.locator("main").innerText(), new RegExp(`vic@${host}`));
  await page.getByRole("button", { name: `Take back the invitation to vic@${host}` }).click();
  await page.getByText("Everybody who was invited has come.").waitFor();
  await page.getByRole("link", { name: "Invite somebody" }).first().click();
  await page.getByRole("button", { name: "Send invitation" }).click();
  assert.match(await page.locator(".nhsuk-error-summary").innerText(), /Choose what they will do/);
  await page.getByLabel("E-mail address").fill(`lou@${host}`);
  await page.getByLabel("provider worker").check();
  await page.getByRole("button", { name: "Send invitation" }).click();
  await page.getByText("Invitation sent.").waitFor();
  await page.goto("/admin/people");
  await page.getByRole("link", { name: "Jen Moss" }).click();
  await page.getByRole("button", { name: "End Jen Moss" }).click();
  assert.match(await page.locator(".nhsuk-error-summary").innerText(), /last one who answers/);
  await leave(page);
}

export function offices(house) {
  const ways = [
    { scripts: true, name: "Moorside Allotments", host: "moorside.example.org" },
    { scripts: false, name: "Beck Row Singers", host: "beck-row.example.org" },
  ];
  for (const way of ways) {
    describe(`an organisation and its people, scripts ${way.scripts ? "on" : "off"}`, () => {
      let page;
      test("whoever coordinates adds it, checks, and sends the invitations", () => addsAnOrganisation(house(), way));
      test("somebody joins from the e-mail and sees a first page", async () => { page = await joins(house(), way); });
      test("they settle how people sign in, and how it shows itself", () => settles(page, way.name));
      test("they answer for it from now on, and cannot leave it alone", () => invites(page, way.host));
      test("whoever coordinates sees what closing it does, and closes it", () => closesIt(house(), way));
    });
  }
}
