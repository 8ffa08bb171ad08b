/**
 * One resident after the other: from the choice of a language to the thanks, and back to the first screen.
 *
 * Knows no page, no clock and no disk: `monotonic` tells the time in ms, `keep` resolves once a response is on
 * disk, and `show` is called with what is to be seen. `tick` has to be called a few times a second.
 */

import { createPace } from "./pace.js";
import { createSession } from "./session.js";

/** How long "Dank u wel" stays, in ms. */
export const THANKS = 3000;
/** The countdown is seen this long before the screen starts anew, in ms (WCAG 2.2.1 asks for 20 s). */
export const WARNING = 20_000;
/** A disk that has not answered by now will not be waited for, in ms. */
export const PATIENCE = 15_000;
/** Nobody touched the first screen for so long that nobody stands there, in ms. */
export const QUIET = 10_000;

/**
 * @param {{
 *   survey: any,
 *   keep: (response: any) => Promise<unknown>,
 *   newId: () => string,
 *   monotonic: () => number,
 *   show: (view: any) => void,
 *   wiped?: () => void,
 * }} parts
 */
export function createResident({ survey, keep, newId, monotonic, show, wiped = () => {} }) {
  let pace = createPace(survey.intervalSeconds * 1000);
  /** @type {any} */
  let upcoming;
  /** @type {any} */
  let session;
  let screen = "start";
  let language = "";
  let responseId = "";
  let touched = -Infinity;
  /** Until when the screen stays as it is, of "thanks" and "waiting". */
  let until = 0;
  let suspect = false;
  /** Which attempt to keep something counts: a late answer of the disk must not change a later screen. */
  let attempt = 0;

  /** Whether the countdown is seen. */
  let counting = false;

  const reset = () => survey.resetSeconds * 1000;
  const tell = () => {
    const now = monotonic();
    const left = touched + reset() - now;
    counting = ["question", "notSaved"].includes(screen) && left <= WARNING;
    show({
      screen,
      survey,
      language,
      session,
      // What the countdown says; nothing while there is no need to hurry.
      seconds: counting ? Math.max(0, Math.ceil(left / 1000)) : undefined,
      wait: screen === "waiting" ? Math.max(0, Math.ceil((until - now) / 1000)) : undefined,
    });
  };
  /** @param {string} next */
  const go = (next) => {
    screen = next;
    tell();
  };
  /** @param {any} answers @param {boolean} complete */
  const response = (answers, complete) => ({
    responseId,
    touchpoint: survey.touchpoint,
    version: survey.version,
    language,
    answers,
    complete,
    suspect,
  });

  function startAnew() {
    attempt += 1;
    session = undefined;
    language = responseId = "";
    suspect = false;
    if (upcoming) use(upcoming);
    wiped();
    go("start");
  }

  /** @param {any} next */
  function use(next) {
    // The pace goes on where it stood, unless the interval itself changed.
    if (next.intervalSeconds !== survey.intervalSeconds) pace = createPace(next.intervalSeconds * 1000);
    survey = next;
    upcoming = undefined;
  }

  function leave() {
    const answers = session.partial();
    const now = monotonic();
    // Nobody was thanked, so nobody is told a lie when this fails or comes too soon.
    if (Object.keys(answers).length && !pace.wait(now)) {
      suspect ||= pace.suspect(now);
      const left = response(answers, false);
      pace.store(now);
      keep(left).catch(() => {});
    }
    startAnew();
  }

  async function save() {
    const mine = (attempt += 1);
    go("saving");
    const now = monotonic();
    until = now + PATIENCE;
    pace.store(now);
    try {
      await keep(response(session.complete(), true));
    } catch {
      if (mine !== attempt) return;
      touched = monotonic();
      go("notSaved");
      return;
    }
    // Too late: the screen says already that it was not kept. Under the same id it is stored once.
    if (mine !== attempt) return;
    until = monotonic() + THANKS;
    go("thanks");
  }

  function submit() {
    const now = monotonic();
    suspect ||= pace.suspect(now);
    until = now + pace.wait(now);
    if (until > now) go("waiting");
    else save();
  }

  return {
    show: tell,
    get screen() {
      return screen;
    },
    /** Whether nobody stands at the kiosk. */
    get quiet() {
      return screen === "start" && monotonic() - touched >= QUIET;
    },
    /** Any touch, key or switch: whoever it is, is still there. What is under the finger stays until it is lifted. */
    touch() {
      touched = monotonic();
    },
    /** "I am still here". */
    stay() {
      touched = monotonic();
      tell();
    },
    /** @param {string} code */
    choose(code) {
      if (screen !== "start") return;
      language = code;
      responseId = newId();
      touched = monotonic();
      pace.begin(touched);
      session = createSession(survey.languages.find((/** @type {any} */ each) => each.code === code).items);
      go("question");
    },
    /** @param {any} value */
    give(value) {
      if (screen === "question") session.give(value);
    },
    next() {
      if (screen !== "question") return;
      touched = monotonic();
      if (session.next()) tell();
      else submit();
    },
    back() {
      if (screen !== "question") return;
      touched = monotonic();
      if (session.first) leave();
      else {
        session.back();
        tell();
      }
    },
    again() {
      if (screen === "notSaved") save();
    },
    stop() {
      if (screen === "question" || screen === "notSaved") leave();
    },
    /** New questions or texts: between two residents, never under somebody's finger. @param {any} next */
    offer(next) {
      upcoming = next;
      if (this.quiet) startAnew();
    },
    tick() {
      const now = monotonic();
      if (screen === "question" || screen === "notSaved") {
        if (now - touched >= reset()) leave();
        else if (counting || touched + reset() - now <= WARNING) tell();
      } else if (screen === "waiting") {
        if (now >= until) save();
        else tell();
      } else if (screen === "saving") {
        if (now >= until) {
          attempt += 1;
          touched = now;
          go("notSaved");
        }
      } else if (screen === "thanks" && now >= until) startAnew();
      else if (screen === "start" && upcoming && this.quiet) startAnew();
    },
  };
}
