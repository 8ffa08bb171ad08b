// The listening mode: three keys and a voice. How it finds its way on the page: tests/browser/kiosk/test_listening.py.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createListening, KEYS, VOLUME } from "./listening.js";
import { actOf } from "./stops.js";
import { handClock, quietVoice } from "./testing/stand-ins.js";

/**
 * @import { KioskTexts } from "./contract.js"
 * @import { Act, Stop } from "./listening.js"
 */

const TEXTS = /** @type {KioskTexts} */ ({
  listenHow: "Zo werkt het.",
  listenNext: "Volgende.",
  listenChoose: "Kiezen.",
  listenRepeat: "Nog eens.",
  listenPlace: "{number} van {total}",
  listenChosen: "gekozen",
  listenNotChosen: "niet gekozen",
  listenStay: "Druk op een toets.",
});
const QUESTION = ["Vraag 1 van 3.", "Hoe was het?"];

/** @param {string} words @param {Partial<Stop>} [more] @returns {Stop} */
const answer = (words, more = {}) => ({ words, element: words, answer: true, ...more });
/** @param {string} words @param {Partial<Stop>} [more] @returns {Stop} */
const button = (words, more = {}) => ({ words, element: words, ...more });

const ANSWERS = [answer("slecht"), answer("goed"), button("Terug")];

/**
 * Somebody at a kiosk that asks one question, each press a second after the one before.
 * @param {{ stops?: Stop[], voice?: ReturnType<typeof quietVoice>, pressed?: (stop: Stop) => void }} parts
 */
function listener({ stops = ANSWERS, voice = quietVoice("nl", "en"), pressed = () => {} } = {}) {
  const { times, pass } = handClock();
  const state = {
    stops,
    started: 0,
    alive: 0,
    /** @type {string[]} */
    reached: [],
    /** @type {string[]} */
    pressed: [],
    /** Which stop has the focus, where the page moved it. @type {string | undefined} */
    focused: undefined,
  };
  const listening = createListening({
    voice,
    now: () => times.monotonic,
    page: {
      stops: () => state.stops,
      reach: ({ words }) => state.reached.push(words),
      press(stop) {
        state.pressed.push(stop.words);
        pressed(stop);
      },
      focused: ({ words }) => words === state.focused,
    },
    started: () => {
      state.started += 1;
    },
    alive: () => {
      state.alive += 1;
    },
  });
  listening.screen("nl", TEXTS, QUESTION);
  /** @param {Act[]} acts */
  const press = (...acts) => {
    for (const act of acts) {
      pass(1000);
      listening.key(act);
    }
    return voice.last;
  };
  return Object.assign(state, { listening, voice, pass, press });
}

test("nothing is heard before somebody presses a key of the keypad", () => {
  const { voice, listening } = listener();
  listening.say("Er gaat iets mis.");
  assert.deepEqual(voice.said, []);
});

test("the first press of next starts it, says how it works, and reads the question", () => {
  const at = listener();
  assert.equal(at.listening.key("next"), true);
  assert.equal(at.voice.last, "Zo werkt het. Volgende. Kiezen. Nog eens. Vraag 1 van 3. Hoe was het?");
  assert.ok(at.listening.on);
  assert.equal(at.started, 1);
  assert.deepEqual(at.reached, []);
});

test("the other keys start nothing, and stay what they are to the browser", () => {
  const at = listener();
  for (const act of /** @type {Act[]} */ (["choose", "repeat", "previous", "louder"]))
    assert.equal(at.listening.key(act), false);
  assert.ok(!at.listening.on);
});

test("each answer is heard with its place as it is reached, then what stands around them, then the question", () => {
  const at = listener();
  at.press("next");
  assert.equal(at.press("next"), "slecht 1 van 2");
  assert.equal(at.press("next"), "goed 2 van 2");
  assert.equal(at.press("next"), "Terug");
  assert.equal(at.press("next"), QUESTION.join(" "));
  assert.equal(at.press("next"), "slecht 1 van 2");
  assert.deepEqual(at.reached, ["slecht", "goed", "Terug", "slecht"]);
});

test("who went one too far goes back", () => {
  const at = listener();
  at.press("next", "next", "next");
  assert.equal(at.press("previous"), "slecht 1 van 2");
  assert.equal(at.press("previous"), QUESTION.join(" "));
  assert.equal(at.press("previous"), "Terug");
});

test("repeat says again what was heard last: the question, or where one is", () => {
  const at = listener();
  at.press("next");
  assert.equal(at.press("repeat"), QUESTION.join(" "));
  at.press("next");
  assert.equal(at.press("repeat"), "slecht 1 van 2");
});

test("choose presses what was reached, and before that only reads the question again", () => {
  const at = listener();
  at.press("next");
  assert.equal(at.press("choose"), QUESTION.join(" "));
  assert.deepEqual(at.pressed, []);
  at.press("next", "next", "choose");
  assert.deepEqual(at.pressed, ["goed"]);
});

test("the next question is read once an answer leads there, and begins at its own first answer", () => {
  const at = listener({ pressed: () => at.listening.screen("nl", TEXTS, ["Vraag 2 van 3.", "Gelukt?"]) });
  at.press("next", "next", "next");
  assert.equal(at.press("choose"), "Vraag 2 van 3. Gelukt?");
  at.stops = [answer("ja"), answer("nee")];
  assert.equal(at.press("next"), "ja 1 van 2");
});

test("of an answer that stays on the screen it is heard whether it is chosen", () => {
  const flip = (/** @type {Stop} */ { words, chosen }) => {
    at.stops = [answer(words, { chosen: !chosen })];
  };
  const at = listener({ stops: [answer("wachttijd", { chosen: false })], pressed: flip });
  at.press("next", "next");
  assert.equal(at.press("choose"), "wachttijd gekozen");
  assert.equal(at.press("repeat"), "wachttijd gekozen 1 van 1");
  assert.equal(at.press("choose"), "wachttijd niet gekozen");
});

test("a key twice within half a second, or held down, counts once", () => {
  const at = listener();
  at.press("next", "next");
  at.pass(400);
  assert.equal(at.listening.key("next"), true);
  assert.equal(at.voice.last, "slecht 1 van 2");
  at.pass(5000);
  assert.equal(at.listening.key("next", true), true);
  assert.equal(at.voice.last, "slecht 1 van 2");
  at.listening.key("choose");
  assert.deepEqual(at.pressed, ["slecht"]);
});

test("also the press that starts it", () => {
  const at = listener();
  assert.equal(at.listening.key("next", true), false);
  at.listening.key("next");
  at.pass(200);
  at.listening.key("next");
  assert.deepEqual(at.reached, []);
});

test("without a voice for the language nothing starts, and the key is the browser's", () => {
  const at = listener({ voice: quietVoice("en") });
  assert.equal(at.listening.key("next"), false);
  assert.ok(!at.listening.on);
});

test("a language is heard in its own voice, and one without a voice is not offered", () => {
  const at = listener({ stops: [button("English", { language: "en" }), button("العربية", { language: "ar" })] });
  at.press("next");
  assert.equal(at.press("next"), "English");
  assert.equal(at.voice.said.at(-1)?.language, "en");
  assert.equal(at.press("next"), QUESTION.join(" "));
  assert.equal(at.voice.said.at(-1)?.language, "nl");
});

test("an error is heard as it comes", () => {
  const at = listener();
  at.press("next");
  at.listening.say("Kies een antwoord.");
  assert.equal(at.voice.last, "Kies een antwoord.");
});

test("who listens is there: hearing keeps the session, hearing that it ends does not", () => {
  const at = listener();
  at.press("next");
  at.voice.finish();
  assert.equal(at.alive, 1);
  at.listening.say("Bent u er nog?", true);
  assert.equal(at.voice.last, "Bent u er nog? Druk op een toets.");
  at.voice.finish();
  assert.equal(at.alive, 1);
});

test("louder and softer are heard at once, and the next person begins as everybody does", () => {
  const at = listener();
  at.press("next", "louder");
  assert.equal(at.voice.said.at(-1)?.volume, 0.8);
  at.press("softer", "softer");
  assert.equal(at.voice.said.at(-1)?.volume, 0.6);
  at.press(...Array(20).fill("louder"));
  assert.equal(at.voice.said.at(-1)?.volume, 1);
  at.press(...Array(20).fill("softer"));
  // Never silent: who cannot see could not find the way back.
  assert.equal(at.voice.said.at(-1)?.volume, 0.1);
  at.listening.end();
  at.press("next");
  assert.equal(at.voice.said.at(-1)?.volume, VOLUME);
});

test("it ends with the session, after the thanks were said to their end", () => {
  const at = listener();
  at.press("next");
  at.listening.screen("nl", TEXTS, ["Dank u wel"]);
  at.listening.end();
  at.listening.screen("nl", TEXTS, QUESTION);
  assert.equal(at.voice.last, "Dank u wel");
  assert.ok(at.voice.said.at(-1)?.whole);
  assert.equal(at.voice.hushed, 0);
  assert.equal(at.press("next"), "Zo werkt het. Volgende. Kiezen. Nog eens. Vraag 1 van 3. Hoe was het?");
});

test("who touches the screen sees it: the voice stops", () => {
  const at = listener();
  at.press("next");
  at.listening.touch();
  assert.equal(at.voice.hushed, 1);
  assert.ok(!at.listening.on);
  at.listening.touch();
  assert.equal(at.voice.hushed, 1);
});

test("a row of the keyboard is entered, a letter typed, and the rows go on from there", () => {
  const rows = [
    button("q, w", { stops: [button("q"), button("w")] }),
    button("a, s", { stops: [button("a"), button("s")] }),
  ];
  const at = listener({ stops: [button("tekst"), ...rows] });
  at.press("next", "next", "next");
  assert.equal(at.press("choose"), "q");
  assert.equal(at.press("next"), "w");
  assert.equal(at.press("choose"), "w");
  assert.deepEqual(at.pressed, ["w"]);
  assert.equal(at.press("next"), "a, s");
  assert.equal(at.press("choose"), "a");
  assert.equal(at.press("next"), "s");
  // Past its last key one is at the row again.
  assert.equal(at.press("next"), "a, s");
  assert.equal(at.press("next"), QUESTION.join(" "));
});

test("a button that makes place for others leads to them", () => {
  const at = listener({
    stops: [button("Typ op het scherm")],
    pressed() {
      at.stops = [button("q, w", { stops: [button("q")] })];
      at.focused = "q, w";
    },
  });
  at.press("next", "next");
  assert.equal(at.press("choose"), "q, w");
  assert.equal(at.press("choose"), "q");
});

test("the keys are named in one place, each for one thing", () => {
  const keys = Object.values(KEYS).flat();
  assert.equal(new Set(keys).size, keys.length);
  for (const [act, [key]] of Object.entries(KEYS)) if (key) assert.equal(actOf({ key, shiftKey: false }), act);
  assert.equal(actOf({ key: "Tab", shiftKey: true }), "previous");
  assert.equal(actOf({ key: "q", shiftKey: false }), undefined);
});
