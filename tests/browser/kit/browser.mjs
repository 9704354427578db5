// Owns starting the system's Chromium and closing it. Never downloads a browser.
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function chromiumPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
      // Not this one.
    }
  }
  throw new Error("no Chromium found: install it (apt-get install chromium) or set CHROMIUM to its path");
}

export async function openBrowser() {
  const root = process.getuid?.() === 0;
  return chromium.launch({ executablePath: chromiumPath(), headless: true, args: root ? [...FLAGS, "--no-sandbox"] : FLAGS });
}

/** A fresh page of one width in a context of its own; `scripts: false` switches scripts off. */
export async function openPage(browser, { width = 1280, height = 800, scripts = true, baseURL } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    javaScriptEnabled: scripts,
    locale: "en-GB",
    timezoneId: "Europe/London",
    reducedMotion: "reduce",
    ...(baseURL ? { baseURL } : {}),
  });
  context.setDefaultTimeout(20_000);
  // A busy machine is slow, not wrong.
  context.setDefaultNavigationTimeout(90_000);
  return context.newPage();
}
