/**
 * How this tablet becomes the kiosk that it is: its keys, its identity, and the screens on which an operator reads a code.
 * @import { About, Identity, Store, Survey } from "./contract.js"
 * @import { createScreens } from "./screens.js"
 * @import { Keys } from "./seal.js"
 * @import { Round, Sync } from "./sync.js"
 */

import * as api from "./api.js";
import { becomeKiosk } from "./pairing.js";
import { newKeys, publicKey, sign } from "./seal.js";

/** The result of a round in which something unexpected fails, such as the disk. @type {Round} */
export const AWAY = { wait: 10_000, handed: 0, state: "away" };

/** Copied, put back or revoked, or not known to the service any more. @param {Identity} identity */
export const needsOperator = ({ counter, unknown }) => counter === null || unknown === true;

/**
 * @param {{
 *   name: string,
 *   touchpoint: string,
 *   screens: ReturnType<typeof createScreens>,
 *   pause: (ms: number) => Promise<void>,
 * }} parts `name` is that of its disk and its locks
 */
export function createEnrolment({ name: NAME, touchpoint, screens, pause }) {
  /**
   * Keys of our own under this name, made once; two tabs make one pair.
   * @param {Store} store @param {"keys" | "next"} name @param {Partial<Keys>} [kept] those that stay
   */
  const ownKeys = (store, name, kept = {}) =>
    navigator.locks.request(`${NAME}/keys`, async () => {
      const stored = await store.get(name);
      if (stored) return stored;
      const keys = { ...(await newKeys(crypto)), ...kept };
      await store.set({ [name]: keys });
      return keys;
    });

  /**
   * Store the identity of this kiosk. Of two tabs the first one counts: the second may have heard of the enrolment
   * after the first counter was used.
   * @param {Store} store @param {Identity} identity @param {About} [more]
   */
  const adopt = (store, identity, more = {}) =>
    navigator.locks.request(`${NAME}/keys`, async () => {
      const stored = await store.get("identity");
      if (stored?.kiosk === identity.kiosk && !needsOperator(stored)) return stored;
      await store.set({ identity, ...more });
      return identity;
    });

  /**
   * Show a code until an operator enters it, and resolve with who this kiosk is from then on. `title` is what the
   * screen says meanwhile, `kiosk` who it was before; `renew` makes another key, for one that was revoked before the
   * tablet heard of its enrolment.
   * @param {Keys} keys @param {Survey} survey @param {"pair" | "operator"} title @param {() => Promise<unknown>} renew
   * @param {string} [kiosk]
   * @returns {Promise<Identity>}
   */
  async function pairUp(keys, survey, title, renew, kiosk) {
    const { languages } = survey;
    const enrolment = await becomeKiosk({
      api,
      touchpoint,
      publicKey: await publicKey(crypto, keys),
      kiosk,
      sign: (text) => sign(crypto, keys, text),
      pause,
      show({ state, code }) {
        if (title === "operator") screens.operator(title, languages, code, survey.openLink);
        else screens.operator(state === "offline" ? "offline" : "pair", languages, code);
      },
    });
    if (enrolment) return { kiosk: enrolment.kiosk, counter: enrolment.counter ?? null };
    await renew();
    location.reload();
    return new Promise(() => {});
  }

  /**
   * Enrol this tablet again. Where the service took it for a copy of another kiosk, or it was revoked, it gets a new
   * key, and what waits is sent as signed by the old kiosk. Where the service no longer knows it, because its database
   * was restored, it keeps its key and its id.
   * @param {Store} store @param {Keys} keys @param {Identity} identity @param {Survey} survey @param {Sync} sync
   */
  async function becomeAgain(store, keys, identity, survey, sync) {
    const { kiosk, unknown } = identity;
    const next = unknown ? keys : await ownKeys(store, "next", { seal: keys.seal });
    const paired = pairUp(next, survey, "operator", () => store.set({ next: undefined }), unknown ? kiosk : undefined);
    await navigator.locks.request(`${NAME}/sync`, async () => {
      let enrolled = false;
      paired.then(() => (enrolled = true));
      while (!enrolled) {
        const { wait } = await sync.round().catch(() => AWAY);
        // The right database was restored meanwhile, in which this kiosk is in use or revoked.
        const now = await store.get("identity");
        if (now && (!needsOperator(now) || now.unknown !== unknown)) return;
        await Promise.race([paired, pause(wait)]);
      }
      const former = (await store.get("former")) ?? {};
      await adopt(
        store,
        await paired,
        unknown ? {} : { keys: next, next: undefined, former: { ...former, [kiosk]: keys.pair } },
      );
    });
    location.reload();
  }

  return { adopt, becomeAgain, ownKeys, pairUp };
}
