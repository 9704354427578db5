// Owns one running trellis for the tests: the binary of TRELLIS_BIN as a demo, on a free port, with a state folder of its own
// that goes when it stops. Refuses to share: two suites at once never meet. Stops it as a person does, with Ctrl-C, and
// tells how it ended and what it left running.
import { execFileSync, spawn } from "node:child_process";
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

/** Every living process of this machine: `{ pid, parent, since, words }`. */
function processes() {
  const columns = "pid=,ppid=,stat=,lstart=,args=";
  const rows = execFileSync("ps", ["-A", "-ww", "-o", columns], { encoding: "utf8", maxBuffer: 16e6 }).trim().split("\n");
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , state]) => !state.startsWith("Z"))
    .map(([pid, parent, , ...rest]) => ({ pid: Number(pid), parent: Number(parent), since: rest.slice(0, 5).join(" "), words: rest.slice(5).join(" ") }));
}

/** What a process has started, and what that has started. */
export function startedBy(pid, all = processes()) {
  return all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...startedBy(child.pid, all)]);
}

/** Those of a list that still run; an id that was given to another program since is not counted. */
export function stillRunning(started) {
  const now = processes();
  return started.filter(({ pid, since }) => now.some((one) => one.pid === pid && one.since === since));
}

/** Asks until the answer is truthy; says what was waited for when it never is. */
export async function until(ask, what, within = 30_000) {
  const deadline = Date.now() + within;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${within / 1000} s in vain for ${what}`);
    await pause(100);
  }
}

/** `{ url, personas, demo, stop }`. Waits until /readyz says 200; says what the process printed if it never does. */
export async function startServer({ binary = process.env.TRELLIS_BIN, within = 180_000 } = {}) {
  if (!binary) throw new Error("TRELLIS_BIN must name the trellis binary (scripts/test sets it)");
  const folder = mkdtempSync(join(tmpdir(), "trellis-browser-"));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  // By name: a browser keeps passkeys for names only.
  const url = `http://localhost:${port}`;
  const printed = [];
  const child = spawn(resolve(binary), ["demo", "--json"], {
    cwd: folder,
    env: { ...process.env, TRELLIS_HTTP_ADDR: address, TRELLIS_PUBLIC_URL: url, TRELLIS_STATE_DIR: join(folder, "state") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => { printed.push(text); });
  let ending;
  const ended = new Promise((done) => child.once("exit", (code, signal) => done((ending = code ?? signal))));

  let stopped;
  const stopOnce = async () => {
    const started = startedBy(child.pid);
    if (ending === undefined) child.kill("SIGINT");
    const how = await ended;
    const left = stillRunning(started);
    rmSync(folder, { recursive: true, force: true });
    return { how, started, left, printed: printed.join("") };
  };
  /** `{ how, started, left, printed }`: the exit code, and what it had started and left running. The same answer each time. */
  const stop = () => (stopped ??= stopOnce());

  const ready = () => fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).then((answer) => answer.ok, () => false);
  try {
    await until(async () => ending !== undefined || (await ready()), "the demo to be ready", within);
    if (ending !== undefined) throw new Error(`trellis ended with ${ending}`);
  } catch (error) {
    await stop();
    throw new Error(`${error.message}:\n${printed.join("").slice(-2000)}`);
  }
  const demo = JSON.parse(readFileSync(join(folder, "state", "personas.json"), "utf8"));
  return { url, demo, personas: new Personas(demo.personas), stop };
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
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((address) => !address.pathname.startsWith("/sign-in"));
}

/** Every e-mail so far, in the order of arrival. */
export async function mails(server) {
  const answer = await fetch(`${server.url}/demo/mailbox.json`);
  if (!answer.ok) throw new Error(`the demo's mailbox answered ${answer.status}`);
  return answer.json();
}

/** The newest message to an address whose subject or text matches, later than the message `after`. Polls until it is there. */
export async function newestMail(server, to, pattern, { after = -1, within = 30_000 } = {}) {
  const fits = (m) => m.id > after && JSON.stringify(m.to).includes(to) && pattern.test(`${m.subject}\n${m.text}`);
  return until(async () => (await mails(server)).findLast(fits), `an e-mail to ${to} like ${pattern}`, within);
}
