/**
 * The keys of this kiosk and what they do: sign a response, and lock it up on disk.
 *
 * Neither key can leave the browser: `extractable` is false. So a copy of the disk holds no answers, and a copy of
 * a request does not make another kiosk.
 */

import { base64url } from "./bytes.js";

const SIGNING = { name: "ECDSA", namedCurve: "P-256" };
const SIGNED = { name: "ECDSA", hash: "SHA-256" };

/** @typedef {{ pair: CryptoKeyPair, seal: CryptoKey }} Keys */
/** @typedef {{ iv: Uint8Array<ArrayBuffer>, data: ArrayBuffer }} Locked what lies on disk */

/** @param {Crypto} source @returns {Promise<Keys>} */
export async function newKeys({ subtle }) {
  const [pair, seal] = await Promise.all([
    subtle.generateKey(SIGNING, false, ["sign", "verify"]),
    subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
  ]);
  return { pair: /** @type {CryptoKeyPair} */ (pair), seal: /** @type {CryptoKey} */ (seal) };
}

/** The public key as the service takes it: the point, not compressed. @param {Crypto} source @param {Keys} keys */
export const publicKey = async ({ subtle }, { pair }) => base64url(await subtle.exportKey("raw", pair.publicKey));

/** @param {Crypto} source @param {Keys} keys @param {string} text */
export const sign = async ({ subtle }, { pair }, text) =>
  base64url(await subtle.sign(SIGNED, pair.privateKey, new TextEncoder().encode(text)));

/** @param {Crypto} source @param {Keys} keys @param {string} text @returns {Promise<Locked>} */
export async function lock(source, { seal }, text) {
  const iv = source.getRandomValues(new Uint8Array(12));
  const data = await source.subtle.encrypt({ name: "AES-GCM", iv }, seal, new TextEncoder().encode(text));
  return { iv, data };
}

/** Rejects when it was not locked with this key, or changed since. @param {Crypto} source @param {Keys} keys @param {Locked} row */
export const unlock = async ({ subtle }, { seal }, { iv, data }) =>
  new TextDecoder().decode(await subtle.decrypt({ name: "AES-GCM", iv }, seal, data));
