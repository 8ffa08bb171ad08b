/**
 * The listening mode: three keys that can be felt, and a voice, for who cannot see the screen.
 *
 * The first press of "next" starts it and tells how it works. It ends with the session, or when somebody touches the
 * screen, who sees it then. Where the device has no voice for a language, that language is not offered.
 * Knows no page: what can be reached there, `page` tells (see `stops.js`). A stop with stops of its own, such as a row
 * of the keyboard, is entered by choosing it.
 * @import { KioskTexts } from "./contract.js"
 *
 * @typedef {object} Stop
 * @property {string} words what is heard of it
 * @property {unknown} element by which it is known again
 * @property {string} [language] where it is another one than that of the screen
 * @property {boolean} [answer] whether it is one of the answers to the question, whose place is told
 * @property {boolean | undefined} [chosen] nothing where it cannot be chosen and left
 * @property {Stop[]} [stops]
 *
 * @typedef {"next" | "previous" | "choose" | "repeat" | "louder" | "softer"} Act
 * @typedef {ReturnType<typeof createListening>} Listening
 */

import { fill } from "../shared/checks.js";
import { createKeyFilter } from "./same-key.js";

/**
 * What the keypad sends, by the names of `KeyboardEvent.key`: this is the place to name the keys of another one.
 * @type {Record<Act, string[]>}
 */
export const KEYS = {
  next: ["Tab"],
  // Tab with Shift, of who has a whole keyboard.
  previous: [],
  choose: ["Enter"],
  repeat: ["F1"],
  louder: ["AudioVolumeUp"],
  softer: ["AudioVolumeDown"],
};

/** How loud it is for each person at first, of 1, and by how much a key changes that. */
export const VOLUME = 0.7;
const STEP = 0.1;

/**
 * @param {{
 *   voice: Pick<typeof import("./voice.js"), "canRead" | "read" | "hush">,
 *   now: () => number,
 *   page: {
 *     stops: (texts: KioskTexts) => Stop[],
 *     reach: (stop: Stop) => void,
 *     press: (stop: Stop) => void,
 *     focused: (stop: Stop) => boolean,
 *   },
 *   started?: () => void,
 *   alive?: () => void,
 * }} parts `now` in ms, monotonic; `alive` is called while somebody listens, who cannot be expected to press a key
 */
export function createListening({ voice, now, page, started = () => {}, alive = () => {} }) {
  let on = false;
  let volume = VOLUME;
  let language = "";
  /** @type {KioskTexts | undefined} */
  let texts;
  /** What this screen says before its first stop. @type {string[]} */
  let sentences = [];
  /** @type {unknown} */
  let at;
  /** The stop that was entered. @type {unknown} */
  let inside;
  /** Which screen it is: a press may lead to the next one. */
  let screens = 0;
  let counts = createKeyFilter(now);

  /** @param {string[]} words @param {string} [spoken] the language of these words */
  const speak = (words, spoken = language) => voice.read(spoken, words, alive, { volume, toTheEnd: true, each: alive });

  /** What can be reached now. A language that cannot be heard leads nowhere. */
  const all = () => (texts ? page.stops(texts) : []).filter((stop) => !stop.language || voice.canRead(stop.language));
  const entered = () => all().find(({ element }) => element === inside);
  const level = () => entered()?.stops ?? all();
  const here = () => level().find(({ element }) => element === at);

  /** @param {Stop} stop */
  function tell(stop) {
    const answers = level().filter(({ answer }) => answer);
    const number = answers.findIndex(({ element }) => element === stop.element) + 1;
    const place = texts && number && fill(fill(texts.listenPlace, "number", number), "total", answers.length);
    const words = [stop.words, stop.chosen && texts?.listenChosen, place];
    speak(/** @type {string[]} */ (words.filter(Boolean)), stop.language);
  }

  /** @param {Stop | undefined} stop nothing is the question */
  function reach(stop) {
    at = stop?.element;
    if (!stop) return speak(sentences);
    page.reach(stop);
    tell(stop);
  }

  /** @param {1 | -1} by */
  function move(by) {
    const stops = level();
    const place = stops.findIndex(({ element }) => element === at);
    const next = place < 0 && by < 0 ? stops.length - 1 : place + by;
    const group = entered();
    // Past its end one is where one came from; past the end of all, at the question.
    if (!stops[next] && group) inside = undefined;
    reach(stops[next] ?? group);
  }

  function choose() {
    const stop = here();
    if (!stop) return reach(undefined);
    if (stop.stops) {
      inside = stop.element;
      return reach(stop.stops[0]);
    }
    const before = screens;
    page.press(stop);
    if (screens !== before || !on) return;
    // Typed: back to the rows, from this one on.
    if (inside) [at, inside] = [inside, undefined];
    const now = all()
      .flatMap((each) => [each, ...(each.stops ?? [])])
      .find(({ element }) => element === stop.element);
    // It made place for another, which the page leads to, as a keyboard that opens does.
    if (!now) return reach(all().find(page.focused));
    const chosen = now.chosen === undefined ? undefined : texts?.[now.chosen ? "listenChosen" : "listenNotChosen"];
    speak(/** @type {string[]} */ ([now.words, chosen].filter(Boolean)));
  }

  /** @param {number} by */
  function turn(by) {
    volume = Math.min(1, Math.max(STEP, Math.round((volume + by) * 10) / 10));
    again();
  }

  function again() {
    const stop = here();
    if (stop) tell(stop);
    else speak(sentences);
  }

  /** @type {Record<Act, () => void>} */
  const acts = {
    next: () => move(1),
    previous: () => move(-1),
    choose,
    repeat: again,
    louder: () => turn(STEP),
    softer: () => turn(-STEP),
  };

  return {
    get on() {
      return on;
    },
    /** Another screen: it says its sentences when somebody listens, and is looked through from its first stop on.
     * @param {string} code @param {KioskTexts} words @param {string[]} spoken */
    screen(code, words, spoken) {
      [language, texts, sentences] = [code, words, spoken];
      at = inside = undefined;
      screens += 1;
      if (on && voice.canRead(code)) speak(sentences);
    },
    /** Something that comes by itself, such as what is wrong with an answer.
     * @param {string} sentence @param {boolean} [warning] that time runs out: to hear it is no sign that somebody is there */
    say(sentence, warning = false) {
      if (!on) return;
      if (warning) voice.read(language, [sentence, texts?.listenStay ?? ""], undefined, { volume, toTheEnd: true });
      else speak([sentence]);
    },
    /** A key of the three, or another. Says whether it was meant for here: then it does nothing else.
     * @param {Act} act @param {boolean} [repeated] held down */
    key(act, repeated = false) {
      if (on) {
        if (!repeated && counts(act)) acts[act]();
        return true;
      }
      if (act !== "next" || repeated || !texts || !voice.canRead(language)) return false;
      on = counts(act);
      started();
      speak([texts.listenHow, texts.listenNext, texts.listenChoose, texts.listenRepeat, ...sentences]);
      return true;
    },
    /** Somebody touched the screen. */
    touch() {
      if (!on) return;
      this.end();
      voice.hush(true);
    },
    /** The session is over. What is being said, such as the thanks, is said to its end. */
    end() {
      on = false;
      volume = VOLUME;
      at = inside = undefined;
      counts = createKeyFilter(now);
    },
  };
}
