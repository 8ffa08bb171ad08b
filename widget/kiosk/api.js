/**
 * The kiosk's calls to the service: each ends within a fixed time, whatever the network does.
 * @import { Pairing, PairingState, Reply, SentSurvey, Survey, Synchronised } from "./contract.js"
 */

import { askable } from "../shared/checks.js";

const API = "/api/v1/kiosks";
/** In ms. */
const PATIENCE = 20_000;

const HEADERS = { accept: "application/json" };

/** @param {Response} response */
function retryAfter(response) {
  const seconds = Number(response.headers.get("retry-after"));
  return seconds > 0 ? Math.min(seconds, 600) : 0;
}

/**
 * Rejects when there is no whole reply.
 * @template Body
 * @param {string} path
 * @param {string} body
 * @returns {Promise<Reply<Body>>}
 */
async function post(path, body) {
  const response = await fetch(`${API}${path}`, {
    method: "POST",
    body,
    headers: { ...HEADERS, "content-type": "application/json" },
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE),
  });
  const { status, ok } = response;
  if (ok) return { status, reply: /** @type {Partial<Body> | null} */ (await response.json()) };
  const refusal = /** @type {{ type?: unknown } | null} */ (await response.json().catch(() => null));
  const type = refusal?.type;
  return { status, retryAfter: retryAfter(response), problem: typeof type === "string" ? type : "" };
}

/** @param {{ touchpoint: string, publicKey: string, kiosk?: string | undefined }} value @returns {Promise<Reply<Pairing>>} */
export const pair = (value) => post("/pairings", JSON.stringify(value));

/** @param {{ publicKey: string, signature: string, code: string }} value @returns {Promise<Reply<PairingState>>} */
export const pairingState = (value) => post("/pairings/state", JSON.stringify(value));

/** @param {string} kiosk @param {string} body @returns {Promise<Reply<Synchronised>>} */
export const sync = (kiosk, body) => post(`/${encodeURIComponent(kiosk)}/sync`, body);

/** A language with the kiosk's own texts as a field of their own. @param {SentSurvey["languages"][0]} language */
const atHand = (language) => ({ ...language, kiosk: language.texts.kiosk });

/**
 * The questions as they are now; nothing when they are those of `etag`. Rejects when the network fails.
 * @param {string} kiosk "new" for one that is not paired yet
 * @param {string} touchpoint
 * @param {string} [etag]
 * @returns {Promise<Survey | undefined>}
 */
export async function survey(kiosk, touchpoint, etag) {
  const response = await fetch(
    `${API}/${encodeURIComponent(kiosk)}/survey?touchpoint=${encodeURIComponent(touchpoint)}`,
    {
      headers: { ...HEADERS, ...(etag ? { "if-none-match": etag } : {}) },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    },
  );
  if (response.status === 304) return undefined;
  if (!response.ok) throw new Error(`the questions could not be had: ${response.status}`);
  const { languages, ...rest } = /** @type {SentSurvey} */ (await response.json());
  const [first, ...others] = languages;
  if (!askable(first.items)) throw new Error("the questions are of a version before");
  const tag = response.headers.get("etag") ?? "";
  return { ...rest, languages: [atHand(first), ...others.map(atHand)], tag };
}
