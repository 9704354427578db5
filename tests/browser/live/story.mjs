// The story of the product, as a newcomer walks it in a browser: a practice asks, a link worker takes it up and passes it on,
// a charity answers from an e-mail, and the practice reads how it ended.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WALKERS, WALKERS_MAIL, nhsNumber } from "../kit/region.mjs";
import { newestMail, signIn } from "../kit/server.mjs";
import { everythingOn, leave } from "./house.mjs";

const ENDING = "A weekly walk with tea, and a neighbour to go with";

/** Fields of the referral, as somebody new to the page fills them in from top to bottom. */
async function fillIn(page, person) {
  await page.getByLabel("NHS number or name").fill(person.nhs);
  await page.getByRole("button", { name: "Find this person" }).click();
  await page.getByText("You have nobody with this number or name yet").waitFor();
  await page.getByLabel("First name").fill(person.first);
  await page.getByLabel("Last name").fill(person.last);
  await page.getByLabel("Day", { exact: true }).fill("9");
  await page.getByLabel("Month", { exact: true }).fill("3");
  await page.getByLabel("Year", { exact: true }).fill("1951");
  await page.getByLabel("Postcode").fill("LA9 4PU");
  await page.getByLabel("Company").check();
  await page.getByLabel("Getting active").check();
  await page.getByLabel("No known risk").check();
  await page.getByLabel("Phone", { exact: true }).check();
  await page.getByText("Add a phone number, an address or large print").click();
  await page.getByLabel("Their phone number").fill(person.phone);
  await page.getByLabel("Who should get this referral?").selectOption({ label: await optionLike(page, "Who should get this referral?", /North Vale Community Links/) });
  await page.getByLabel("Yes, they said so").check();
  await page.getByLabel("What matters to them?").fill("Hearing birds again");
}

async function optionLike(page, label, pattern) {
  const labels = await page.getByLabel(label).locator("option").allInnerTexts();
  return labels.find((one) => pattern.test(one)) ?? assert.fail(`no ${pattern} among ${labels}`);
}

async function entered(house, who, options) {
  const page = await house.visitor(options);
  await signIn(page, house.server, house.server.personas.of(who));
  return page;
}

async function practiceRefers(house, told, options) {
  const page = await entered(house, "osei", options);
  assert.match(await page.locator("header").innerText(), /Mill Street Surgery/);
  await page.getByRole("link", { name: "Refer someone" }).click();
  const beside = await page.getByRole("complementary").innerText();
  assert.match(beside, /Community Links link workers[^]*Fellside link workers/);
  assert.doesNotMatch(beside, /Choose a service/);
  await fillIn(page, told.person);
  await page.getByRole("button", { name: "Send referral" }).click();
  await page.getByRole("heading", { name: "Referral sent" }).waitFor();
  told.id = new URL(page.url()).pathname.split("/")[2];
  told.reference = (await house.region.referral("osei", told.id)).reference;
  const said = await page.locator("main").innerText();
  assert.ok(said.includes(told.reference), said);
  assert.match(said, new RegExp(`North Vale Community Links, now has the referral for ${told.name}`));
  await page.getByRole("link", { name: "See this referral" }).click();
  assert.match(await page.locator("main").innerText(), /Hearing birds again/);
  await leave(page);
}

async function teamLeadTakesItUp(house, told, options) {
  const page = await entered(house, "lena", options);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Referrals" }).click();
  const row = page.getByRole("row").filter({ hasText: told.reference });
  const line = await row.innerText();
  assert.match(line, /Company, getting active/);
  assert.match(line, /Mill Street Surgery/);
  assert.doesNotMatch(await everythingOn(page), new RegExp(told.person.last), "the inbox names nobody before accepting");
  await row.getByRole("link").click();
  await page.getByRole("button", { name: "Accept referral" }).click();
  await page.getByText("Referral accepted.").waitFor();
  assert.match(await page.locator("main").innerText(), new RegExp(`${told.name}[^]*${told.person.phone}`));
  await page.getByText("Give to a worker…").click();
  await page.getByLabel("Who?").selectOption({ label: "Sam Brook" });
  await page.getByRole("button", { name: "Give to a worker" }).click();
  await page.getByText("Given to the worker.").waitFor();
  await leave(page);
}

/** Sam finds the person on the list of his people; his page stays open for the rest of the story. */
async function linkWorkerPassesItOn(house, told, options) {
  const page = await entered(house, "sam", options);
  told.sam = page;
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "My people" }).click();
  await page.getByLabel("Search by name").fill(told.name);
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.locator("main").getByRole("link", { name: told.name }).click();
  told.personPath = new URL(page.url()).pathname;
  assert.match(await page.locator("main").innerText(), /Next: Make the first contact[^]*Hearing birds again/);
  await page.getByRole("link", { name: `Find a service for ${told.name}` }).click();
  await page.getByLabel("Words").fill(WALKERS);
  await page.getByRole("button", { name: "Apply filters" }).first().click();
  await page.getByRole("row").filter({ hasText: WALKERS }).filter({ hasText: /free place|Room/ }).getByRole("link", { name: "Choose" }).first().click();
  assert.match(await page.getByRole("complementary").innerText(), /No name and no address/);
  await page.getByLabel("Yes, they said so").check();
  await page.getByRole("button", { name: "Send request" }).click();
  await page.getByRole("heading", { name: "Referral sent" }).waitFor();
  told.onward = new URL(page.url()).pathname.split("/")[2];
  told.onwardReference = (await house.region.referral("sam", told.onward)).reference;
}

async function fromTheMailbox(page, mail) {
  await page.goto("/demo/mailbox");
  await page.getByRole("link", { name: new RegExp(`number ${mail.id}$`) }).click();
}

function knowsNobody(seen, told) {
  for (const secret of [told.person.first, told.person.last, told.person.phone, told.person.nhs, "Hearing birds"]) {
    assert.ok(!seen.includes(secret), `"${secret}" is on the page before anybody said yes`);
  }
}

async function charityLooks(house, told, options) {
  const mail = await newestMail(house.server, WALKERS_MAIL, new RegExp(told.onwardReference));
  knowsNobody(JSON.stringify(mail), told);
  const page = await house.visitor(options);
  Object.assign(told, { volunteer: page, requestMail: mail.id });
  await fromTheMailbox(page, mail);
  const before = await house.region.referral("sam", told.onward);
  await page.locator("main").getByRole("link", { name: /^http/ }).click();
  for (const time of ["first", "second"]) {
    await page.getByRole("heading", { name: "Can you help this person?" }).waitFor();
    const seen = await everythingOn(page);
    knowsNobody(seen, told);
    assert.match(seen, /75 to 84/, `the ${time} look`);
    assert.match(seen, /LA9/);
    await page.reload();
  }
  assert.deepEqual(await house.region.referral("sam", told.onward), before, "looking has changed something");
}

async function charityAnswers(house, told) {
  const page = told.volunteer;
  const link = page.url();
  await page.getByRole("button", { name: "Yes, we can help" }).click();
  await page.getByRole("heading", { name: "Enter the code we sent you" }).waitFor();
  knowsNobody(await everythingOn(page), told);
  const mail = await newestMail(house.server, WALKERS_MAIL, /Your code is \d{6}/, { after: told.requestMail });
  const inbox = await house.visitor();
  await fromTheMailbox(inbox, mail);
  const [code] = (await inbox.locator("main").innerText()).match(/\b\d{6}\b/);
  await leave(inbox);
  await page.getByLabel("6-digit code").fill(code);
  await page.getByRole("button", { name: "Show who it is" }).click();
  const seen = await page.locator("main").innerText();
  assert.match(seen, new RegExp(`How to reach ${told.name}[^]*${told.person.phone}`));
  assert.ok(!(await everythingOn(page)).includes(told.person.nhs), "a charity has no need of the NHS number");
  assert.equal(page.url(), link);
  await leave(page);
}

async function linkWorkerFinishes(told) {
  const page = told.sam;
  await page.goto(told.personPath);
  assert.match(await page.locator("main").innerText(), new RegExp(`${told.onwardReference}\\s+Accepted`));
  await page.getByText("Log contact", { exact: true }).click();
  await page.getByLabel("Phone", { exact: true }).check();
  await page.getByLabel("Spoke").check();
  await page.getByLabel("15 min").check();
  await page.getByLabel("Note").fill("Went twice, likes the tea");
  await page.getByRole("button", { name: "Save contact" }).click();
  await page.getByText("Contact saved.").waitFor();
  assert.match(await page.locator("main").innerText(), /Phone: spoke, 15 min\. Sam Brook\s+Went twice, likes the tea/);
  await page.goto(`/referrals/${told.id}`);
  await page.getByRole("link", { name: "Finish", exact: true }).click();
  await page.getByLabel("The goal was met").check();
  await page.getByLabel("What support was offered?").fill(ENDING);
  await page.getByRole("button", { name: "Finish" }).click();
  await page.getByText("Finished. Whoever asked hears").waitFor();
  await leave(page);
}

async function practiceHears(house, told, options) {
  const page = await entered(house, "osei", options);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Referrals" }).click();
  const row = page.getByRole("row").filter({ hasText: told.reference });
  assert.match(await row.innerText(), /Finished/);
  await row.getByRole("link").click();
  const seen = await page.locator("main").innerText();
  assert.match(seen, new RegExp(`This referral is closed[^]*${ENDING}`));
  assert.ok(!seen.includes("likes the tea"), "the notes of the link workers are theirs");
  await page.getByRole("button", { name: "Mark news as read" }).click();
  await page.getByRole("button", { name: "Mark news as read" }).waitFor({ state: "detached" });
  await leave(page);
}

/** One story, told step by step: each step begins where the one before it ended. */
export function story(house, { scripts, first, last, nine }) {
  describe(`from the practice to the charity and back, scripts ${scripts ? "on" : "off"}`, () => {
    const told = { name: `${first} ${last}`, person: { first, last, nhs: nhsNumber(nine), phone: "01632 960077" } };
    const options = { scripts };
    test("a doctor refers somebody new on one page and sees the reference", () => practiceRefers(house(), told, options));
    test("the team lead finds it without a name, accepts it, reads the name and gives it to Sam", () => teamLeadTakesItUp(house(), told, options));
    test("Sam passes it on to Eastfield Walkers", () => linkWorkerPassesItOn(house(), told, options));
    test("the volunteer sees a request without a name, and looking twice changes nothing", () => charityLooks(house(), told, options));
    test("the volunteer says yes, proves the device, and reads whom to phone", () => charityAnswers(house(), told));
    test("Sam sees the yes, logs a contact and finishes", () => linkWorkerFinishes(told));
    test("the doctor reads how it ended", () => practiceHears(house(), told, options));
  });
}
