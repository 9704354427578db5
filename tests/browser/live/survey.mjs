// Every page that each persona reaches, as it really is: accessibility rules, reflow and target sizes at three widths. A page
// is opened once and looked at at each width, folded and unfolded.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { axe, isTriaged, linkNames, reflow, targets, unfold } from "../kit/checks.mjs";
import { WALKERS, WALKERS_MAIL } from "../kit/region.mjs";
import { newestMail, signIn } from "../kit/server.mjs";
import { leave } from "./house.mjs";

const WIDTHS = [[320, 640], [640, 800], [1280, 800]];

/** Complaints about the page as it stands, at all widths. */
async function lookedAt(page, name) {
  const said = [];
  const put = (width, lines) => said.push(...lines.map((line) => `${name} at ${width}: ${line}`));
  const heading = await page.locator("h1").count();
  const title = await page.title();
  put("any width", [...(heading === 1 ? [] : [`${heading} headings`]), ...(/ – .*Trellis$/.test(title) ? [] : [`title "${title}"`]), ...(await linkNames(page))]);
  for (const [width, height] of WIDTHS) {
    await page.setViewportSize({ width, height });
    put(width, await reflow(page));
    await unfold(page);
    put(width, [...(await reflow(page)), ...(await targets(page))]);
    const { violations, incomplete } = await axe(page);
    put(width, [...violations, ...incomplete.filter((line) => !isTriaged(line)).map((line) => `not triaged: ${line}`)]);
  }
  return said;
}

/** Goes to each address in turn; `expected` is what its heading must be, so that no page stands for another. */
async function visited(page, pages) {
  const said = [];
  for (const [address, expected] of pages) {
    await page.goto(address);
    const heading = await page.locator("h1").first().innerText();
    assert.match(heading, expected, `${address} shows another page`);
    said.push(...(await lookedAt(page, address.replace(/[a-z]+_[\w-]{8,}/g, "…"))));
  }
  return said;
}

const none = (complaints) => assert.equal(complaints.length, 0, `\n${complaints.join("\n")}`);

async function asSomebody(house, who, pages) {
  const page = await house.visit(who);
  none(await visited(page, pages));
  await leave(page);
}

async function strangers(house) {
  const page = await house.visitor();
  const said = await visited(page, [["/sign-in", /Sign in/], ["/nowhere", /Page not found/], ["/accessibility", /Accessibility/], ["/demo/mailbox", /Demo mailbox/]]);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in" }).click();
  said.push(...(await lookedAt(page, "sign-in refused")));
  await page.goto("/r/nothing");
  said.push(...(await lookedAt(page, "a link that is cut off")));
  none(said);
  await leave(page);
}

async function doctors(house) {
  const { id } = await house.region.referred("Wanda Fenn");
  const [{ id: person }] = await house.region.people("osei", "Wanda Fenn");
  await asSomebody(house, "osei", [
    ["/today", /Today/], ["/referrals", /Referrals/], ["/refer", /Refer someone/], ["/refer?who=Wanda", /Refer someone/], [`/refer?person=${person}`, /Refer someone/],
    [`/referrals/${id}/sent`, /Referral sent/], [`/referrals/${id}`, /Referral /], ["/services", /Find a service/], ["/search?q=Wanda", /Search/], ["/referrals/ref_nothing", /Page not found/],
  ]);
}

async function teamLeads(house) {
  const { id } = await house.region.referred("Clement Hythe");
  await asSomebody(house, "lena", [["/today", /Today/], ["/referrals", /Referrals/], [`/referrals/${id}`, /Referral /], ["/people?whose=team", /People: Whole team/], ["/team", /Caseload by worker/], [`/referrals/assign?referral=${id}&from=/referrals`, /Give 1 referral to somebody/]]);
}

async function linkWorkers(house) {
  const { id } = await house.region.active("Nora Whitcombe");
  const { person } = await house.region.referral("sam", id, "person { id }");
  const walk = await house.region.service({ words: "walk", need: "LONELINESS" }, WALKERS);
  await asSomebody(house, "sam", [
    ["/today", /Today/], ["/referrals", /Referrals/], [`/referrals/${id}`, /Referral /], ["/people", /My people/], [`/people/${person.id}`, /Nora Whitcombe/],
    [`/referrals/${id}/contact`, /Log contact/], [`/services?onward=${id}`, /Find a service for/], [`/referrals/${id}/onward?service=${walk.id}`, /Ask .* to help/],
    [`/referrals/${id}/transfer?service=${walk.id}`, /Pass to/], [`/referrals/${id}/complete`, /Finish referral/], ["/search?q=Nora", /Search/],
  ]);
}

async function refusedForms(house) {
  const { id } = await house.region.active("Gilbert Oram");
  const page = await house.visit("sam");
  const said = [];
  for (const [address, button] of [[`/referrals/${id}/contact`, "Save contact"], [`/referrals/${id}/complete`, "Finish"]]) {
    await page.goto(address);
    await page.getByRole("button", { name: button }).click();
    assert.match(await page.title(), /^Error: /);
    said.push(...(await lookedAt(page, `${button}, refused`)));
  }
  const doctor = await house.visit("osei");
  await doctor.goto("/refer");
  await doctor.getByRole("button", { name: "Send referral" }).click();
  assert.match(await doctor.title(), /^Error: /);
  none([...said, ...(await lookedAt(doctor, "refer, refused"))]);
  await leave(page);
  await leave(doctor);
}

async function volunteers(house) {
  const { link, mail } = await house.region.offered("Elsie Rowntree");
  const page = await house.visitor();
  const said = await visited(page, [[`/demo/mailbox/${mail.id}`, /Can Eastfield Walkers help/], [link, /Can you help this person/]]);
  await page.getByRole("button", { name: "Yes, we can help" }).click();
  await page.getByRole("heading", { name: "Enter the code" }).waitFor();
  said.push(...(await lookedAt(page, "the code")));
  const { text } = await newestMail(house.server, WALKERS_MAIL, /Your code is/, { after: mail.id });
  await page.getByLabel("6-digit code").fill(text.match(/\d{6}/)[0]);
  await page.getByRole("button", { name: "Show who it is" }).click();
  await page.getByRole("heading", { name: "How to reach Elsie Rowntree" }).waitFor();
  none([...said, ...(await lookedAt(page, "how to reach them"))]);
  await leave(page);
}

async function everybodyElse(house) {
  const said = [];
  for (const who of ["bea", "pat", "cora"]) {
    const page = await house.visit(who);
    await page.goto("/");
    said.push(...(await lookedAt(page, `the first page of ${who}`)));
    await leave(page);
  }
  const bea = await house.visit("bea");
  await bea.goto("/referrals");
  said.push(...(await lookedAt(bea, "the inbox of a charity")));
  await bea.goto("/refer");
  assert.match(await bea.locator("h1").innerText(), /You cannot open this page/);
  none([...said, ...(await lookedAt(bea, "no permission"))]);
  await leave(bea);
}

async function signedOut(house) {
  const page = await house.visitor();
  await signIn(page, house.server, house.server.personas.of("kit"));
  await page.locator(".app-menu summary").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  none(await lookedAt(page, "signed out"));
  await page.goto("/today");
  assert.match(await page.locator("h1").innerText(), /Sign in/, "the session lived on");
  await leave(page);
}

export function survey(house) {
  describe("no live page breaks an accessibility rule, scrolls sideways or has a target too small", { concurrency: 2 }, () => {
    test("for somebody who is not signed in", () => strangers(house()));
    test("for the doctor", () => doctors(house()));
    test("for the team lead", () => teamLeads(house()));
    test("for the link worker", () => linkWorkers(house()));
    test("for the volunteer with a link", () => volunteers(house()));
    test("for everybody else who can sign in", () => everybodyElse(house()));
    test("when a form is refused", () => refusedForms(house()));
    test("after signing out, and then the pages are closed", () => signedOut(house()));
  });
}
