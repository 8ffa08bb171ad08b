/**
 * One resident's answers: which question is on the screen, which answers are given and confirmed. Pure.
 *
 * An answer is given once it is marked on the screen, and confirmed once the resident went on: with one touch where one
 * answer may be chosen, with "Verder" elsewhere. Of a resident who walks away only confirmed answers are kept.
 * @import { Value } from "../shared/contract.js"
 * @import { Items } from "./contract.js"
 * @typedef {ReturnType<typeof createSession>} Session
 */

import { walk } from "../shared/walk.js";

/**
 * What a kiosk asks of these: texts only where it has a keyboard. Where there is nothing else, all of it.
 * @param {Items} items @param {boolean} [text]
 * @returns {Items}
 */
export function askedHere(items, text) {
  const [first, ...others] = items.filter(({ control }) => text || control !== "textarea");
  return first ? [first, ...others] : items;
}

/** @param {Items} asked as the service sends them */
export function createSession(asked) {
  let items = asked;
  /** @type {Record<string, Value>} */
  const given = {};
  /** @type {Record<string, Value>} */
  const confirmed = {};
  let at = items[0].code;
  const path = () => walk(items, given).asked;
  const place = () => path().findIndex(({ code }) => code === at);

  return {
    get item() {
      return items.find(({ code }) => code === at) ?? items[0];
    },
    get value() {
      return given[at];
    },
    /** Which question this is, from 1, and how many there are along this path. */
    get step() {
      return { number: place() + 1, total: path().length };
    },
    /** Whether anything is marked or typed, also what is not confirmed yet. */
    get begun() {
      return Object.keys(given).length > 0;
    },
    get first() {
      return place() === 0;
    },
    /** The same items in another language. @param {Items} words */
    say(words) {
      items = words;
    },
    /** @param {Value | undefined} value nothing takes the answer back */
    give(value) {
      if (value === undefined) delete given[at];
      else given[at] = value;
    },
    /** Confirm this answer and go on; false when this was the last question. */
    next() {
      const value = given[at];
      if (value === undefined) delete confirmed[at];
      else confirmed[at] = value;
      const following = path()[place() + 1];
      if (!following) return false;
      at = following.code;
      return true;
    },
    back() {
      at = (path()[place() - 1] ?? items[0]).code;
    },
    /** Every confirmed answer on the path. */
    complete: () => walk(items, confirmed).answers,
    /** What may be kept of somebody who walked away: never free text. */
    partial() {
      const open = items.filter(({ control }) => control === "textarea").map(({ code }) => code);
      return Object.fromEntries(
        Object.entries(walk(items, confirmed).answers).filter(([code]) => !open.includes(code)),
      );
    },
  };
}
