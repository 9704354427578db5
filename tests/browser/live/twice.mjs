// Somebody is on record twice, or is asked for twice: the product notices, and people decide.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fillInSomebody, leave } from "./house.mjs";

const main = (page) => page.locator("main").innerText();

async function sends(page) {
  await page.getByRole("button", { name: "Send referral" }).click();
}

/** A slip of the pen in name and date of birth: it is the same person, who has been asked for already. */
async function isTheSame(house, scripts, last) {
  const page = await house.visit("osei", { scripts });
  await page.goto("/refer");
  await fillInSomebody(page, "Hilda", last, ["3", "8", "1944"]);
  await sends(page);
  await page.getByRole("heading", { name: "Referral sent" }).waitFor();
  await page.goto("/refer");
  await fillInSomebody(page, "Hylda", last, ["8", "3", "1944"]);
  await sends(page);
  await page.getByRole("heading", { name: "Is this the same person?" }).waitFor();
  assert.match(await main(page), new RegExp(`Hilda ${last}[^]*Similar name, similar date of birth`));
  assert.match(await main(page), /Nothing has been sent yet/);
  await page.getByRole("button", { name: "Go on" }).click();
  assert.match(await main(page), /Say whether this is the same person/);
  await page.getByLabel(`Yes: Hilda ${last}`).check();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("heading", { name: "You have asked for this already" }).waitFor();
  assert.ok(await page.getByLabel("Housing").isChecked(), "nothing is typed twice");
  await page.getByLabel("They need something else as well").check();
  await sends(page);
  await page.getByRole("heading", { name: "Referral sent" }).waitFor();
  const people = await house.region.people("osei", last);
  assert.deepEqual(people.map(({ openReferrals }) => openReferrals), [2], "one person, asked for twice for a reason");
  await leave(page);
}

async function isSomebodyElse(house) {
  const page = await house.visit("osei");
  for (const first of ["Olga", "Olgar"]) {
    await page.goto("/refer");
    await fillInSomebody(page, first, "Tindale", ["5", "11", "1950"]);
    await sends(page);
  }
  await page.getByLabel("No, this is a different person").check();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("heading", { name: "Referral sent" }).waitFor();
  assert.equal((await house.region.people("osei", "Tindale")).length, 2);
  await leave(page);
}

/** A link worker finds two records of one person, keeps them together, and takes that back. */
async function keepsTogether(house, scripts, last) {
  const register = async (givenName, notTheSameAs) => {
    const identity = { givenName, familyName: last, birthDate: "1939-02-17" };
    const input = { identity, preferences: { channels: ["LETTER"] }, notTheSameAs };
    return (await house.region.act("sam", "registerPerson", "RegisterPersonInput", input, "person { id }")).person.id;
  };
  const first = await register("Wilfred", []);
  const second = await register("Wilfrid", [first]);
  const page = await house.visit("sam", { scripts });
  await page.goto(`/people/${second}`);
  await page.getByRole("heading", { name: "Is this somebody who is on record twice?" }).waitFor();
  assert.match(await main(page), new RegExp(`Wilfred ${last}[^]*Similar name, same date of birth`));
  await page.getByRole("button", { name: /^Yes, one person/ }).click();
  await page.getByText("Kept together from now on.").waitFor();
  await page.getByRole("link", { name: `Wilfred ${last}` }).click();
  await page.getByRole("heading", { name: "One person, more than one record" }).waitFor();
  await page.getByRole("button", { name: /^They are two people/ }).click();
  await page.getByText("The two records stand apart again.").waitFor();
  await page.getByRole("button", { name: /^No, two people/ }).click();
  await page.getByText("You are not asked again.").waitFor();
  assert.equal(await page.getByRole("heading", { name: /on record twice/ }).count(), 0);
  await leave(page);
}

export function twice(house) {
  describe("when somebody is there twice", () => {
    test("who looks like somebody on record is looked at first, and asked for again with a reason", () => isTheSame(house(), true, "Zebedee"));
    test("the same with scripts off", () => isTheSame(house(), false, "Quillfeather"));
    test("who is somebody else is sent as somebody else", () => isSomebodyElse(house()));
    test("two records of one person are kept together, and taken apart", () => keepsTogether(house(), true, "Umberslade"));
    test("the same with scripts off, on a worker's page", () => keepsTogether(house(), false, "Venables"));
  });
}
