// One resident after the other, by a clock that only moves when told to.

import assert from "node:assert/strict";
import test from "node:test";

import { createResident, PATIENCE, THANKS } from "./resident.js";
import { asking, handClock, survey } from "./testing/stand-ins.js";

/**
 * @import { Response, Survey, View } from "./contract.js"
 * @typedef {ReturnType<typeof standing>} Standing
 */

/**
 * A kiosk whose disk answers at once, unless `keep` says otherwise.
 * @param {{ keep?: (given: Response) => Promise<unknown>, asked?: Survey }} parts
 */
function standing({ keep, asked = survey() } = {}) {
  const hand = handClock();
  /** @type {(Response & { at: number })[]} */
  const kept = [];
  /** @type {(View & { item: string | undefined })[]} */
  const views = [];
  let wiped = 0;
  const resident = createResident({
    survey: asked,
    keep: keep ?? (async (given) => void kept.push({ ...given, at: hand.times.monotonic })),
    newId: () => crypto.randomUUID(),
    monotonic: () => hand.times.monotonic,
    show: (view) => views.push({ ...view, item: view.session?.item.code }),
    wiped: () => {
      wiped += 1;
    },
  });
  resident.show();
  return {
    resident,
    hand,
    kept,
    views,
    get last() {
      return views[views.length - 1];
    },
    get wiped() {
      return wiped;
    },
    /** @param {number} ms */
    async pass(ms) {
      for (let passed = 0; passed < ms; passed += 250) {
        hand.pass(Math.min(250, ms - passed));
        resident.tick();
        await settled();
      }
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** @param {Standing} at */
async function answered(at, { slowly = true } = {}) {
  at.resident.choose("nl");
  at.resident.give(8);
  if (slowly) await at.pass(6000);
  at.resident.next();
  at.resident.give("ja");
  at.resident.next();
  at.resident.give("Fijn.");
  at.resident.next();
  await settled();
}

test("what was answered is kept, then thanked for, and the next may begin three seconds later", async () => {
  const at = standing();
  await answered(at);
  assert.equal(at.last.screen, "thanks");
  assert.equal(at.kept.length, 1);
  assert.deepEqual(at.kept[0].answers, { cijfer: 8, geholpen: "ja", toelichting: "Fijn." });
  assert.equal(at.kept[0].complete, true);
  assert.equal(at.kept[0].suspect, false);
  await at.pass(THANKS - 250);
  assert.equal(at.last.screen, "thanks");
  await at.pass(250);
  assert.equal(at.last.screen, "start");
  assert.equal(at.wiped, 1);
});

test("nobody is thanked before the disk says so", async () => {
  let tell = () => {};
  const at = standing({ keep: () => new Promise((resolve) => (tell = () => resolve(undefined))) });
  await answered(at);
  assert.equal(at.last.screen, "saving");
  await at.pass(5000);
  assert.equal(at.last.screen, "saving");
  tell();
  await settled();
  assert.equal(at.last.screen, "thanks");
});

test("a disk that refuses or never answers is told, and a second try has the same id", async () => {
  /** @type {string[]} */
  const ids = [];
  let full = true;
  const at = standing({
    async keep({ responseId }) {
      ids.push(responseId);
      if (full) throw new DOMException("full", "QuotaExceededError");
    },
  });
  await answered(at);
  assert.equal(at.last.screen, "notSaved");
  full = false;
  at.resident.again();
  await settled();
  assert.equal(at.last.screen, "thanks");
  assert.equal(new Set(ids).size, 1);

  const silent = standing({ keep: () => new Promise(() => {}) });
  await answered(silent);
  await silent.pass(PATIENCE);
  assert.equal(silent.last.screen, "notSaved");
});

test("a disk that answers late does not thank the next resident", async () => {
  let tell = () => {};
  const at = standing({ keep: () => new Promise((resolve) => (tell = () => resolve(undefined))) });
  await answered(at);
  await at.pass(PATIENCE);
  const late = tell;
  at.resident.stop();
  at.resident.choose("nl");
  late();
  await settled();
  assert.equal(at.last.screen, "question");
  assert.equal(at.last.item, "cijfer");
});

test("who walks away leaves what was confirmed, without free text, and nothing on the screen", async () => {
  const at = standing();
  at.resident.choose("nl");
  at.resident.give(6);
  at.resident.next();
  at.resident.give("nee");
  at.resident.next();
  at.resident.next();
  assert.equal(at.last.item, "toelichting");
  at.resident.give("Mijn naam is Jansen.");
  at.resident.touch();
  await at.pass(9750);
  assert.equal(at.last.seconds, undefined);
  await at.pass(1000);
  assert.equal(at.last.seconds, 20);
  at.resident.touch();
  assert.equal(at.last.seconds, 20);
  await at.pass(250);
  assert.equal(at.last.seconds, undefined);
  await at.pass(30_000);
  assert.equal(at.last.screen, "start");
  assert.equal(at.last.session, undefined);
  assert.equal(at.wiped, 1);
  assert.deepEqual(at.kept[0].answers, { cijfer: 6, geholpen: "nee" });
  assert.equal(at.kept[0].complete, false);
});

test("what was typed and confirmed is still not kept of who walked away", async () => {
  const at = standing({
    asked: asking(
      { code: "tekst", kind: "text", control: "textarea", layout: "text", text: "" },
      { code: "cijfer", kind: "mark", control: "radio", layout: "numbers", text: "" },
    ),
  });
  at.resident.choose("nl");
  at.resident.give("Jansen");
  at.resident.next();
  at.resident.stop();
  await settled();
  assert.deepEqual(at.kept, []);
});

test("a mark that was not confirmed is not kept", async () => {
  const at = standing();
  at.resident.choose("nl");
  at.resident.give(6);
  await at.pass(40_000);
  assert.equal(at.last.screen, "start");
  assert.deepEqual(at.kept, []);
});

test("back and another answer: what hung on the first one is gone", async () => {
  const at = standing();
  at.resident.choose("nl");
  at.resident.give(4);
  at.resident.next();
  at.resident.give("nee");
  at.resident.next();
  assert.equal(at.last.item, "oorzaak");
  at.resident.give("terug");
  at.resident.next();
  at.resident.back();
  at.resident.back();
  assert.equal(at.last.item, "geholpen");
  at.resident.give("ja");
  at.resident.next();
  assert.equal(at.last.item, "toelichting");
  at.resident.next();
  await at.pass(6000);
  assert.deepEqual(at.kept[0].answers, { cijfer: 4, geholpen: "ja" });
});

test("twenty taps a second for ten minutes keep at most one in each interval, all suspect", async () => {
  const at = standing();
  const began = at.hand.times.monotonic;
  for (let tap = 0; tap < 20 * 600; tap += 1) {
    const { resident } = at;
    if (resident.screen === "start") resident.choose("nl");
    else {
      resident.give(1 + (tap % 10));
      resident.next();
    }
    at.hand.pass(50);
    if (tap % 5 === 0) resident.tick();
    await settled();
  }
  assert.ok(at.kept.length > 20 && at.kept.length <= 600 / 5, `${at.kept.length}`);
  assert.ok(at.kept.every(({ suspect }) => suspect));
  const times = [began - 5000, ...at.kept.map((each) => each.at)];
  for (let one = 1; one < times.length; one += 1) assert.ok(times[one] - times[one - 1] >= 5000);
  // And whoever comes after may answer at once.
  await at.pass(40_000);
  const before = at.kept.length;
  await answered(at);
  assert.equal(at.kept.length, before + 1);
  assert.equal(at.kept[before].suspect, false);
});

test("stopping again and again stores no more than one in each interval either", async () => {
  const at = standing();
  for (let round = 0; round < 100; round += 1) {
    at.resident.choose("nl");
    at.resident.give(1);
    at.resident.next();
    at.resident.stop();
    await at.pass(250);
  }
  assert.ok(at.kept.length <= 5 + 1);
});

test("new questions come between two residents", async () => {
  const at = standing();
  at.resident.choose("nl");
  at.resident.offer(survey({ version: 2, etag: "b" }));
  assert.equal(at.last.survey.version, 1);
  at.resident.give(8);
  at.resident.next();
  assert.equal(at.last.survey.version, 1);
  at.resident.stop();
  assert.equal(at.last.survey.version, 2);
  assert.equal(at.kept[0].version, 1);
});

test("somebody who just touched the first screen keeps it", async () => {
  const at = standing();
  at.resident.touch();
  at.resident.offer(survey({ version: 2, etag: "b" }));
  assert.equal(at.last.survey.version, 1);
  await at.pass(10_000);
  assert.equal(at.last.survey.version, 2);
});
