/**
 * New versions of the kiosk itself: fetched beside the running one, taken over when nobody stands here.
 */

const WORKER = "/kiosk/sw.js";
/** Between two looks whether there is a new version, and whether nobody stands here, in ms. */
const LOOK = 10 * 60_000;
const WAIT = 1000;

/** A worker's address is code to the browser: this one, and no other. */
const policy = globalThis.trustedTypes?.createPolicy("meetpunt-kiosk", {
  createScriptURL(/** @type {string} */ url) {
    if (url !== WORKER) throw new TypeError("not our worker");
    return url;
  },
});

/** @param {() => boolean} quiet whether nobody would notice that the page starts again */
export async function watchVersion(quiet) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  let controlled = Boolean(workers.controller);
  let replaced = false;
  workers.addEventListener("controllerchange", () => {
    // The first worker takes over a page that is new already. With two kiosks in one browser somebody may
    // stand at this one while the other made way.
    replaced ||= controlled;
    controlled = true;
  });
  const registration = await workers
    .register(policy ? policy.createScriptURL(WORKER) : WORKER, { updateViaCache: "none" })
    .catch(() => undefined);
  if (!registration) return;
  setInterval(() => registration.update().catch(() => {}), LOOK);
  addEventListener("online", () => registration.update().catch(() => {}));
  setInterval(() => {
    if (!quiet()) return;
    if (replaced) location.reload();
    else registration.waiting?.postMessage("take-over");
  }, WAIT);
}
