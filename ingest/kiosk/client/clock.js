/**
 * The time of this start of the page: a monotonic clock that nobody can set, and the wall clock. Pure.
 *
 * The service works out the day of a response from both (see CONTRACT.md). `boot` names one start: only within
 * one can monotonic times be compared.
 */

/** From here the clocks do not just drift: somebody, or the network, set the wall clock. In ms. */
export const JUMP = 120_000;

/**
 * @param {{ monotonic: () => number, wall: () => number, boot: string }} sources both clocks in ms
 */
export function createClock({ monotonic, wall, boot }) {
  // Since the last look: over months the two clocks drift apart, and that is no jump.
  let last = { monotonic: monotonic(), wall: wall() };
  let jumped = false;
  return {
    boot,
    monotonic,
    /** Both times, in whole ms, and the name of the start that they belong to. */
    now() {
      const time = { boot, monotonic: Math.round(monotonic()), wall: Math.round(wall()) };
      jumped ||= Math.abs(time.wall - last.wall - (time.monotonic - last.monotonic)) > JUMP;
      last = time;
      return time;
    },
    /** Whether the wall clock was seen to jump since the start. For good: it may have been set back since. */
    get jumped() {
      this.now();
      return jumped;
    },
  };
}
