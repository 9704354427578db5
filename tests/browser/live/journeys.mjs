// The three journeys that decide the product, against the running product and within their budgets: an interaction is one
// press, one key chord or one field filled (kit/hands.mjs).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Hands, tabsTo } from "../kit/hands.mjs";
import { WALKERS_MAIL } from "../kit/region.mjs";
import { newestMail } from "../kit/server.mjs";
import { leave } from "./house.mjs";

/** The number of somebody whom the practice knows, as the practice's own system would paste it. */
async function knownNumber(house) {
  const query = `{ referrals(filter: { side: SENT_BY_US }, first: 30) { edges { node { id } } } }`;
  const { referrals } = await house.region.ask("osei", query);
  for (const { node } of referrals.edges) {
    const { person } = await house.region.referral("osei", node.id, "person { name identity { nhsNumber } }");
    if (person?.identity.nhsNumber) return { number: person.identity.nhsNumber, name: person.name };
  }
  return assert.fail("the practice knows nobody with an NHS number");
}

const ourTeam = (page) => page.getByLabel("Who should get this referral?");
async function chooseOurTeam(hands, page) {
  const labels = await ourTeam(page).locator("option").allInnerTexts();
  await hands.choose(ourTeam(page), { label: labels.find((one) => one.includes("North Vale Community Links")) });
}

async function theRest(hands, page) {
  await hands.press(page.getByLabel("Company"));
  await hands.press(page.getByLabel("Money and debt"));
  await hands.press(page.getByLabel("No known risk"));
  await chooseOurTeam(hands, page);
  await hands.press(page.getByLabel("Yes, they said so"));
  await hands.fill(page.getByLabel("What matters to them?"), "To see people twice a week, and to sleep again.");
  await hands.press(page.getByRole("button", { name: "Send referral" }));
  await page.getByRole("heading", { name: "Referral sent" }).waitFor();
}

async function refersSomebodyKnown(house) {
  const { number, name } = await knownNumber(house);
  const page = await house.visit("osei");
  await page.goto("/refer");
  const hands = new Hands(page);
  await hands.fill(page.getByLabel("NHS number or name"), number);
  await hands.key("Enter");
  await page.getByRole("heading", { name: "This referral is for" }).waitFor();
  assert.ok((await page.locator("main").innerText()).includes(name));
  await theRest(hands, page);
  hands.within(12, "J1, refer somebody known");
  await leave(page);
}

async function refersSomebodyNew(house) {
  const page = await house.visit("osei");
  await page.goto("/refer");
  const hands = new Hands(page);
  const typed = { "First name": "Agatha", "Last name": "Newbold", Day: "1", Month: "2", Year: "1960", Postcode: "LA8 9AA" };
  for (const [label, words] of Object.entries(typed)) await hands.fill(page.getByLabel(label, { exact: true }), words);
  await hands.press(page.getByLabel("Letter", { exact: true }));
  await theRest(hands, page);
  hands.within(16, "J1, refer somebody new by hand");
  await leave(page);
}

async function codeAfter(house, mail) {
  const { text } = await newestMail(house.server, WALKERS_MAIL, /Your code is \d{6}/, { after: mail.id });
  return text.match(/\d{6}/)[0];
}

/** A device that nobody knows: yes, the code, and there they are. */
async function answersFromTheEmail(house) {
  const { link, mail } = await house.region.offered("Percy Quill");
  const page = await house.visitor({ width: 320, height: 640 });
  await page.goto(link);
  const hands = new Hands(page);
  await hands.press(page.getByRole("button", { name: "Yes, we can help" }));
  await hands.fill(page.getByLabel("6-digit code"), await codeAfter(house, mail));
  await hands.press(page.getByRole("button", { name: "Show who it is" }));
  await page.getByRole("heading", { name: "How to reach Percy Quill" }).waitFor();
  hands.within(3, "J2, answer from an e-mail on a new device");
  return page;
}

/** The same device again: it is known, so one press is enough. */
async function answersOnAKnownDevice(house, page) {
  const { link } = await house.region.offered("Olive Tranter");
  await page.goto(link);
  const hands = new Hands(page);
  await hands.press(page.getByRole("button", { name: "Yes, we can help" }));
  await page.getByRole("heading", { name: "How to reach Olive Tranter" }).waitFor();
  hands.within(1, "J2, answer from an e-mail on a known device");
  await leave(page);
}

async function personOf(house, referral) {
  const { person } = await house.region.referral("sam", referral.id, "person { id }");
  return `/people/${person.id}`;
}

async function logsAContact(house) {
  const page = await house.visit("sam");
  await page.goto(await personOf(house, await house.region.given("Hetty Marlow")));
  const hands = new Hands(page);
  await hands.press(page.getByText("Log contact", { exact: true }));
  await hands.press(page.getByLabel("Phone", { exact: true }));
  await hands.press(page.getByLabel("Spoke"));
  await hands.press(page.getByLabel("15 min"));
  await hands.press(page.getByRole("button", { name: "Save contact" }));
  await page.getByText("Contact saved.").waitFor();
  hands.within(6, "J3, log a contact");
  await leave(page);
}

/** Brings the focus forward to a control, as a hand on the Tab key does. */
async function tabOn(page, target, most = 12) {
  const wanted = await target.elementHandle();
  for (let tabs = 0; tabs < most; tabs += 1) {
    if (await wanted.evaluate((e) => e === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the focus never came to ${target}`);
}

async function logsAContactByKeyboard(house) {
  const page = await house.visit("sam");
  await page.goto(await personOf(house, await house.region.given("Ivo Larkin")));
  await tabsTo(page, page.locator("summary", { hasText: "Log contact" }));
  await page.keyboard.press("Enter");
  for (const [group, steps] of [["Type", 0], ["Result", 0], ["Length", 1]]) {
    await tabOn(page, page.getByRole("group", { name: group, exact: true }).getByRole("radio").first());
    await page.keyboard.press("Space");
    for (let n = 0; n < steps; n += 1) await page.keyboard.press("ArrowDown");
  }
  await tabOn(page, page.getByLabel("Note"));
  await page.keyboard.type("By keyboard alone");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Contact saved.").waitFor();
  assert.ok(await page.evaluate(() => document.activeElement?.textContent?.includes("Contact saved.")), "the focus is not on what was done");
  assert.match(await page.locator("main").innerText(), /Phone: spoke, 15 min\. Sam Brook\s+By keyboard alone/);
  await leave(page);
}

async function answersByKeyboard(house) {
  const { link, mail } = await house.region.offered("Rufus Bellamy");
  const page = await house.visitor();
  await page.goto(link);
  assert.ok((await tabsTo(page, page.getByRole("button", { name: "Yes, we can help" }))) <= 3, "yes is more than three tabs away");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Enter the code we sent you" }).waitFor();
  await tabsTo(page, page.getByLabel("6-digit code"));
  await page.keyboard.type(await codeAfter(house, mail));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "How to reach Rufus Bellamy" }).waitFor();
  await leave(page);
}

export function journeys(house) {
  describe("the journeys stay within their budgets", () => {
    test("J1: a doctor refers somebody known in twelve interactions at most", () => refersSomebodyKnown(house()));
    test("J1: a doctor refers somebody new by hand in sixteen at most", () => refersSomebodyNew(house()));
    test("J2: a volunteer answers from the e-mail in three at most; on a device that is known, in one", async () =>
      answersOnAKnownDevice(house(), await answersFromTheEmail(house())));
    test("J2: the volunteer needs no mouse", () => answersByKeyboard(house()));
    test("J3: a link worker logs a contact in six at most", () => logsAContact(house()));
    test("J3: the link worker needs no mouse, and the focus lands on what was done", () => logsAContactByKeyboard(house()));
  });
}
