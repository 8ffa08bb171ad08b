/**
 * Lets the kiosk start without a network: keeps its page and files, a version at a time.
 *
 * The service fills in VERSION and FILES. A new version waits beside the running one until the page says that
 * nobody stands at the kiosk. Nothing under /api is touched: answers never pass through here.
 */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const VERSION = "{{version}}";
/** @type {string[]} */
const FILES = ["{{files}}"];
const PREFIX = "meetpunt-kiosk-";
const CACHE = PREFIX + VERSION;
const PAGE = /^\/kiosk\/[^/]+\/[^/]+$/;
const REFERRED = /(?:href|src)="(\/kiosk\/[^"]+)"/g;
/** What has nothing to do with a worker. Chromium starts one for every request of its pages, wanted or not. */
const OTHERS = { condition: { urlPattern: "/api/*" }, source: "network" };
/** How long a request may take, in ms. A network that never answers would hold up the next version as well. */
const PATIENCE = 60_000;

/** The kiosk pages that stand open. */
async function open() {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  return windows.map(({ url }) => new URL(url).pathname).filter((path) => PAGE.test(path));
}

/** The kiosk pages of this browser: open ones, and those that an earlier version kept. */
async function pages() {
  const found = new Set(await open());
  for (const name of await caches.keys())
    if (name.startsWith(PREFIX))
      for (const { url } of await (await caches.open(name)).keys()) found.add(new URL(url).pathname);
  return [...found].filter((path) => PAGE.test(path));
}

/** @param {string} path @param {RequestCache} [cache] */
const asked = (path, cache = "default") => new Request(path, { cache, signal: AbortSignal.timeout(PATIENCE) });

/** @param {Cache} cache @param {string} path */
async function keepPage(cache, path) {
  const response = await fetch(asked(path, "no-store"));
  // One that is no longer there must not keep the others from their new version, but where somebody looks at it.
  if (response.status === 404 && !(await open()).includes(path)) return;
  const copy = response.clone();
  const page = await response.text();
  // Of a service that is just being renewed, or a page of somebody's network: later, then, and all of it at once.
  if (!response.ok || !page.includes(`data-version="${VERSION}"`)) throw new Error("no page of this version");
  await cache.put(path, copy);
  const files = [...page.matchAll(REFERRED)].map(([, file = ""]) => file);
  files.push(`/kiosk/qr${path.slice("/kiosk".length)}.svg`);
  await cache.addAll(files.map((file) => asked(file)));
}

worker.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      // Told to make way, a worker stops; a request in that very moment starts it again, and Chromium does not tell
      // it twice: the next version then waits for minutes. Handing in is what a quiet kiosk asks for, so it goes past.
      await event.addRoutes?.([OTHERS]);
      const cache = await caches.open(CACHE);
      await cache.addAll(FILES.map((file) => asked(file, "no-cache")));
      for (const path of await pages()) await keepPage(cache, path);
    })(),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener("message", (/** @type {{ data: unknown }} */ { data }) => {
  if (data === "take-over") worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || !pathname.startsWith("/kiosk/")) return;
  event.respondWith(answer(request, pathname));
});

/** @param {Request} request @param {string} path */
async function answer(request, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  if (kept) return kept;
  const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  // A second kiosk page in the same browser, opened after the worker came.
  if (response.ok && request.mode === "navigate" && PAGE.test(path)) await keepPage(cache, path).catch(() => {});
  return response;
}
