/**
 * The starts of this kiosk, in their order, and in which of them the wall clock jumped.
 *
 * Over a restart only the wall clock tells how long ago something was. A jump anywhere between then and now makes
 * that a guess, and the service has to know (see ingest/kiosk/clock.py).
 * @import { Boot, Store } from "./contract.js"
 * @import { Clock } from "./clock.js"
 */

/** So many starts are remembered, the last ones. */
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
        // Earlier than when the last one began: somebody set the clock while nobody looked.
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
        const here = boots.find(({ boot }) => boot === clock.boot);
        const { jumpedAt } = clock;
        if (here && here.jumpedAt !== jumpedAt) {
          here.jumpedAt = jumpedAt;
          // A full disk must not keep anything from being handed in.
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
