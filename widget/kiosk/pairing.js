/**
 * How an unknown tablet becomes a kiosk: it shows a code, an operator enters it, and the service says who it is.
 * @import { Reply } from "./contract.js"
 * @typedef {{ code?: string, state: "waiting" | "expired" | "offline" }} Shown
 */

/** Between two calls that ask whether the code was entered, in ms. */
const ASK = 2000;
/** After a try without a reply, in ms. */
const RETRY = 5000;
/** What a network that fails says. @type {Reply<never>} */
const nothing = { status: 0 };

/**
 * Resolves with the identity, however long that takes. `kiosk` is the id that it had before, where the service no
 * longer knows it.
 * @param {{
 *   api: Pick<typeof import("./api.js"), "pair" | "pairingState">,
 *   touchpoint: string,
 *   publicKey: string,
 *   kiosk?: string | undefined,
 *   sign: (text: string) => Promise<string>,
 *   pause: (ms: number) => Promise<void>,
 *   show: (shown: Shown) => void,
 * }} parts
 * @returns {Promise<{ kiosk: string, counter?: number | undefined } | undefined>} nothing when this key was revoked meanwhile
 */
export async function becomeKiosk({ api, touchpoint, publicKey, kiosk, sign, pause, show }) {
  for (;;) {
    const pairing = await api.pair({ touchpoint, publicKey, kiosk }).catch(() => nothing);
    const code = pairing.reply?.code;
    if (typeof code !== "string") {
      show({ state: "offline" });
      await pause(Math.max(RETRY, (pairing.retryAfter ?? 0) * 1000));
      continue;
    }
    show({ state: "waiting", code });
    const signature = await sign(`pairing/${code}`);
    for (let state = "waiting"; state === "waiting"; ) {
      await pause(ASK);
      const { reply } = await api.pairingState({ publicKey, signature, code }).catch(() => nothing);
      // Without a reply the code may still be good: go on asking.
      state = reply?.state ?? "waiting";
      if (state === "enrolled" && reply?.kiosk) return { kiosk: reply.kiosk, counter: reply.counter };
      if (state === "revoked") return undefined;
    }
    show({ state: "expired", code });
    await pause(ASK);
  }
}
