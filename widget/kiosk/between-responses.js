/**
 * How fast responses may follow each other: at most one is stored in each interval, and what was filled in
 * faster than a person reads is marked. Pure.
 */

/** @param {number} interval in ms */
export function createPace(interval) {
  let stored = -Infinity;
  let begun = -Infinity;
  return {
    interval,
    /** Somebody touched the first screen. @param {number} now in ms, monotonic, as below */
    begin(now) {
      begun = now;
    },
    /** How many ms are left until the next response may be stored. @param {number} now */
    wait: (now) => Math.max(0, stored + interval - now),
    /** Whether nobody can have read the questions. @param {number} now */
    suspect: (now) => now - begun < interval || now - stored < interval,
    /** A response is about to be stored. @param {number} now */
    store(now) {
      stored = now;
    },
  };
}
