// What matters to somebody, written down together with them: goals, actions, a colleague who was quicker, every version, and
// the copy on paper. Told with scripts and without.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { leave } from "./house.mjs";

const main = (page) => page.locator("main").innerText();
const button = (page, name) => page.getByRole("button", { name });

async function personOf(house, name) {
  const { id } = await house.region.active(name);
  const { referral } = await house.region.ask("sam", "query($id: ID!) { referral(id: $id) { person { id } } }", { id });
  return referral.person.id;
}

async function planOf(house, person) {
  const query = "query($id: ID!) { person(id: $id) { plan { version whatMatters goals { id words ratings { score on } actions { id kind words by byName dueOn doneOn } } } } }";
  return (await house.region.ask("lena", query, { id: person })).person.plan;
}

async function makesThePlan(page, person, name) {
  await page.goto(`/people/${person}`);
  await page.getByRole("link", { name: `Make a plan with ${name}` }).click();
  await page.getByLabel("What matters to me").fill("My dog, and hearing birds");
  await button(page, "Add a goal").click();
  await page.getByLabel("The goal, in their own words").fill("Walk with others every Monday");
  await page.getByLabel("How far are they today, in their view?").selectOption("4");
  await button(page, "Add an action for goal 1").click();
  assert.equal(await page.getByLabel("What matters to me").inputValue(), "My dog, and hearing birds", "nothing typed is lost");
  assert.equal(await page.getByLabel("How far are they today, in their view?").inputValue(), "4");
  await page.getByLabel("What", { exact: true }).fill("Go along to the first walk");
  await page.getByLabel("Kind").selectOption("ACCOMPANY");
  await page.getByLabel("Who does it?").selectOption("SUPPORTER");
  await page.getByLabel("Their name").fill("Bea");
  for (const [label, typed] of [["Day", "31"], ["Month", "2"], ["Year", "2020"]]) await page.getByLabel(label, { exact: true }).fill(typed);
  await button(page, "Save the plan").click();
  assert.match(await main(page), /There is a problem\s+Enter a day that exists/);
  await page.getByLabel("Day", { exact: true }).fill("1");
  await button(page, "Save the plan").click();
  await page.getByText("Plan saved. The one before is kept.").waitFor();
  const read = await main(page);
  assert.match(read, /What matters to me\s+My dog, and hearing birds[^]*Walk with others every Monday[^]*4, out of 10[^]*Go along to the first walk[^]*days overdue[^]*Bea/);
  assert.match(read, /Plan of \d+ \w+ \d{4}, by Sam Brook/);
}

/** Lena saves while Sam writes: both are shown, each part is chosen, and nobody's words are lost. */
async function isOvertaken(house, page, person) {
  await page.getByRole("link", { name: "Change the plan" }).click();
  await page.getByLabel("The goal, in their own words").fill("Walk with others every Tuesday");
  await page.getByLabel("Done").check();
  const plan = await planOf(house, person);
  const theirs = { personId: person, version: plan.version, whatMatters: "My dog, birds, and my sister", goals: [...plan.goals, { words: "Ring my sister" }] };
  await house.region.act("lena", "savePlan", "SavePlanInput", theirs, "plan { version }");
  await button(page, "Save the plan").click();
  await page.getByRole("heading", { name: /Changed by Lena Whitlock/ }).waitFor();
  const both = await main(page);
  for (const words of ["My dog, birds, and my sister", "every Monday", "every Tuesday", "Ring my sister"]) assert.ok(both.includes(words), `${words} is lost: ${both}`);
  await page.getByLabel("Take theirs for What matters to me").check();
  await button(page, "Put them together").click();
  await page.getByText("Nothing is saved yet").waitFor();
  assert.equal((await planOf(house, person)).version, 2);
  await button(page, "Save the plan").click();
  await page.getByText("Plan saved. The one before is kept.").waitFor();
  const { version, whatMatters, goals } = await planOf(house, person);
  assert.deepEqual([version, whatMatters, goals.map(({ words }) => words)], [3, "My dog, birds, and my sister", ["Walk with others every Tuesday", "Ring my sister"]]);
  assert.ok(goals[0].actions[0].doneOn, "what was ticked is done");
}

async function readsEveryVersion(page) {
  await page.getByRole("link", { name: "Every plan" }).click();
  const list = await main(page);
  assert.match(list, /by Sam Brook[^]*Goal in other words[^]*by Lena Whitlock[^]*New goal: Ring my sister[^]*by Sam Brook/);
  await page.getByRole("link", { name: "version 1" }).click();
  const first = await main(page);
  assert.match(first, /This is an older plan[^]*My dog, and hearing birds[^]*every Monday/);
  assert.doesNotMatch(first, /my sister/);
}

async function printsACopy(page, person, name) {
  await page.goto(`/people/${person}`);
  await page.getByRole("link", { name: `Print a copy for ${name}` }).click();
  await page.emulateMedia({ media: "print" });
  const seen = await page.locator("body").innerText();
  assert.match(seen, new RegExp(`My plan\\s+For ${name}[^]*phone North Vale Community Links[^]*My dog, birds, and my sister[^]*Go along to the first walk`));
  for (const hidden of ["Sign out", "Back to", "overdue", "Risk", "NHS", "What Trellis is not"]) assert.ok(!seen.includes(hidden), `${hidden} is on paper`);
  const sizes = await page.locator(".app-paper, .app-paper *").evaluateAll((all) => all.map((one) => Number.parseFloat(getComputedStyle(one).fontSize)));
  assert.ok(Math.min(...sizes) > 14 * (96 / 72) - 0.1, `${Math.min(...sizes)}px is less than 14 point`);
  assert.ok(await page.locator(".app-paper strong").first().evaluate((number) => Number(getComputedStyle(number).fontWeight) >= 700 && /^\d/.test(number.textContent)), "the phone number is in bold");
  await page.emulateMedia({ media: null });
}

export function plan(house) {
  describe("a plan", () => {
    for (const [scripts, name] of [[true, "Petra Holloway"], [false, "Aled Price"]]) {
      test(`is made together, kept and printed, ${scripts ? "with" : "without"} scripts`, async () => {
        const person = await personOf(house(), name);
        const page = await house().visit("sam", { scripts });
        await makesThePlan(page, person, name);
        await isOvertaken(house(), page, person);
        await readsEveryVersion(page);
        await printsACopy(page, person, name);
        await leave(page);
      });
    }
  });
}
