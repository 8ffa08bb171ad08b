/**
 * The queue of this kiosk: a response goes in signed and locked, and comes out as it has to be sent.
 *
 * What is signed is the text itself, so that nobody has to agree on how JSON is written.
 * @import { Clock } from "./clock.js"
 * @import { About, Response, Store, Time, Waiting } from "./contract.js"
 * @import { Keys } from "./seal.js"
 * @typedef {ReturnType<typeof createQueue>} Queue
 */

import { lock, sign, unlock } from "./seal.js";

/** @param {{ store: Store, crypto: Crypto, keys: Keys, clock: Clock, kiosk: string }} parts */
export function createQueue({ store, crypto, keys, clock, kiosk }) {
  return {
    count: () => store.count(),

    /** Resolves when the response is on disk. @param {Response} response */
    async keep(response) {
      const payload = JSON.stringify({ kiosk, ...response, time: clock.now() });
      const text = JSON.stringify({ payload, signature: await sign(crypto, keys, payload) });
      const row = await lock(crypto, keys, text);
      await store.add(row);
    },

    /**
     * The oldest that wait, after number `after`, unlocked; each with its id, the kiosk that signed it, and
     * both clocks when it was kept.
     * One that cannot be read is sent as a note that says so: the service sets it aside, and an operator sees it.
     * @param {number} most
     * @param {number} after
     * @returns {Promise<Waiting[]>}
     */
    async oldest(most, after) {
      const rows = await store.oldest(most, after);
      return Promise.all(
        rows.map(async (entry) => {
          try {
            // It holds what we stored: a row that was changed since cannot be unlocked.
            const stored = JSON.parse(await unlock(crypto, keys, entry.row));
            const { payload, signature } = /** @type {Waiting["item"]} */ (stored);
            const response = /** @type {Response & { kiosk: string, time: Time }} */ (JSON.parse(payload));
            const { kiosk: signer, responseId, time } = response;
            if (typeof responseId !== "string") throw new TypeError("no response");
            return { ...entry, responseId, signer, time, item: { payload, signature } };
          } catch {
            const responseId = crypto.randomUUID();
            const payload = JSON.stringify({ kiosk, responseId, unreadable: true });
            const item = { payload, signature: await sign(crypto, keys, payload) };
            return { ...entry, responseId, signer: kiosk, time: clock.now(), item, unreadable: true };
          }
        }),
      );
    },

    /** @param {Waiting[]} done @param {About} values */
    settle: (done, values) =>
      store.settle(
        done.map(({ number }) => number),
        done.filter(({ unreadable }) => unreadable),
        values,
      ),
  };
}
