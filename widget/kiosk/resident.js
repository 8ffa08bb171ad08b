/**
 * One resident after the other: from the first touch of the first question to the thanks, and back to that question.
 *
 * Knows no page, no clock and no disk: `monotonic` tells the time in ms, `show` is called with what is to be seen.
 * `draft` is told of each touch what may be kept if nobody comes back, or nothing; `keep` resolves once a whole
 * response is on disk, and `leave` seals the last draft. `tick` has to be called a few times a second.
 * @import { Answers, Value } from "../shared/contract.js"
 * @import { Response, Survey, View } from "./contract.js"
 * @typedef {ReturnType<typeof createResident>} Resident
 */

import { createPace } from "./between-responses.js";
import { askedHere, createSession } from "./session.js";

/** How long "Dank u wel" stays, in ms; with something to read below it, longer. A touch ends it. */
export const THANKS = 3000;
export const THANKS_TO_READ = 8000;
/** The countdown is seen this long before the screen starts anew, in ms (WCAG 2.2.1 asks for 20 s). */
export const WARNING = 20_000;
/** A statement takes longer to read than the first question, in ms: before the countdown comes. */
export const LATER = 25_000;
/** How long to wait for the disk, in ms. */
export const PATIENCE = 15_000;
/** When the first question was not touched for this long, nobody stands there, in ms. */
export const QUIET = 10_000;

/**
 * @param {{
 *   survey: Survey,
 *   draft: (response: Response | undefined) => Promise<unknown>,
 *   leave: () => Promise<unknown>,
 *   keep: (response: Response) => Promise<unknown>,
 *   newId: () => string,
 *   monotonic: () => number,
 *   show: (view: View) => void,
 *   wiped?: () => void,
 * }} parts
 */
export function createResident({ survey, draft, leave, keep, newId, monotonic, show, wiped = () => {} }) {
  let pace = createPace(survey.intervalSeconds * 1000);
  /** @type {Survey | undefined} */
  let upcoming;
  /** @type {View["screen"]} */
  let screen = "question";
  let { code: language } = survey.languages[0];
  const words = () => survey.languages.find(({ code }) => code === language) ?? survey.languages[0];
  const items = () => askedHere(words().items, survey.text);
  let session = createSession(items());
  /** Made at the first touch of an answer. */
  let responseId = "";
  /** Somebody chose a language, larger letters or more contrast. */
  let altered = false;
  let touched = -Infinity;
  /** Until when the screen stays as it is, of "thanks" and "waiting". */
  let until = 0;
  let suspect = false;
  /** Which attempt to keep something counts: a late answer of the disk must not change a later screen. */
  let attempt = 0;
  /** Whether the countdown is seen. */
  let counting = false;
  /** Whether the first question invites, because nobody stands there. */
  let inviting = false;

  /** Whether somebody left something that has to be wiped. */
  const occupied = () => altered || responseId !== "" || session.begun;
  /** Whether nobody stands at the kiosk. */
  const quiet = () => screen === "question" && !occupied() && monotonic() - touched >= QUIET;
  /** From the last touch until the countdown. */
  const reset = () => survey.resetSeconds * 1000 + (screen === "question" && session.first ? 0 : LATER);

  const tell = () => {
    const now = monotonic();
    const left = touched + reset() + WARNING - now;
    counting = occupied() && ["question", "notSaved"].includes(screen) && left <= WARNING;
    inviting = quiet();
    show({
      screen,
      survey,
      language,
      session,
      begun: responseId !== "",
      leaving: responseId !== "" || session.begun,
      inviting,
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
  /** @param {Answers} answers @param {boolean} complete @returns {Response} */
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
    if (upcoming) use(upcoming);
    ({ code: language } = survey.languages[0]);
    session = createSession(items());
    responseId = "";
    altered = suspect = false;
    wiped();
    go("question");
  }

  /** @param {Survey} next */
  function use(next) {
    // The pace goes on where it stood, unless the interval itself changed.
    if (next.intervalSeconds !== survey.intervalSeconds) pace = createPace(next.intervalSeconds * 1000);
    survey = next;
    upcoming = undefined;
  }

  /**
   * Somebody is gone. What they answered counts, marked where it came too soon after the one before: who touches once
   * and walks away would be lost otherwise. Only who presses "Stoppen" within the interval leaves nothing, because
   * that is what a child does again and again; nobody was thanked for it.
   * @param {boolean} stopped
   */
  function goAway(stopped) {
    const now = monotonic();
    if (responseId) {
      if (stopped && pace.wait(now)) draft(undefined).catch(() => {});
      else {
        if (Object.keys(session.partial()).length) pace.store(now);
        leave().catch(() => {});
      }
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
    until = monotonic() + (words().improvement ? THANKS_TO_READ : THANKS);
    go("thanks");
  }

  /**
   * The whole path was walked. Within an interval of the one before it waits on the screen, so that a child who mashes
   * is stored once in each, and a second person in a hurry loses nothing; it is marked.
   */
  function submit() {
    const now = monotonic();
    until = now + pace.wait(now);
    if (until > now) go("waiting");
    else save();
  }

  /** Count down for a resident who may still stand there; at the end they have left. @param {number} now */
  function countDown(now) {
    if (!occupied()) {
      if (upcoming && quiet()) startAnew();
      else if (inviting !== quiet()) tell();
    } else if (now - touched >= reset() + WARNING) goAway(false);
    else if (counting || now - touched >= reset()) tell();
  }

  /** What time does to each screen. @type {Record<View["screen"], (now: number) => void>} */
  const passing = {
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
    /** Ask in this language; the question stays. @param {string} code */
    choose(code) {
      if (screen !== "question") return;
      touched = monotonic();
      language = code;
      altered ||= code !== survey.languages[0].code;
      session.say(items());
      tell();
    },
    /** How the screen looks was changed, and has to be wiped like an answer. */
    alter() {
      altered = true;
      touched = monotonic();
    },
    /** Mark an answer, and stay. From then on somebody is there, until nothing is left of it. @param {Value | undefined} value */
    give(value) {
      if (screen !== "question") return;
      const before = session.begun;
      touched = monotonic();
      session.give(value);
      if (session.begun !== before) tell();
    },
    /** Answer with one touch, and go on. @param {Value} value */
    answer(value) {
      if (screen === "question") session.give(value);
      this.next();
    },
    next() {
      if (screen !== "question") return;
      touched = monotonic();
      if (!responseId) {
        responseId = newId();
        pace.begin(touched);
      }
      pace.step();
      suspect = pace.suspect(touched);
      const more = session.next();
      const left = session.partial();
      // Nobody waits for it: what is thanked for is kept by `keep`.
      draft(Object.keys(left).length ? response(left, false) : undefined).catch(() => {});
      if (more) tell();
      else submit();
    },
    back() {
      if (screen !== "question" || session.first) return;
      touched = monotonic();
      session.back();
      tell();
    },
    again() {
      if (screen === "notSaved") save();
    },
    stop() {
      if (screen === "question" || screen === "notSaved") goAway(true);
      else if (screen === "thanks") startAnew();
    },
    /** New questions or texts: between two residents, never under somebody's finger. @param {Survey} next */
    offer(next) {
      upcoming = next;
      if (quiet()) startAnew();
    },
    tick: () => passing[screen](monotonic()),
  };
}
