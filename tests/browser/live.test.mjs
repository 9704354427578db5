// The running product in a real browser: one demo for all of it, started as a newcomer starts it and stopped as one stops it.
// TRELLIS_BIN names the binary.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { account } from "./live/account.mjs";
import { care } from "./live/care.mjs";
import { factors } from "./live/factors.mjs";
import { House } from "./live/house.mjs";
import { joining } from "./live/joining.mjs";
import { journeys } from "./live/journeys.mjs";
import { offices } from "./live/offices.mjs";
import { plan } from "./live/plan.mjs";
import { review } from "./live/review.mjs";
import { story } from "./live/story.mjs";
import { survey } from "./live/survey.mjs";
import { twice } from "./live/twice.mjs";
import { triage } from "./live/triage.mjs";
import { waysIn } from "./live/ways_in.mjs";

describe("North Vale, live", () => {
  let open;
  const house = () => open;
  before(async () => { open = await House.open(); });
  after(() => open?.close());

  story(house, { scripts: true, first: "Maud", last: "Ellerby", nine: 999_765_432 });
  story(house, { scripts: false, first: "Ivor", last: "Penhale", nine: 999_654_321 });
  journeys(house);
  offices(house);
  review(house);
  joining(house);
  care(house);
  twice(house);
  plan(house);
  triage(house);
  account(house);
  factors(house);
  waysIn(house);
  survey(house);

  test("Ctrl-C ends it well and leaves nothing running", async () => {
    const { how, started, left, printed } = await open.close();
    assert.equal(how, 0, printed.slice(-2000));
    for (const program of ["postgres", "redis"]) assert.ok(started.some(({ words }) => words.includes(program)), `no ${program} was started`);
    assert.deepEqual(left, []);
  });
});
