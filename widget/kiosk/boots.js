/**
 * The starts of this kiosk, in their order, and in which of them the wall clock jumped.
 *
 * After a restart only the wall clock tells how long ago something was. If it jumped since, that is a guess, and
 * the service has to know (see ingest/kiosk/clock.py).
 * @import { Boot, Store } from "./contract.js"
 * @import { Clock } from "./clock.js"
 */

/** How many of the last starts are remembered. */
const MOST = 200;

/**
 * @param {{ store: Pick<Store, "get" | "set">, clock: Clock, alone: <T>(work: () => Promise<T>) => Promise<T> }} parts
 *   `alone` runs its work while no other tab does
 */
export function createBoots({ store, clock, alone }) {
  /** `jumpedAt` is on the monotonic clock of that start. @returns {Promise<Boot[]>} */
  const kept = async () => (await store.get("boots")) ?? [];

  return {
    /** Write down that this start began. */
    begin: () =>
      alone(async () => {
        const boots = await kept();
        const { boot, wall } = clock.now();
        const last = boots.at(-1);
        // The time is before the last start, so the clock was set back while the page was closed.
        if (last && wall < last.wall) last.jumpedAt = Infinity;
        boots.push({ boot, wall });
        await store.set({ boots: boots.slice(-MOST) });
      }),

    /**
     * Says of what was kept in a start, at `monotonic` on its clock, whether the wall clock may have jumped since.
     * @returns {Promise<(boot: string, monotonic: number) => boolean>}
     */
    doubtful: () =>
      alone(async () => {
        const boots = await kept();
        const current = boots.find(({ boot }) => boot === clock.boot);
        const { jumpedAt } = clock;
        if (current && current.jumpedAt !== jumpedAt) {
          current.jumpedAt = jumpedAt;
          // A full disk must not stop responses from being sent.
          await store.set({ boots }).catch(() => {});
        }
        const last = boots.findLastIndex((each) => each.jumpedAt !== undefined);
        return (/** @type {string} */ boot, /** @type {number} */ monotonic) => {
          const at = boots.findIndex((each) => each.boot === boot);
          return at < 0 || at < last || (at === last && monotonic < Number(boots[at]?.jumpedAt));
        };
      }),
  };
}
