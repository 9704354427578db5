// What the product does when people are hasty, late, mistaken or two at once.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WALKERS_MAIL } from "../kit/region.mjs";
import { newestMail } from "../kit/server.mjs";
import { fillInSomebody, leave } from "./house.mjs";

const main = (page) => page.locator("main").innerText();

async function sendsTwice(house, scripts, first) {
  const page = await house.visit("osei", { scripts });
  await page.goto("/refer");
  await fillInSomebody(page, first, "Twicesent");
  await page.getByRole("button", { name: "Send referral" }).dblclick();
  await page.getByRole("heading", { name: "Referral sent" }).waitFor();
  const people = await house.region.people("osei", `${first} Twicesent`);
  assert.deepEqual(people.map(({ openReferrals }) => openReferrals), [1]);
  await leave(page);
}

/** Back and once more: the form is the same one, so nothing new comes of it. */
async function sendsAgainAfterBack(house) {
  const page = await house.visit("osei");
  await page.goto("/refer");
  await fillInSomebody(page, "Barnaby", "Backbutton");
  await page.getByRole("button", { name: "Send referral" }).click();
  await page.getByRole("heading", { name: "Referral sent" }).waitFor();
  const reference = (await main(page)).match(/Your reference\s+(\S+)/)[1];
  await page.goBack();
  const again = page.getByRole("button", { name: "Send referral" });
  if ((await page.getByLabel("First name").inputValue()) === "") await fillInSomebody(page, "Barnaby", "Backbutton");
  await again.click();
  await page.getByRole("heading", { name: /Referral sent|Is this the same person/ }).waitFor();
  const people = await house.region.people("osei", "Barnaby Backbutton");
  assert.deepEqual(people.map(({ openReferrals }) => openReferrals), [1], `sent again after ${reference}`);
  await leave(page);
}

async function saysYesTwice(house, scripts, name) {
  const { link, mail, offered } = await house.region.offered(name);
  const page = await house.visitor({ scripts });
  await page.goto(link);
  await page.getByRole("button", { name: "Yes, we can help" }).dblclick();
  await page.getByRole("heading", { name: "Enter the code we sent you" }).waitFor();
  const { timeline } = await house.region.referral("sam", offered.id);
  assert.equal(timeline.filter((entry) => entry.name === "referral.accepted").length, 1, JSON.stringify(timeline));
  await newestMail(house.server, WALKERS_MAIL, /Your code is/, { after: mail.id });
  await leave(page);
}

async function answeredAlready(house) {
  const { link } = await house.region.offered("Sidney Overall");
  const page = await house.visitor();
  await page.goto(link);
  await page.getByText("We cannot help right now").click();
  await page.getByRole("button", { name: "Tell them we cannot help" }).click();
  assert.match(await main(page), /There is a problem\s+Choose the main reason/);
  await page.getByLabel("We are full").check();
  await page.getByRole("button", { name: "Tell them we cannot help" }).click();
  await page.getByText("Thank you for telling us.").waitFor();
  const later = await house.visitor();
  await later.goto(link);
  assert.equal(await later.getByRole("button", { name: "Yes, we can help" }).count(), 0);
  assert.match(await main(later), /cannot help|could not help|Thank you for telling us/);
  await leave(page);
  await leave(later);
}

/** A colleague opens the e-mail after somebody else said yes: no name yet, and a way to see it. Presses that follow each
 * other closely are one code, so the newest e-mail has the one that counts. */
async function acceptedAlready(house) {
  const { link, mail } = await house.region.offered("Winnie Harker");
  const page = await house.visitor();
  await page.goto(link);
  await page.getByRole("button", { name: "Yes, we can help" }).click();
  await page.getByRole("heading", { name: "Enter the code we sent you" }).waitFor();
  const colleague = await house.visitor();
  await colleague.goto(link);
  assert.match(await main(colleague), /Your group said yes/);
  assert.ok(!(await colleague.content()).includes("Harker"));
  await colleague.getByRole("button", { name: "Send a code" }).click();
  const { text } = await newestMail(house.server, WALKERS_MAIL, /Your code is/, { after: mail.id });
  await colleague.getByLabel("6-digit code").fill("000000");
  await colleague.getByRole("button", { name: "Show who it is" }).click();
  assert.match(await main(colleague), /That is not the newest code/);
  await colleague.getByLabel("6-digit code").fill(text.match(/\d{6}/)[0]);
  await colleague.getByRole("button", { name: "Show who it is" }).click();
  await colleague.getByRole("heading", { name: "How to reach Winnie Harker" }).waitFor();
  await leave(page);
  await leave(colleague);
}

/** What a visitor can tell from the answer: status, title and words. */
async function toldAt(page, address) {
  const answer = await page.goto(address);
  return { status: answer.status(), title: await page.title(), words: await main(page) };
}

async function notTheirs(house) {
  const query = "{ referrals(filter: { side: RECEIVED }, first: 100) { edges { node { id fromName } } } }";
  const { referrals } = await house.region.ask("lena", query);
  const theirs = referrals.edges.map(({ node }) => node).find((node) => node.fromName === "Harbour View Practice");
  const page = await house.visit("osei");
  const invented = theirs.id.replace(/.(?=.$)/, (sign) => (sign === "a" ? "b" : "a"));
  assert.notEqual(invented, theirs.id);
  for (const rest of ["", "/sent", "/contact", "/complete", "/onward?service=x"]) {
    const [real, unreal] = [await toldAt(page, `/referrals/${theirs.id}${rest}`), await toldAt(page, `/referrals/${invented}${rest}`)];
    assert.equal(real.status, 404, `${rest || "the referral itself"} of another practice`);
    assert.deepEqual(real, unreal);
  }
  assert.match((await toldAt(page, `/referrals/${theirs.id}`)).words, /does not exist, or it is not for you to see/);
  await leave(page);
}

async function wrongPassword(house) {
  const { email, password } = house.server.personas.of("ravi");
  const page = await house.visitor();
  const said = [];
  for (const address of [email, "nobody@example.org"]) {
    await page.goto("/sign-in?then=/services");
    await page.getByLabel("E-mail address").fill(address);
    await page.getByLabel("Password").fill("not-the-password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("There is a problem").waitFor();
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.getByLabel("E-mail address").inputValue(), address, "the address is typed twice");
    said.push(await main(page));
  }
  assert.match(said[0], /Check your e-mail address and your password[^]*set a new password[^]*Phone 01632/);
  assert.equal(said[0], said[1], "the answer tells who has an account");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Find a service" }).waitFor();
  await leave(page);
}

/** Sam has the form open while Lena pauses the referral and takes it back. */
async function finishesWhatHasChanged(house) {
  const { id } = await house.region.active("Basil Thornhill");
  const page = await house.visit("sam");
  await page.goto(`/referrals/${id}/complete`);
  await page.getByLabel("The goal was partly met").check();
  await page.getByLabel("What support was offered?").fill("Two calls and a lunch club");
  await page.getByLabel("What changed for the person?").fill("Eats with others on Fridays");
  await house.region.pausedAndResumed(id);
  await page.getByRole("button", { name: "Finish" }).click();
  await page.getByRole("heading", { name: "That was not done" }).waitFor();
  assert.ok(await page.getByLabel("The goal was partly met").isChecked());
  assert.equal(await page.getByLabel("What support was offered?").inputValue(), "Two calls and a lunch club");
  assert.equal(await page.getByLabel("What changed for the person?").inputValue(), "Eats with others on Fridays");
  await page.getByRole("button", { name: "Finish" }).click();
  await page.getByText("Finished. Whoever asked hears").waitFor();
  assert.match(await main(page), /Two calls and a lunch club/);
  await leave(page);
}

/** Lena puts it on hold while Sam logs a contact: she reads what he did, and may keep hers. */
async function decidesAtTheSameTime(house) {
  const { id } = await house.region.given("Mabel Stannard");
  const page = await house.visit("lena");
  await page.goto(`/referrals/${id}`);
  await house.region.spoke(id);
  await page.getByText("Put on hold…").click();
  await page.getByLabel("Illness or hospital").check();
  await page.getByRole("button", { name: "Put on hold", exact: true }).click();
  await page.getByRole("heading", { name: /Changed by Sam Brook/ }).waitFor();
  assert.match(await main(page), /Nothing of yours was saved, and nothing is lost/);
  await page.getByRole("button", { name: "Keep mine: Put on hold" }).click();
  await page.getByText("Put on hold.", { exact: true }).waitFor();
  assert.match(await main(page), /Illness or hospital/);
  await leave(page);
}

/** Two leads accept at once: the second reads that it is done, not an error. */
async function acceptsWhatIsAccepted(house) {
  const { id, version } = await house.region.referred("Lottie Vane");
  const page = await house.visit("lena");
  await page.goto(`/referrals/${id}`);
  await house.region.act("lena", "acceptReferral", "ReferralCommandInput", { referralId: id, version });
  await page.getByRole("button", { name: "Accept referral" }).click();
  await page.getByRole("heading", { name: "That was not done" }).waitFor();
  assert.match(await main(page), /Lottie Vane[^]*Accepted/);
  assert.equal(await page.getByRole("button", { name: "Accept referral" }).count(), 0);
  await leave(page);
}

/** The session ends while somebody writes. What was typed comes back after signing in. */
async function signsInAgain(house) {
  const { id } = await house.region.given("Horace Dimmock");
  const page = await house.visit("sam");
  await page.goto(`/referrals/${id}/contact`);
  await page.getByLabel("Phone", { exact: true }).check();
  await page.getByLabel("Spoke").check();
  await page.getByLabel("15 min").check();
  await page.getByLabel("Note").fill("Typed before the lock");
  const [cookie] = await page.context().cookies();
  await page.context().addCookies([{ ...cookie, value: "ended" }]);
  await page.getByRole("button", { name: "Save contact" }).click();
  await page.getByText("What you typed is kept.").waitFor();
  const { email, password } = house.server.personas.of("sam");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Send what I typed" }).click();
  await page.getByText("Contact saved.").waitFor();
  const { contacts } = (await house.region.referral("sam", id, "person { contacts(first: 5) { note } }")).person;
  assert.deepEqual(contacts, [{ note: "Typed before the lock" }]);
  await leave(page);
}

/** A no is followed by the next service: found beside the no, and nothing is typed twice. */
async function asksTheNext(house, scripts, name) {
  const sent = await house.region.referred(name);
  const no = { referralId: sent.id, version: sent.version, reason: "NO_CAPACITY" };
  await house.region.act("lena", "declineReferral", "DeclineReferralInput", no);
  const page = await house.visit("osei", { scripts });
  await page.goto(`/referrals/${sent.id}`);
  await page.getByRole("heading", { name: "Other services that could help" }).waitFor();
  await page.locator("#elsewhere li a").first().click();
  await page.getByRole("heading", { name: "This referral is for" }).waitFor();
  assert.ok((await main(page)).includes(name));
  assert.ok(await page.getByLabel("Company").isChecked(), "what would help is known");
  assert.ok(await page.getByLabel("No known risk").isChecked());
  assert.ok(!(await page.getByLabel("Yes, they said so").isChecked()), "whether they agree is asked again");
  await page.getByLabel("Yes, they said so").check();
  await page.getByRole("button", { name: "Send referral" }).click();
  await page.getByRole("heading", { name: "Referral sent" }).waitFor();
  const people = await house.region.people("osei", name);
  assert.deepEqual(people.map(({ openReferrals }) => openReferrals), [1]);
  await leave(page);
}

export function care(house) {
  describe("when people are hasty, late, mistaken or two at once", () => {
    test("a double click on Send referral sends one referral", () => sendsTwice(house(), true, "Dora"));
    test("a double click on Send referral sends one referral, scripts off", () => sendsTwice(house(), false, "Cedric"));
    test("Back and Send again send nothing new", () => sendsAgainAfterBack(house()));
    test("a double click on Yes accepts once", () => saysYesTwice(house(), true, "Phyllis Grove"));
    test("a double click on Yes accepts once, scripts off", () => saysYesTwice(house(), false, "Edwin Marsh"));
    test("a link that was answered with no says so", () => answeredAlready(house()));
    test("a colleague who comes after the yes reads that, and needs a code of their own", () => acceptedAlready(house()));
    test("another practice's referral and an invented one are the same page, on every address", () => notTheirs(house()));
    test("a wrong password says what to do, the same for everybody, and loses nothing", () => wrongPassword(house()));
    test("a finish that came too late keeps every word", () => finishesWhatHasChanged(house()));
    test("a decision made meanwhile is shown beside mine, and mine can be kept", () => decidesAtTheSameTime(house()));
    test("accepting what is accepted says so", () => acceptsWhatIsAccepted(house()));
    test("a no is followed by the next service, and nothing is typed twice", () => asksTheNext(house(), true, "Minna Lockyer"));
    test("a no is followed by the next service, scripts off", () => asksTheNext(house(), false, "Rufus Arden"));
    test("a session that ended while somebody wrote loses nothing", () => signsInAgain(house()));
  });
}
