// Owns counting what a person does: one interaction is one press, one key chord or one field filled. Opening an address or
// reading costs nothing. The budgets of the journeys are counted with it.
import assert from "node:assert/strict";

export class Hands {
  constructor(page) {
    this.page = page;
    this.log = [];
  }

  get count() {
    return this.log.length;
  }

  async press(target) {
    await target.click();
    this.log.push(`press ${target}`);
  }

  async fill(target, words) {
    await target.fill(words);
    this.log.push(`fill ${target}`);
  }

  async choose(target, option) {
    await target.selectOption(option);
    this.log.push(`choose in ${target}`);
  }

  async key(chord) {
    await this.page.keyboard.press(chord);
    this.log.push(`key ${chord}`);
  }

  /** Fails with the whole list, so that the wasted step is seen. */
  within(budget, journey) {
    assert.ok(this.count <= budget, `${journey} took ${this.count} interactions, ${budget} are allowed:\n${this.log.join("\n")}`);
  }
}

/** How many times Tab is pressed, after the skip link, until the target has the focus. */
export async function tabsTo(page, target, most = 60) {
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const wanted = await target.elementHandle();
  for (let tabs = 2; tabs <= most; tabs += 1) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((e) => e === document.activeElement)) return tabs;
  }
  throw new Error(`the focus never came to ${target} in ${most} tabs`);
}

/** Every control in tab order shows where the focus is: an outline, a shadow, a border or a background that changes. */
export async function focusIsSeen(page, most = 40) {
  const look = () => page.evaluate(() => {
    const e = document.activeElement;
    const drawn = e.matches(".nhsuk-radios__input, .nhsuk-checkboxes__input") ? getComputedStyle(e.labels[0], "::before") : getComputedStyle(e);
    return { tag: e.outerHTML.slice(0, 80), body: e === document.body, seen: drawn.outlineStyle !== "none" && parseFloat(drawn.outlineWidth) >= 2 || drawn.boxShadow !== "none" };
  });
  const unseen = [];
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press("Tab");
    const { tag, body, seen } = await look();
    if (body) break;
    if (!seen) unseen.push(`focus is not seen on ${tag}`);
  }
  return unseen;
}
