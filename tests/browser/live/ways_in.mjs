// Ways in that are not one's own password: an organisation's provider (a real one, as a process of its own), and a record
// that is opened in an emergency.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { nhsNumber, WALKERS } from "../kit/region.mjs";
import { signIn } from "../kit/server.mjs";
import { everythingOn, leave } from "./house.mjs";

const CLIENT = { id: "trellis", secret: "a secret of seven quiet otters" };
const DOOR = "/sign-in/with/vale-links";
const heading = (page, words) => page.getByRole("heading", { name: words, level: 1 }).waitFor();
const press = (page, words) => page.getByRole("button", { name: words, exact: true }).click();

async function provider(back) {
  const program = fileURLToPath(new URL("../kit/provider.mjs", import.meta.url));
  const env = { ...process.env, CLIENT_ID: CLIENT.id, CLIENT_SECRET: CLIENT.secret, REDIRECT_URI: back };
  const child = spawn(process.execPath, [program], { env, stdio: ["ignore", "pipe", "ignore"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const stop = async () => { const ended = once(child, "exit"); child.kill(); await ended; };
  return { ...JSON.parse(line), stop };
}

async function setsItUp(house, issuer) {
  const page = await house.visit("kit");
  await page.goto("/admin/sign-in");
  for (const [label, words] of [
    ["What people call it", "Vale staff account"], ["Short name", "vale-links"], ["Issuer", issuer],
    ["Client id", CLIENT.id], ["Client secret", CLIENT.secret], ["What else to ask for", "email"],
  ]) await page.getByLabel(label, { exact: false }).first().fill(words);
  await press(page, "Save");
  await press(page, "Test the connection");
  await page.getByText("The provider answers.").waitFor();
  await press(page, "Switch on");
  await page.getByText("On: people can sign in with it").waitFor();
  assert.ok(!(await everythingOn(page)).includes(CLIENT.secret), "the secret is never shown again");
  await leave(page);
}

async function atTheProvider(page) {
  await page.goto(DOOR);
  await heading(page, "Staff account");
  await page.getByLabel("Name").fill("lena");
  await press(page, "Sign in");
}

export function waysIn(house) {
  test("an organisation's own account is connected once, signs in from then on, and is told of nothing else", async () => {
    const server = house().server;
    const account = await provider(`${server.url}${DOOR}/callback`);
    try {
      await setsItUp(house(), account.issuer);
      const own = await house().visitor();
      await signIn(own, server, server.personas.of("lena"));
      await atTheProvider(own);
      await heading(own, "Connect your account");
      await press(own, "Connect them");
      await own.getByText("Vale staff account").first().waitFor();

      const page = await house().visitor();
      await page.goto("/sign-in");
      await page.getByRole("link", { name: /your organisation/ }).click();
      await page.getByLabel("Short name of your organisation").fill("vale-links");
      await press(page, "Continue");
      await heading(page, "Staff account");
      await page.getByLabel("Name").fill("lena");
      await press(page, "Sign in");
      await page.locator(".app-menu summary").waitFor();
      await page.goto("/account");
      await page.getByText("You signed in through your organisation.").waitFor();
      await press(page, "Prove it is you");
      await heading(page, "First, prove that it is you");
      await page.getByLabel("Password", { exact: true }).fill(server.personas.of("lena").password);
      await press(page, "Go on with the password");
      await heading(page, "Your account");
      await page.getByText("Change the password").first().waitFor();
      for (const one of [own, page]) await leave(one);
    } finally {
      await account.stop();
    }
  });

  test("a worker opens a record in an emergency, reads who helps, and ends it", async () => {
    const nine = 999_876_543;
    const { region } = house();
    const walking = await region.service({ organisationKind: "COMMUNITY_PROVIDER" }, WALKERS);
    const identity = { givenName: "Wilf", familyName: "Askew", birthDate: "1948-02-01", postcode: "LA9 4PU", phone: "01632 960066", nhsNumber: nhsNumber(nine) };
    await region.act("osei", "refer", "ReferInput", {
      newPerson: { identity, preferences: { channels: ["PHONE"], format: "STANDARD" } },
      serviceId: walking.id, needs: ["ACTIVITY"], risk: "NONE_KNOWN", agreement: { howGiven: "SPOKEN", statement: "2026-11" },
    });
    const page = await house().visit("sam");
    await page.goto("/search?q=Wilf+Askew");
    assert.doesNotMatch(await page.locator("main").innerText(), /1 February 1948/, "no way to the record yet");
    await page.goto("/emergency");
    await page.getByRole("textbox", { name: "NHS number" }).fill(nhsNumber(nine));
    await page.getByLabel("Why can it not wait?").fill("too short");
    await press(page, "Open the record");
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Why can it not wait?").fill("Found distressed at the library; next of kin unknown");
    await press(page, "Open the record");
    // The visit may be older than ten minutes: then it is proved first, and what was typed is kept.
    const proof = page.getByRole("heading", { name: "First, prove that it is you" });
    await proof.or(page.getByRole("heading", { name: "Open in an emergency" })).waitFor();
    if (await proof.isVisible()) {
      await page.getByLabel("Password", { exact: true }).fill(house().server.personas.of("sam").password);
      await press(page, "Go on with the password");
      await press(page, "Send what I typed");
    }
    await page.getByRole("heading", { name: "Open in an emergency" }).waitFor();
    const words = await page.locator("main").innerText();
    for (const told of ["Wilf Askew", "You cannot change it", WALKERS]) assert.ok(words.includes(told), words);
    const address = page.url();
    await page.goto("/emergencies");
    await page.getByText("Wilf Askew").first().waitFor();
    await page.getByRole("button", { name: /^End it now/ }).first().click();
    const gone = await page.goto(address);
    assert.equal(gone.status(), 404);
    await leave(page);
  });
}
