// A group asks to join, from a public page to its first sign of life: nobody reads it before its link was pressed.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newestMail } from "../kit/server.mjs";
import { leave } from "./house.mjs";

const PAGE = "/join/north-vale";

async function opensTheDoor(house) {
  const page = await house.visit("cora");
  await page.goto("/admin/applications");
  await page.getByLabel("Groups may apply").check();
  await page.getByLabel("Version of your agreement").fill("2026-04");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Groups may apply at the moment.").waitFor();
  assert.match(await page.locator("main").innerText(), /http\S+\/join\/north-vale/);
  await leave(page);
}

async function applies(house, { scripts, name, host }) {
  const page = await house.visitor({ scripts });
  await page.goto(PAGE);
  await page.getByRole("button", { name: "Ask to join" }).click();
  assert.match(await page.locator(".nhsuk-error-summary").innerText(), /Say that you agree/);
  await page.getByLabel("Name of your group").fill(name);
  await page.getByLabel("What do you offer?").fill("Seed swap\nTool library");
  await page.getByLabel("Your full name").fill("Kit Marlow");
  await page.getByLabel("Your e-mail address").fill(`kit@${host}`);
  await page.getByLabel("Phone number").fill("01632 960 040");
  await page.getByLabel("We agree to the agreement").check();
  await page.getByRole("button", { name: "Ask to join" }).click();
  await page.getByRole("heading", { name: "Look for an e-mail from us" }).waitFor();
  const { text } = await newestMail(house.server, `kit@${host}`, /\/application\//);
  const link = text.match(/http\S+\/application\/\S+/)[0];
  await page.goto(link);
  await page.goto(link);
  await page.getByRole("button", { name: "Yes, send it" }).click();
  await page.getByRole("heading", { name: "We have got it" }).waitFor();
}

async function letsIn(house, { name, host }) {
  const page = await house.visit("cora");
  await page.goto("/admin/organisations");
  await page.getByRole("link", { name: /waits? for your answer/ }).click();
  await page.getByRole("link", { name }).click();
  assert.match(await page.locator("main").innerText(), /Seed swap, Tool library/);
  await page.getByRole("button", { name: `Let ${name} in` }).click();
  await page.getByText("Whoever applied is invited as administrator.").waitFor();
  await page.getByRole("link", { name: "See the organisation" }).click();
  await page.getByRole("heading", { name }).waitFor();
  await newestMail(house.server, `kit@${host}`, /\/invitation\//);
  await leave(page);
}

export function joining(house) {
  const ways = [
    { scripts: true, name: "Fellside Gardeners", host: "fellside.example.org" },
    { scripts: false, name: "Harbour End Readers", host: "harbour.example.org" },
  ];
  describe("a group asks to join", () => {
    test("the network says that it takes applications", () => opensTheDoor(house()));
    for (const way of ways) {
      const how = way.scripts ? "on" : "off";
      test(`it applies, and proves its address, scripts ${how}`, () => applies(house(), way));
      test(`it is let in, scripts ${how}`, () => letsIn(house(), way));
    }
  });
}
