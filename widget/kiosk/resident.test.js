// One resident after the other, by a clock that only moves when told to.

import assert from "node:assert/strict";
import test from "node:test";

import { createResident, LATER, PATIENCE, QUIET, THANKS, THANKS_TO_READ, WARNING } from "./resident.js";
import { asking, handClock, survey } from "./testing/stand-ins.js";

/**
 * @import { Item, Value } from "../shared/contract.js"
 * @import { Response, Survey, View } from "./contract.js"
 * @typedef {ReturnType<typeof standing>} Standing
 */

/**
 * A kiosk whose disk answers at once, unless `keep` says otherwise. What is sealed of who left comes to `kept` as well.
 * @param {{ keep?: (given: Response) => Promise<unknown>, asked?: Survey }} parts
 */
function standing({ keep, asked = survey({ text: true }) } = {}) {
  const hand = handClock();
  /** @type {(Response & { at: number })[]} */
  const kept = [];
  /** @type {(Response & { at: number }) | undefined} */
  let draft;
  /** @type {(View & { item: string | undefined })[]} */
  const views = [];
  let wiped = 0;
  const dated = (/** @type {Response} */ given) => ({ ...given, at: hand.times.monotonic });
  const resident = createResident({
    survey: asked,
    async draft(given) {
      draft = given && dated(given);
    },
    async leave() {
      if (draft) kept.push(draft);
      draft = undefined;
    },
    async keep(given) {
      if (keep) await keep(given);
      kept.push(dated(given));
      draft = undefined;
    },
    newId: () => crypto.randomUUID(),
    monotonic: () => hand.times.monotonic,
    show: (view) => views.push({ ...view, item: view.session.item.code }),
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
    get draft() {
      return draft;
    },
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
const RESET = survey().resetSeconds * 1000;

/** @param {Standing} at */
async function answered(at, { slowly = true } = {}) {
  at.resident.answer(8);
  if (slowly) await at.pass(2500);
  at.resident.answer("ja");
  if (slowly) await at.pass(2500);
  at.resident.give("Fijn.");
  at.resident.next();
  await settled();
}

test("the first question is the first screen, and one touch answers it and moves on", () => {
  const at = standing();
  assert.equal(at.last.screen, "question");
  assert.equal(at.last.item, "cijfer");
  assert.equal(at.last.begun, false);
  at.resident.answer(8);
  assert.equal(at.last.item, "geholpen");
  assert.equal(at.last.begun, true);
});

test("four touches of a person in a hurry are one whole response, and not suspect", async () => {
  const face = (/** @type {string} */ code) =>
    /** @type {const} */ ({ code, kind: "smileys", control: "radio", layout: "faces", text: "" });
  const at = standing({ asked: asking(face("a"), face("b"), face("c"), face("d")) });
  for (const value of [4, 5, 3, 5]) {
    await at.pass(1000);
    at.resident.touch();
    at.resident.answer(value);
  }
  await settled();
  assert.equal(at.last.screen, "thanks");
  assert.deepEqual(at.kept[0].answers, { a: 4, b: 5, c: 3, d: 5 });
  assert.equal(at.kept[0].complete, true);
  assert.equal(at.kept[0].suspect, false);
  await at.pass(THANKS);
  assert.equal(at.kept.length, 1);
});

test("who touches once and walks away is stored once, with one answer, and not as a whole response", async () => {
  const at = standing();
  at.resident.touch();
  at.resident.answer(6);
  await at.pass(RESET + LATER + WARNING + 1000);
  assert.equal(at.kept.length, 1);
  assert.deepEqual(at.kept[0].answers, { cijfer: 6 });
  assert.equal(at.kept[0].complete, false);
  assert.equal(at.kept[0].suspect, false);
  assert.equal(at.last.item, "cijfer");
  await at.pass(120_000);
  assert.equal(at.kept.length, 1);
});

test("each touch is kept as a draft, of one id, until the response is", async () => {
  const at = standing();
  at.resident.answer(6);
  await settled();
  const first = at.draft;
  assert.deepEqual(first?.answers, { cijfer: 6 });
  assert.equal(first?.complete, false);
  at.resident.answer("nee");
  await settled();
  assert.deepEqual(at.draft?.answers, { cijfer: 6, geholpen: "nee" });
  assert.equal(at.draft?.responseId, first?.responseId);
  at.resident.next();
  at.resident.give("Ik heet Jansen.");
  at.resident.next();
  await settled();
  assert.equal(at.draft, undefined);
  assert.equal(at.kept[0].responseId, first?.responseId);
});

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
  assert.equal(at.last.screen, "question");
  assert.equal(at.last.begun, false);
  assert.equal(at.wiped, 1);
});

test("with an improvement to read the thanks stay longer, and a touch ends them", async () => {
  const asked = survey({ text: true });
  asked.languages[0] = { ...asked.languages[0], improvement: { date: "2026-05-31", text: "Open.", language: "nl" } };
  const at = standing({ asked });
  await answered(at);
  await at.pass(THANKS);
  assert.equal(at.last.screen, "thanks");
  at.resident.stop();
  assert.equal(at.last.screen, "question");
  await at.pass(10_000);
  await answered(at);
  await at.pass(THANKS_TO_READ);
  assert.equal(at.last.screen, "question");
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
  at.resident.answer(3);
  late();
  await settled();
  assert.equal(at.last.screen, "question");
  assert.equal(at.last.item, "geholpen");
});

test("the countdown comes later on a statement, lasts twenty seconds, and any touch ends it", async () => {
  const at = standing();
  at.resident.touch();
  at.resident.answer(6);
  at.resident.answer("nee");
  at.resident.next();
  at.resident.give("Mijn naam is Jansen.");
  await at.pass(RESET + LATER - 250);
  assert.equal(at.last.seconds, undefined);
  await at.pass(250);
  assert.equal(at.last.seconds, 20);
  at.resident.touch();
  await at.pass(250);
  assert.equal(at.last.seconds, undefined);
  await at.pass(RESET + LATER + WARNING - 500);
  assert.equal(at.last.item, "toelichting");
  await at.pass(500);
  assert.equal(at.last.item, "cijfer");
  assert.equal(at.last.session.value, undefined);
  assert.equal(at.wiped, 1);
  assert.deepEqual(at.kept[0].answers, { cijfer: 6, geholpen: "nee" });
  assert.equal(at.kept[0].complete, false);
});

test("on the first question the countdown comes sooner, and only where there is something to wipe", async () => {
  const at = standing();
  at.resident.touch();
  await at.pass(RESET + WARNING + 1000);
  assert.ok(at.views.every(({ seconds }) => seconds === undefined));
  assert.equal(at.wiped, 0);
  at.resident.alter();
  await at.pass(RESET);
  assert.equal(at.last.seconds, 20);
  await at.pass(WARNING);
  assert.equal(at.wiped, 1);
  assert.deepEqual(at.kept, []);
});

test("where nobody stands the first question invites, until somebody touches it", async () => {
  const at = standing();
  at.resident.touch();
  await at.pass(250);
  assert.equal(at.last.inviting, false);
  await at.pass(QUIET);
  assert.equal(at.last.inviting, true);
  at.resident.touch();
  await at.pass(250);
  assert.equal(at.last.inviting, false);
});

test("another language keeps the question and what was answered", async () => {
  const asked = survey();
  const english = { ...asked.languages[0], code: "en", name: "English" };
  const at = standing({ asked: { ...asked, languages: [asked.languages[0], english] } });
  at.resident.answer(4);
  at.resident.back();
  at.resident.choose("en");
  assert.equal(at.last.language, "en");
  assert.equal(at.last.item, "cijfer");
  assert.equal(at.last.session.value, 4);
  at.resident.answer(4);
  at.resident.answer("ja");
  await settled();
  assert.equal(at.kept[0].language, "en");
  await at.pass(THANKS);
  assert.equal(at.last.language, "nl");
});

test("texts are not asked where there is no keyboard, and the path is whole without them", async () => {
  const at = standing({ asked: survey() });
  at.resident.answer(8);
  await at.pass(3000);
  at.resident.answer("ja");
  await settled();
  assert.equal(at.last.screen, "thanks");
  assert.equal(at.kept[0].complete, true);
});

test("what was typed and confirmed is still not kept of who walked away", async () => {
  const at = standing({
    asked: {
      ...asking(
        { code: "tekst", kind: "text", control: "textarea", layout: "text", text: "" },
        { code: "cijfer", kind: "mark", control: "radio", layout: "numbers", text: "" },
      ),
      text: true,
    },
  });
  at.resident.give("Jansen");
  at.resident.next();
  assert.equal(at.draft, undefined);
  at.resident.stop();
  await settled();
  assert.deepEqual(at.kept, []);
});

test("what was marked and not confirmed is not kept", async () => {
  const at = standing();
  at.resident.give(6);
  at.resident.alter();
  await at.pass(RESET + WARNING);
  assert.equal(at.last.session.value, undefined);
  assert.deepEqual(at.kept, []);
});

test("back and another answer: what hung on the first one is gone", async () => {
  const at = standing({ asked: survey() });
  at.resident.answer(4);
  at.resident.answer("nee");
  assert.equal(at.last.item, "oorzaak");
  at.resident.give("terug");
  at.resident.back();
  assert.equal(at.last.item, "geholpen");
  await at.pass(3000);
  at.resident.answer("ja");
  await settled();
  assert.deepEqual(at.kept[0].answers, { cijfer: 4, geholpen: "ja" });
});

test("on the first question there is no way back", () => {
  const at = standing();
  at.resident.back();
  assert.equal(at.last.item, "cijfer");
  assert.equal(at.last.screen, "question");
});

test("twenty taps a second for ten minutes keep at most one in each interval, all suspect", async () => {
  const at = standing();
  const began = at.hand.times.monotonic;
  for (let tap = 0; tap < 20 * 600; tap += 1) {
    const { resident } = at;
    resident.touch();
    resident.answer(1 + (tap % 10));
    at.hand.pass(50);
    if (tap % 5 === 0) resident.tick();
    await settled();
  }
  assert.ok(at.kept.length > 20 && at.kept.length <= 600 / 5, `${at.kept.length}`);
  assert.ok(at.kept.every(({ suspect }) => suspect));
  const times = [began - 5000, ...at.kept.map((each) => each.at)];
  for (let one = 1; one < times.length; one += 1) assert.ok(times[one] - times[one - 1] >= 5000);
  // And whoever comes after may answer at once.
  await at.pass(100_000);
  const before = at.kept.length;
  await answered(at);
  assert.equal(at.kept.length, before + 1);
  assert.equal(at.kept[before].suspect, false);
});

test("stopping again and again stores no more than one in each interval either", async () => {
  const at = standing();
  for (let round = 0; round < 100; round += 1) {
    at.resident.answer(1);
    at.resident.stop();
    await at.pass(250);
  }
  assert.ok(at.kept.length >= 4 && at.kept.length <= 5 + 1);
});

test("who walks away right after another is marked and not lost", async () => {
  const at = standing({ asked: survey({ intervalSeconds: 300 }) });
  at.resident.answer(8);
  await at.pass(2000);
  at.resident.answer("ja");
  await settled();
  await at.pass(THANKS);
  at.resident.answer(2);
  await at.pass(RESET + LATER + WARNING);
  assert.equal(at.kept.length, 2);
  assert.deepEqual(at.kept[1].answers, { cijfer: 2 });
  assert.equal(at.kept[1].suspect, true);
});

test("new questions come between two residents", async () => {
  const at = standing();
  at.resident.touch();
  at.resident.answer(8);
  at.resident.offer(survey({ version: 2, etag: "b" }));
  assert.equal(at.last.survey.version, 1);
  at.resident.answer("ja");
  assert.equal(at.last.survey.version, 1);
  at.resident.stop();
  await settled();
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

/** @type {[Item, Value][]} */
const MARKED = [
  [{ code: "eerst", kind: "choices", control: "checkbox", layout: "list", text: "" }, ["a"]],
  [{ code: "eerst", kind: "text", control: "textarea", layout: "text", text: "" }, "Ik heet Jansen."],
];
for (const [item, value] of MARKED)
  test(`what is only marked at a first question (${item.control}) can be left, and is wiped`, async () => {
    const asked = { ...asking(item), text: true };
    const at = standing({ asked });
    assert.equal(at.last?.leaving, false);
    at.resident.give(value);
    assert.equal(at.last?.leaving, true);
    // New questions do not come under somebody's finger.
    at.resident.offer({ ...asked, etag: "b" });
    await at.pass(RESET);
    assert.equal(at.last?.survey.etag, "a");
    assert.equal(at.last?.seconds, WARNING / 1000);
    await at.pass(WARNING);
    assert.equal(at.last?.session.value, undefined);
    assert.equal(at.wiped, 1);
    assert.equal(at.last?.survey.etag, "b");
    assert.deepEqual(at.kept, []);
    at.resident.give(value);
    at.resident.stop();
    assert.equal(at.last?.session.value, undefined);
    // Taken back, there is nothing to leave.
    at.resident.give(value);
    at.resident.give(undefined);
    assert.equal(at.last?.leaving, false);
    await at.pass(RESET + WARNING);
    assert.equal(at.last?.seconds, undefined);
    assert.equal(at.wiped, 2);
  });
