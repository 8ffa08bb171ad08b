/**
 * A finger that trembles strikes twice, and the second strike would answer the question that has just come to lie
 * under it. So does a key that is held. Neither is an answer (EN 301 549, 5.7 and 5.8). Pure.
 */

/** After another question came, in ms. */
export const WITHIN = 500;

/** @typedef {{ x: number, y: number }} Place in pixels; a key has none, and strikes at 0, 0 */

/** @param {{ monotonic: () => number, near: () => number }} parts `near` is how far apart one place reaches, in pixels */
export function createStrikes({ monotonic, near }) {
  let movedAt = -Infinity;
  /** @type {Place} */
  let last = { x: 0, y: 0 };
  return {
    /** Something else stands on the screen. */
    moved() {
      movedAt = monotonic();
    },
    /**
     * Whether this is a touch of its own. One that is not moves nothing on, so whoever goes on touching is heard
     * half a second after the question came, however fast.
     * @param {Place} place
     */
    counts(place) {
      const same = Math.hypot(place.x - last.x, place.y - last.y) <= near();
      if (same && monotonic() - movedAt < WITHIN) return false;
      last = place;
      return true;
    },
  };
}
