/**
 * How fast responses may follow each other: at most one is thanked for in each interval, and what nobody can have
 * read is marked. Pure.
 *
 * The first question stands on the screen all the time, so how long somebody read it before they touched it is not
 * known: one touch is never too quick by itself. What is marked instead is a response that ends within an interval of
 * the one before, and one whose later questions were each answered sooner than a person reads one.
 */

/** Nobody reads a new question and chooses within this, in ms; a hurried person takes about a second. */
export const READING = 700;

/** @param {number} interval in ms */
export function createPace(interval) {
  let stored = -Infinity;
  let begun = -Infinity;
  let steps = 0;
  return {
    interval,
    /** Somebody answered the first question. @param {number} now in ms, monotonic, as below */
    begin(now) {
      begun = now;
      steps = 0;
    },
    /** Somebody went on to another question. */
    step() {
      steps += 1;
    },
    /** How many ms are left until the next response may be stored. @param {number} now */
    wait: (now) => Math.max(0, stored + interval - now),
    /** Whether nobody can have read the questions. @param {number} now */
    suspect: (now) => now - stored < interval || now - begun < READING * (steps - 1),
    /** A response is about to be stored. @param {number} now */
    store(now) {
      stored = now;
    },
  };
}
