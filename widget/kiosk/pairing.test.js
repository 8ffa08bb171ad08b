import assert from "node:assert/strict";
import { test } from "node:test";
import { becomeKiosk } from "./pairing.js";
import { KIOSK } from "./testing/stand-ins.js";

/**
 * @import { Pairing, PairingState, Reply } from "./contract.js"
 */

/** @param {Partial<Pairing>} reply @returns {Reply<Pairing>} */
const code = (reply) => ({ status: 201, reply });
/** @param {Partial<PairingState>} reply @returns {Reply<PairingState>} */
const state = (reply) => ({ status: 200, reply });

/**
 * A tablet whose service says these things, in this order; one that is missing is a network that fails.
 * @param {(Reply<Pairing> | undefined)[]} codes
 * @param {(Reply<PairingState> | undefined)[]} states
 */
async function paired(codes, states) {
  /** @type {string[]} */
  const shown = [];
  /** @type {number[]} */
  const pauses = [];
  /** @type {string[]} */
  const signed = [];
  const told = await becomeKiosk({
    api: {
      pair: async () => codes.shift() ?? Promise.reject(new TypeError("network")),
      pairingState: async ({ signature }) => {
        signed.push(signature);
        return states.shift() ?? Promise.reject(new TypeError("network"));
      },
    },
    touchpoint: "molensloot/balie-hal",
    publicKey: "point",
    sign: async (text) => `signed ${text}`,
    async pause(ms) {
      pauses.push(ms);
    },
    show: (view) => shown.push([view.state, view.code].filter(Boolean).join(" ")),
  });
  return { told, shown, pauses, signed };
}

test("a code is shown until somebody enters it; then the tablet knows who it is", async () => {
  const states = [state({ state: "waiting" }), state({ state: "enrolled", kiosk: KIOSK, counter: 1 })];
  const { told, shown, signed } = await paired([code({ code: "ABCD1234" })], states);
  assert.deepEqual(told, { kiosk: KIOSK, counter: 1 });
  assert.deepEqual(shown, ["waiting ABCD1234"]);
  assert.deepEqual(signed, ["signed pairing/ABCD1234", "signed pairing/ABCD1234"]);
});

test("without a reply it says that there is no connection, and asks again when the service wants", async () => {
  const busy = { status: 503, retryAfter: 30 };
  const { shown, pauses } = await paired(
    [undefined, busy, code({}), code({ code: "B" })],
    [state({ state: "enrolled", kiosk: KIOSK })],
  );
  assert.deepEqual(shown, ["offline", "offline", "offline", "waiting B"]);
  assert.deepEqual(pauses.slice(0, 3), [5000, 30_000, 5000]);
});

test("a code stays good while the network is away", async () => {
  const { shown } = await paired(
    [code({ code: "C" })],
    [undefined, { status: 502 }, state({ state: "enrolled", kiosk: KIOSK })],
  );
  assert.deepEqual(shown, ["waiting C"]);
});

test("a code that expired makes place for another", async () => {
  const states = [state({ state: "expired" }), state({ state: "enrolled", kiosk: KIOSK })];
  const { shown } = await paired([code({ code: "D" }), code({ code: "E" })], states);
  assert.deepEqual(shown, ["waiting D", "expired D", "waiting E"]);
});

test("a key that was revoked will never do", async () => {
  const { told } = await paired([code({ code: "F" })], [state({ state: "revoked" })]);
  assert.equal(told, undefined);
});

test("enrolled, and no word as whom, is what a network says and not the service", async () => {
  const states = [state({ state: "enrolled" }), state({ state: "enrolled", kiosk: KIOSK, counter: 7 })];
  const { told } = await paired([code({ code: "G" }), code({ code: "H" })], states);
  assert.deepEqual(told, { kiosk: KIOSK, counter: 7 });
});
