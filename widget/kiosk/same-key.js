/**
 * Takes one press for one press, of a hand that trembles: the same key again, too soon, does not count.
 */

/** How soon after a press the same key is not pressed on purpose, in ms (EN 301 549, 5.8: up to half a second). */
export const DOUBLE = 500;

/**
 * Says of each press whether it counts. Of a row of quick ones on the same key the first counts, and the next one
 * half a second later; another key counts at once.
 * @param {() => number} now in ms, monotonic
 */
export function createKeyFilter(now) {
  let last = "";
  let at = -Infinity;
  return (/** @type {string} */ key) => {
    const time = now();
    if (key === last && time - at < DOUBLE) return false;
    last = key;
    at = time;
    return true;
  };
}
