// One person's ways to sign in, from a password alone to an app, a passkey and a recovery code, and back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { code, withDevice } from "../kit/codes.mjs";
import { signIn } from "../kit/server.mjs";
import { leave } from "./house.mjs";

const WHO = "ravi";
const heading = (page, words) => page.getByRole("heading", { name: words, level: 1 }).waitFor();
const press = (page, words) => page.getByRole("button", { name: words, exact: true }).click();

async function password(page, { email, password: secret }) {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(secret);
  await press(page, "Sign in");
}

async function out(page) {
  await page.locator(".app-menu summary").click();
  await press(page, "Sign out");
  await page.getByText("You are signed out.").waitFor();
}

async function inside(page) {
  await page.waitForURL((address) => !/^\/sign-in/.test(address.pathname));
  await page.locator(".app-menu summary").waitFor();
}

export function account(house) {
  test("somebody adds a passkey and an app, signs in with each and with a recovery code, and takes them away", async () => {
    const server = house().server;
    const persona = server.personas.of(WHO);
    const page = await house().visitor();
    const device = await withDevice(page);
    await signIn(page, server, persona);

    // A passkey, and the recovery codes that come with it.
    await page.goto("/account");
    await page.getByLabel("Name of a new passkey").fill("work laptop");
    await press(page, "Add a passkey");
    await heading(page, "Keep these recovery codes");
    const codes = await page.locator("li.app-code").allInnerTexts();
    assert.equal(codes.length, 10);
    assert.equal((await device.keys()).length, 1);
    await page.goto("/account");
    await page.getByText("work laptop", { exact: true }).waitFor();

    // With nothing typed.
    await out(page);
    await page.goto("/sign-in");
    await press(page, "Use a passkey");
    await inside(page);

    // As the second step after the password.
    await out(page);
    await password(page, persona);
    await heading(page, "Prove that it is you");
    await press(page, "Use a passkey");
    await inside(page);

    // With a recovery code, which works once, also where scripts are off.
    const plain = await house().visitor({ scripts: false });
    for (const works of [true, false]) {
      await password(plain, persona);
      await heading(plain, "Prove that it is you");
      if (!(await plain.getByLabel("Recovery code").isVisible())) await plain.getByText("use a recovery code").first().click();
      await plain.getByLabel("Recovery code").fill(codes[0]);
      await press(plain, "Sign in with a recovery code");
      if (works) {
        await inside(plain);
        await out(plain);
      } else {
        await plain.getByText("Enter a recovery code that was not used before").first().waitFor();
      }
    }

    // An app; the code that switched it on does not sign in.
    await page.goto("/account/app");
    const secret = await page.locator("strong.app-code").innerText();
    const first = code(secret);
    await page.getByLabel("6-digit code").fill(first);
    await press(page, "Switch it on");
    await heading(page, "Keep these recovery codes");
    await password(plain, persona);
    await plain.getByLabel("6-digit code").fill(first);
    await press(plain, "Sign in");
    await plain.getByText("Enter the 6 digits that your app shows now").first().waitFor();
    await plain.getByLabel("6-digit code").fill(code(secret, 1));
    await press(plain, "Sign in");
    await inside(plain);

    // Where somebody is signed in, and the end of it.
    await page.goto("/account");
    await press(page, "Sign out everywhere else");
    await page.getByText("Signed out everywhere else.").waitFor();
    await plain.goto("/account");
    await plain.waitForURL(/\/sign-in/);

    await press(page, "Remove the app");
    await page.getByText("The authenticator app was removed").waitFor();
    await page.getByText("Rename or remove work laptop").click();
    await press(page, "Remove work laptop");
    await page.getByText("The passkey was removed").waitFor();
    await out(page);
    await signIn(page, server, persona);
    await leave(plain);
    await leave(page);
  });
}
