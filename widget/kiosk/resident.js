/**
 * One resident after the other: from the choice of a language to the thanks, and back to the first screen.
 *
 * Knows no page, no clock and no disk: `monotonic` tells the time in ms, `keep` resolves once a response is on
 * disk, and `show` is called with what is to be seen. `tick` has to be called a few times a second.
 * @import { Answers, Value } from "../shared/contract.js"
 * @import { Response, Survey, View } from "./contract.js"
 * @import { Session } from "./session.js"
 * @typedef {ReturnType<typeof createResident>} Resident
 */

import { createPace } from "./between-responses.js";
import { createSession } from "./session.js";

/** How long "Dank u wel" stays, in ms. */
export const THANKS = 3000;
/** The countdown is seen this long before the screen starts anew, in ms (WCAG 2.2.1 asks for 20 s). */
export const WARNING = 20_000;
/** How long to wait for the disk, in ms. */
export const PATIENCE = 15_000;
/** When the first screen was not touched for this long, nobody stands there, in ms. */
export const QUIET = 10_000;

/**
 * @param {{
 *   survey: Survey,
 *   keep: (response: Response) => Promise<unknown>,
 *   newId: () => string,
 *   monotonic: () => number,
 *   show: (view: View) => void,
 *   wiped?: () => void,
 * }} parts
 */
export function createResident({ survey, keep, newId, monotonic, show, wiped = () => {} }) {
  let pace = createPace(survey.intervalSeconds * 1000);
  /** @type {Survey | undefined} */
  let upcoming;
  /** @type {Session | undefined} */
  let session;
  /** @type {View["screen"]} */
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
  /** @param {View["screen"]} next */
  const go = (next) => {
    screen = next;
    tell();
  };
  /** @param {Answers} answers @param {boolean} complete */
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

  /** @param {Survey} next */
  function use(next) {
    // The pace goes on where it stood, unless the interval itself changed.
    if (next.intervalSeconds !== survey.intervalSeconds) pace = createPace(next.intervalSeconds * 1000);
    survey = next;
    upcoming = undefined;
  }

  function leave() {
    const answers = session?.partial() ?? {};
    const now = monotonic();
    // Nobody was thanked, so it may be left out if it fails or comes too soon.
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
      // Nobody comes here without questions.
      const { complete } = /** @type {Session} */ (session);
      await keep(response(complete(), true));
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

  /** Whether nobody stands at the kiosk. */
  const quiet = () => screen === "start" && monotonic() - touched >= QUIET;

  /** Count down for a resident who may still stand there; at the end they have left. @param {number} now */
  function countDown(now) {
    if (now - touched >= reset()) leave();
    else if (counting || touched + reset() - now <= WARNING) tell();
  }

  /** What time does to each screen. @type {Record<View["screen"], (now: number) => void>} */
  const passing = {
    start() {
      if (upcoming && quiet()) startAnew();
    },
    question: countDown,
    notSaved: countDown,
    waiting(now) {
      if (now >= until) save();
      else tell();
    },
    saving(now) {
      if (now < until) return;
      attempt += 1;
      touched = now;
      go("notSaved");
    },
    thanks(now) {
      if (now >= until) startAnew();
    },
  };

  return {
    show: tell,
    get screen() {
      return screen;
    },
    get quiet() {
      return quiet();
    },
    /** Any touch, key or switch: somebody is still there. The screen does not change until the finger is lifted. */
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
      const { items } = survey.languages.find((each) => each.code === code) ?? survey.languages[0];
      session = createSession(items);
      go("question");
    },
    /** @param {Value | undefined} value */
    give(value) {
      if (screen === "question") session?.give(value);
    },
    next() {
      if (screen !== "question" || !session) return;
      touched = monotonic();
      if (session.next()) tell();
      else submit();
    },
    back() {
      if (screen !== "question" || !session) return;
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
    /** New questions or texts: between two residents, never under somebody's finger. @param {Survey} next */
    offer(next) {
      upcoming = next;
      if (quiet()) startAnew();
    },
    tick: () => passing[screen](monotonic()),
  };
}
