// A lead gives people to workers: new ones in the inbox within the budget of the journey, and those of somebody who is ill shared
// out over others. With scripts and without; each can be undone.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Hands } from "../kit/hands.mjs";
import { leave } from "./house.mjs";

const GIVEN = ["Una", "Otis", "Nora", "Milo", "Lida"];

async function workerOf(house, id) {
  const { worker, stage } = await house.region.referral("lena", id, "stage worker { name }");
  return { name: worker?.name ?? null, stage };
}

async function option(select, words) {
  const labels = await select.locator("option").allInnerTexts();
  return { label: labels.find((one) => one.startsWith(words)) ?? assert.fail(`nobody is called ${words}: ${labels}`) };
}

async function givesFive(house, { scripts, family }) {
  const sent = [];
  for (const given of GIVEN) sent.push(await house.region.referred(`${given} ${family}`));
  const page = await house.visit("lena", { scripts });
  await page.goto("/referrals?side=RECEIVED&state=SENT&owner=nobody");
  const hands = new Hands(page);
  for (const { reference } of sent) await hands.press(page.getByRole("checkbox", { name: new RegExp(reference) }));
  await hands.press(page.getByRole("button", { name: "Assign" }));
  await page.getByRole("heading", { name: "Give 5 referrals to somebody" }).waitFor();
  const who = page.getByLabel("Who gets them?");
  await hands.choose(who, await option(who, "Sam Brook"));
  await hands.press(page.getByRole("button", { name: "Confirm", exact: true }));
  await page.getByText("5 referrals given to Sam Brook.").waitFor();
  for (const { id } of sent) assert.deepEqual(await workerOf(house, id), { name: "Sam Brook", stage: "ACCEPTED" });
  await hands.press(page.getByRole("button", { name: "Undo" }));
  await page.getByText("5 referrals put back.").waitFor();
  hands.within(10, "J8, triage of five and an undo");
  for (const { id } of sent) assert.deepEqual(await workerOf(house, id), { name: null, stage: "ACCEPTED" });
  await page.getByRole("link", { name: "Back to the list" }).click();
  await page.getByRole("heading", { name: "Referrals", exact: true }).waitFor();
  await leave(page);
}

async function sharesOut(house, { scripts, family }) {
  const helped = [];
  for (const given of GIVEN.slice(0, 3)) helped.push(await house.region.given(`${given} ${family}`));
  const page = await house.visit("lena", { scripts });
  await page.goto("/people");
  await page.getByRole("link", { name: "Caseload by worker" }).click();
  await page.getByRole("heading", { name: "Caseload by worker" }).waitFor();
  assert.match(await page.locator("main").innerText(), /1 for each open referral/);
  await page.getByRole("link", { name: /waiting for first contact with Sam Brook/ }).click();
  for (const { reference } of helped) {
    for (let pages = 0; (await page.getByRole("checkbox", { name: new RegExp(reference) }).count()) === 0; pages += 1) {
      assert.ok(pages < 5, `${reference} is on no page`);
      await page.getByRole("link", { name: /Next/ }).first().click();
    }
    await page.getByRole("checkbox", { name: new RegExp(reference) }).check();
  }
  await page.getByRole("button", { name: "Give to somebody else" }).click();
  await page.getByText("Share them out over several workers instead").click();
  const over = page.getByRole("group", { name: "Over whom?" }).getByRole("checkbox");
  const names = await page.getByRole("group", { name: "Over whom?" }).locator("label").allInnerTexts();
  const others = names.flatMap((name, at) => (name.startsWith("Sam Brook") ? [] : [at]));
  assert.ok(others.length > 0, "nobody else works there");
  for (const at of others) await over.nth(at).check();
  await page.getByRole("button", { name: "Show who gets how many" }).click();
  await page.getByText("Who gets how many", { exact: true }).waitFor();
  await page.getByLabel("Why do they go to somebody else?").last().selectOption({ label: "Sick leave" });
  await page.getByRole("button", { name: "Confirm who gets how many" }).click();
  await page.getByRole("heading", { name: "Given away" }).waitFor();
  for (const { id } of helped) {
    const { name } = await workerOf(house, id);
    assert.ok(name && name !== "Sam Brook", `${name} has it`);
    const { timeline } = await house.region.referral("lena", id, "timeline(first: 1) { words reason }");
    assert.deepEqual(timeline[0], { words: `Sam Brook to ${name}`, reason: "Sick leave" });
  }
  await leave(page);
}

async function takesAContactBack(house, { scripts, family }) {
  const referral = await house.region.given(`Ada ${family}`);
  const page = await house.visit("sam", { scripts });
  await page.goto(`/referrals/${referral.id}/contact`);
  for (const label of ["Phone", "Spoke", "15 min"]) await page.getByLabel(label, { exact: true }).check();
  await page.getByRole("button", { name: "Save contact" }).click();
  await page.getByText("Contact saved.").waitFor();
  assert.equal((await workerOf(house, referral.id)).stage, "ACTIVE");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Contact taken back.").waitFor();
  assert.equal((await workerOf(house, referral.id)).stage, "ACCEPTED");
  assert.match(await page.locator("main").innerText(), /Phone: spoke, 15 minutes \(taken back\)/);
  await leave(page);
}

export function triage(house) {
  for (const [scripts, family] of [[true, "Scripton"], [false, "Plainley"]]) {
    describe(`a lead gives people to workers, with scripts ${scripts ? "on" : "off"}`, () => {
      test("J8: five are given to somebody, and put back, in ten interactions at most", () => givesFive(house(), { scripts, family }));
      test("those of somebody who is ill are shared out over the others", () => sharesOut(house(), { scripts, family: `${family}s` }));
      test("a contact that was logged by mistake is taken back", () => takesAContactBack(house(), { scripts, family }));
    });
  }
}
