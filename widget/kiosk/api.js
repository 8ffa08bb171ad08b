/** What the kiosk asks the service: every call ends within its time, whatever the network does. */

const API = "/api/v1/kiosks";
/** In ms. */
const PATIENCE = 20_000;

const HEADERS = { accept: "application/json" };

/** @param {Response} response */
function retryAfter(response) {
  const seconds = Number(response.headers.get("retry-after"));
  return seconds > 0 ? Math.min(seconds, 600) : 0;
}

/** Rejects when there is no whole reply. @param {string} path @param {string} body */
async function post(path, body) {
  const response = await fetch(`${API}${path}`, {
    method: "POST",
    body,
    headers: { ...HEADERS, "content-type": "application/json" },
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE),
  });
  const { status, ok } = response;
  if (ok) return { status, reply: await response.json() };
  const { type } = await response.json().catch(() => ({}));
  return { status, retryAfter: retryAfter(response), problem: typeof type === "string" ? type : "" };
}

/** @param {any} value */
export const pair = (value) => post("/pairings", JSON.stringify(value));

/** @param {any} value */
export const pairingState = (value) => post("/pairings/state", JSON.stringify(value));

/** @param {string} kiosk @param {string} body */
export const sync = (kiosk, body) => post(`/${encodeURIComponent(kiosk)}/sync`, body);

/**
 * The questions as they are now; nothing when they are those of `etag`. Rejects when the network fails.
 * @param {string} kiosk "new" for one that is not paired yet
 * @param {string} touchpoint @param {string} [etag]
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
  const found = await response.json();
  const languages = found.languages.map((/** @type {any} */ language) => ({
    ...language,
    kiosk: language.texts.kiosk,
  }));
  return { ...found, languages, tag: response.headers.get("etag") ?? "" };
}
