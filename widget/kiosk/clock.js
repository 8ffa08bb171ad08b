/**
 * The time of this start of the page: a monotonic clock that nobody can set, and the wall clock. Pure.
 *
 * The service works out the day of a response from both (see ingest/kiosk/clock.py). `boot` names one start: only within
 * one can monotonic times be compared.
 * @typedef {ReturnType<typeof createClock>} Clock
 */

/**
 * From here somebody, or the network, set the wall clock, in ms. Less is what a clock is off by after a month without
 * a network, and changes no day.
 */
export const JUMP = 600_000;

/**
 * @param {{ monotonic: () => number, wall: () => number, boot: string }} sources both clocks in ms
 */
export function createClock({ monotonic, wall, boot }) {
  // Since the last look: over months the two clocks drift apart, and that is no jump.
  let last = { monotonic: monotonic(), wall: wall() };
  /** @type {number | undefined} */
  let jumpedAt;
  return {
    boot,
    monotonic,
    /** Both times, in whole ms, and the name of the start that they belong to. */
    now() {
      const time = { boot, monotonic: Math.round(monotonic()), wall: Math.round(wall()) };
      if (Math.abs(time.wall - last.wall - (time.monotonic - last.monotonic)) > JUMP) jumpedAt = time.monotonic;
      last = time;
      return time;
    },
    /** When the wall clock was last seen to have jumped in this start, on the monotonic one. */
    get jumpedAt() {
      this.now();
      return jumpedAt;
    },
  };
}
