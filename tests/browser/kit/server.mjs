// Owns one running trellis for the tests: the binary of TRELLIS_BIN as a demo, on a free port, with a state folder of its own
// that goes when it stops. Refuses to share: two suites at once never meet.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

async function freePort() {
  const probe = createServer();
  await new Promise((listening) => probe.listen(0, "127.0.0.1", listening));
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}

/** `{ url, personas, mailbox, demo, stop }`. Waits until /readyz says 200; says what the process printed if it never does. */
export async function startServer({ binary = process.env.TRELLIS_BIN, within = 180_000 } = {}) {
  if (!binary) throw new Error("TRELLIS_BIN must name the trellis binary (scripts/test sets it)");
  const folder = mkdtempSync(join(tmpdir(), "trellis-browser-"));
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const printed = [];
  const child = spawn(resolve(binary), ["demo"], {
    cwd: folder,
    env: { ...process.env, TRELLIS_HTTP_ADDR: address, TRELLIS_STATE_DIR: join(folder, "state") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => { printed.push(text); });
  const ended = new Promise((done) => child.once("exit", (code, signal) => done(code ?? signal)));

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };

  const deadline = Date.now() + within;
  let gone;
  ended.then((how) => { gone = how; });
  for (;;) {
    const ready = await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
    if (ready) break;
    if (gone !== undefined || Date.now() > deadline) {
      await stop();
      throw new Error(`trellis ${gone === undefined ? "was not ready in time" : `ended with ${gone}`}:\n${printed.join("").slice(-2000)}`);
    }
    await pause(100);
  }
  const demo = JSON.parse(readFileSync(join(folder, "state", "personas.json"), "utf8"));
  return { url, demo, personas: new Personas(demo.personas), mailbox: demo.mailbox ?? `${url}/demo/mailbox`, stop };
}

/** The demo's people, by key (`link-worker`, say) or by role. */
export class Personas {
  constructor(all) {
    this.all = all;
  }

  of(keyOrRole) {
    const wanted = String(keyOrRole).toLowerCase().replaceAll(/[\s_]/g, "-");
    const plain = (words) => String(words ?? "").toLowerCase().replaceAll(/[\s_]/g, "-");
    const found = this.all.find((p) => plain(p.key) === wanted) ?? this.all.find((p) => plain(p.role) === wanted);
    if (!found) throw new Error(`the demo has nobody called "${keyOrRole}": ${this.all.map((p) => p.key).join(", ")}`);
    return found;
  }
}

/** Signs somebody in through the page itself. */
export async function signIn(page, server, persona) {
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel("E-mail address").fill(persona.email);
  await page.getByLabel("Password").fill(persona.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((address) => !address.pathname.startsWith("/sign-in"));
}

/** The newest message to an address whose subject or text matches, from the demo mailbox. Polls until it is there. */
export async function newestMail(server, to, pattern, within = 30_000) {
  const deadline = Date.now() + within;
  for (;;) {
    const answer = await fetch(`${server.url}/demo/mailbox.json`);
    const messages = answer.ok ? await answer.json() : [];
    const list = Array.isArray(messages) ? messages : (messages.messages ?? []);
    const found = list.find((m) => JSON.stringify(m.to ?? "").includes(to) && pattern.test(`${m.subject}\n${m.text ?? m.body ?? ""}`));
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`no e-mail to ${to} like ${pattern} (${list.length} in the mailbox)`);
    await pause(200);
  }
}
