// Owns the questions asked of every page: accessibility rules, reflow, target size, column labels, link names, weight.
// Each returns a list of complaints in words; an empty list is a pass.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

// Legacy mode: our pages have no frames, and without it axe opens one more page for every page it looks at.
/** axe's violations, one line for each element. `incomplete` is what axe could not judge: for people to triage. */
export async function axe(page) {
  const found = await new AxeBuilder({ page }).options({ resultTypes: ["violations", "incomplete"] }).withTags(TAGS).setLegacyMode(true).analyze();
  const lines = (rules) => rules.flatMap((rule) => rule.nodes.map((node) => `${rule.id} at ${node.target.join(" ")}: ${node.failureSummary?.split("\n")[1]?.trim()}`));
  return { violations: lines(found.violations), incomplete: lines(found.incomplete) };
}

const triaged = JSON.parse(readFileSync(join(import.meta.dirname, "../incomplete.json"), "utf8"));

/** A person has judged what axe could not. */
export const isTriaged = (line) => triaged.some(({ starts }) => line.startsWith(starts));

/** Opens what is folded. The account menu floats above the page on wide screens and hides what is under it, so it is opened
 * only where it does not. */
export const unfold = (page) => page.evaluate(() => {
  const wide = window.innerWidth > 768;
  for (const d of document.querySelectorAll("details")) d.open = !(wide && d.classList.contains("app-menu"));
});

/** The page itself never scrolls sideways. */
export async function reflow(page) {
  return page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 0.5 && getComputedStyle(e).position !== "absolute");
    return [`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}, ${wide.slice(-1).map((e) => e.outerHTML.slice(0, 120))}`];
  });
}

/** Everything that can be pressed is at least `least` px both ways; links inside sentences are exempt (WCAG 2.5.8). */
export async function targets(page, least = 24) {
  return page.evaluate((least) => {
    const inSentence = (e) => {
      const block = e.closest("p, li, dd, blockquote");
      if (!block || e.tagName !== "A") return false;
      const around = block.cloneNode(true);
      for (const link of around.querySelectorAll("a")) link.remove();
      return around.textContent.trim().length > 12;
    };
    const seen = (e) => e.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true }) && !e.closest(".nhsuk-u-visually-hidden, .nhsuk-skip-link");
    return [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")]
      .filter(seen)
      .filter((e) => !inSentence(e))
      .map((e) => {
        // A label around or beside a tick box is part of its target.
        const boxes = [e, ...(e.labels ?? [])].map((part) => part.getBoundingClientRect());
        const wide = Math.max(...boxes.map((b) => b.width));
        const high = Math.max(...boxes.map((b) => b.height));
        return { e, wide, high };
      })
      .filter(({ wide, high }) => wide < least - 0.5 || high < least - 0.5)
      .map(({ e, wide, high }) => `target ${wide.toFixed(0)}×${high.toFixed(0)}: ${e.outerHTML.slice(0, 90)}`);
  }, least);
}

/** Stacked cells repeat their column's own label (axe does not notice when they lose it). */
export async function columnLabels(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("table")].flatMap((table) => {
      const heads = [...table.querySelectorAll("thead th")].map((th) => th.textContent.trim());
      return [...table.querySelectorAll("tbody tr")].flatMap((row) =>
        [...row.children]
          .map((cell, n) => ({ cell, head: heads[n] ?? "", label: cell.dataset.label ?? "", text: cell.textContent.trim() || cell.querySelector("input") }))
          .filter(({ head, label, text }) => !label || !head.includes(label) || !text)
          .map(({ cell, head }) => `cell without label or words under "${head}": ${cell.outerHTML.slice(0, 80)}`),
      );
    }),
  );
}

/** Two links with the same name lead to the same place. */
export async function linkNames(page) {
  return page.evaluate(() => {
    const places = new Map();
    for (const link of document.querySelectorAll("a[href]")) {
      const name = (link.getAttribute("aria-label") ?? link.textContent).replace(/\s+/g, " ").trim();
      places.set(name, (places.get(name) ?? new Set()).add(link.getAttribute("href")));
    }
    return [...places].filter(([, to]) => to.size > 1).map(([name, to]) => `link "${name}" leads to ${[...to].join(" and ")}`);
  });
}

/** Bytes on the wire for a first view, by type. Call before going anywhere. */
export function weigh(page) {
  const finished = [];
  const keep = (request) => finished.push(request);
  page.on("requestfinished", keep);
  return async () => {
    // What finishes later is not asked: the page may be closed by then, and nobody waits for that answer.
    page.off("requestfinished", keep);
    const sizes = await Promise.all(finished.map((request) => request.sizes()));
    return sizes.reduce((sum, size) => sum + size.responseBodySize + size.responseHeadersSize, 0);
  };
}
