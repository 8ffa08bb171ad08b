/**
 * The queue of this kiosk: a response goes in signed and locked, and comes out as it has to be sent. Beside it lies the
 * draft of whoever stands there now: locked as well, and signed only when it is sealed.
 *
 * What is signed is the text itself, so that nobody has to agree on how JSON is written.
 * @import { Clock } from "./clock.js"
 * @import { About, Response, Store, Time, Waiting } from "./contract.js"
 * @import { Keys, Locked } from "./seal.js"
 * @typedef {ReturnType<typeof createQueue>} Queue
 */

import { lock, sign, unlock } from "./seal.js";

/** @param {{ store: Store, crypto: Crypto, keys: Keys, clock: Clock, kiosk: string }} parts */
export function createQueue({ store, crypto, keys, clock, kiosk }) {
  // What is written of one resident is written in the order in which it happened: a slow disk must not put a draft
  // back that was sealed meanwhile.
  let turn = Promise.resolve();
  // Of drafts that still wait for their turn only the last is written, and none where the response comes: whoever touches
  // faster than the disk writes does not wait for each touch. Each resident has a row of their own: the draft of who left
  // is written and sealed, however soon the next one touches.
  let row = { last: 0 };
  const nextResident = () => {
    row = { last: 0 };
  };
  /** @template Done @param {() => Promise<Done>} work @returns {Promise<Done>} */
  const inTurn = (work) => {
    const done = turn.then(work);
    turn = done.then(
      () => {},
      () => {},
    );
    return done;
  };
  /** @param {Response & { time: Time }} answered @returns {Promise<Locked>} */
  async function sealed(answered) {
    const payload = JSON.stringify({ kiosk, ...answered });
    return lock(crypto, keys, JSON.stringify({ payload, signature: await sign(crypto, keys, payload) }));
  }

  return {
    count: () => store.count(),

    /** Keep what is answered so far, with both clocks as they are now, in place of what was kept before; or nothing of
     * it. @param {Response | undefined} response */
    draft(response) {
      const time = clock.now();
      const drafts = row;
      drafts.last += 1;
      const mine = drafts.last;
      if (!response) nextResident();
      return inTurn(async () => {
        if (mine !== drafts.last) return;
        const locked = response && (await lock(crypto, keys, JSON.stringify({ ...response, time })));
        await store.draft(clock.boot, locked);
      });
    },

    /** Resolves when the response is on disk, and its draft no longer. @param {Response} response */
    keep(response) {
      const time = clock.now();
      row.last += 1;
      nextResident();
      return inTurn(async () => store.add(await sealed({ ...response, time }), clock.boot));
    },

    /**
     * Put the draft of a start into the queue, with the time at which it was kept; false where there is none. One that
     * cannot be read goes as it is, and an operator sees it. @param {string} [boot] this start
     */
    seal(boot = clock.boot) {
      if (boot === clock.boot) nextResident();
      return inTurn(async () => {
        const locked = (await store.drafts()).get(boot);
        if (!locked) return false;
        const text = await unlock(crypto, keys, locked).catch(() => undefined);
        await store.add(
          text === undefined ? locked : await sealed(/** @type {Response & { time: Time }} */ (JSON.parse(text))),
          boot,
        );
        return true;
      });
    },

    /** The starts of which a draft is left. */
    drafts: async () => [...(await store.drafts()).keys()],

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
