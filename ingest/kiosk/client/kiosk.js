/** The kiosk itself: puts the parts together and keeps them going for years. */

import * as api from "./api.js";
import { randomName } from "./bytes.js";
import { createClock } from "./clock.js";
import { becomeKiosk } from "./pairing.js";
import { createQueue } from "./queue.js";
import { createResident } from "./resident.js";
import { createScreens } from "./screens.js";
import { newKeys, publicKey, sign } from "./seal.js";
import { openStore } from "./store.js";
import { createSync } from "./sync.js";
import { watchVersion } from "./version.js";

/** Between two looks at the clock, in ms. */
const TICK = 250;
const { touchpoint, version } = /** @type {{ touchpoint: string, version: string }} */ (document.body.dataset);
const NAME = `meetpunt-kiosk/${touchpoint}`;

const clock = createClock({ monotonic: () => performance.now(), wall: () => Date.now(), boot: randomName(crypto) });
const screens = createScreens(touchpoint);
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The questions: those on disk, else those of the service, however long that takes. @param {any} store */
async function firstSurvey(store) {
  for (;;) {
    const kept = await store.get("survey");
    if (kept) return kept;
    try {
      const found = await api.survey("new", touchpoint);
      await store.set({ survey: found });
      return found;
    } catch {
      // The page itself says that there is no connection, until there is.
      document.body.classList.add("no-connection");
      await pause(3000);
    }
  }
}

/** Keys of our own, made once; two tabs make one pair. @param {any} store */
const ownKeys = (store) =>
  navigator.locks.request(`${NAME}/keys`, async () => {
    const kept = await store.get("keys");
    if (kept) return kept;
    const keys = await newKeys(crypto);
    await store.set({ keys });
    return keys;
  });

/**
 * Show a code until an operator enters it. `title` is what the screen says meanwhile.
 * @param {any} store @param {any} keys @param {any} survey @param {"pair" | "operator"} title
 */
async function pairUp(store, keys, survey, title) {
  const [language] = survey.languages;
  const { kiosk, counter = null } = await becomeKiosk({
    api,
    touchpoint,
    publicKey: await publicKey(crypto, keys),
    sign: (text) => sign(crypto, keys, text),
    pause,
    show({ state, code }) {
      if (title === "operator") screens.operator(title, language, code, survey.openLink);
      else screens.operator(state === "offline" ? "offline" : "pair", language, code);
    },
  });
  const identity = { kiosk, counter };
  await store.set({ identity, keys });
  return identity;
}

async function main() {
  let store;
  let keys;
  try {
    store = await openStore(NAME);
    keys = await ownKeys(store);
    // Asked, so that the browser does not clear us away when the disk fills up.
    await navigator.storage?.persist?.();
  } catch {
    document.body.classList.add("no-storage");
    return;
  }
  const survey = await firstSurvey(store);
  const identity = (await store.get("identity")) ?? (await pairUp(store, keys, survey, "pair"));
  if (identity.counter === null) {
    // The service took this for a copy of another kiosk. Only a key that nobody can have copied will do; what is
    // locked up on disk stays readable, and is handed in as what it is: signed by the kiosk that this was.
    await pairUp(store, { ...keys, pair: (await newKeys(crypto)).pair }, survey, "operator");
    location.reload();
    return;
  }
  serve(store, keys, survey, identity.kiosk);
  synchronise(store, keys, identity.kiosk, survey);
}

/** @type {any} */
let resident;
let nudge = () => {};

/** @param {any} store @param {any} keys @param {any} survey @param {string} kiosk */
function serve(store, keys, survey, kiosk) {
  const queue = createQueue({ store, crypto, keys, clock, kiosk: () => kiosk });
  resident = createResident({
    survey,
    async keep(response) {
      await queue.keep(response);
      nudge();
    },
    newId: () => crypto.randomUUID(),
    monotonic: clock.monotonic,
    show: (view) => screens.show(view, resident),
    wiped: () => screens.forget(),
  });
  resident.show();
  screens.onVoices();
  for (const event of ["pointerdown", "keydown", "input"]) addEventListener(event, () => resident.touch(), { capture: true, passive: true });
  // A long press, a right click and a dragged picture lead away from the questions.
  for (const event of ["contextmenu", "dragstart"]) addEventListener(event, (happened) => happened.preventDefault());
  setInterval(() => resident.tick(), TICK);
}

/** Boots in which the wall clock jumped, this one included. @param {any} store */
async function jumps(store) {
  const kept = (await store.get("jumps")) ?? [];
  if (!clock.jumped || kept.includes(clock.boot)) return kept;
  // Of so many starts ago nothing waits any more.
  const now = [...kept, clock.boot].slice(-200);
  await store.set({ jumps: now });
  return now;
}

/** One tab at a time hands in; another takes over when it closes. @param {any} store @param {any} keys @param {string} kiosk @param {any} survey */
function synchronise(store, keys, kiosk, survey) {
  const queue = createQueue({ store, crypto, keys, clock, kiosk: () => kiosk });
  const sync = createSync({
    queue,
    identity: () => store.get("identity"),
    sign: (text) => sign(crypto, keys, text),
    post: api.sync,
    clock,
    jumps: () => jumps(store),
    version,
    random: Math.random,
  });
  let known = survey;
  const refresh = async (/** @type {string | undefined} */ etag) => {
    if (etag && etag === known.etag) return;
    const found = await api.survey(kiosk, touchpoint, known.tag).catch(() => undefined);
    if (!found || found.etag === known.etag) return;
    await store.set({ survey: found });
    known = found;
    resident?.offer(found);
  };
  navigator.locks.request(`${NAME}/sync`, async () => {
    await refresh(undefined);
    for (;;) {
      // Whatever goes wrong here, residents come first and the next round may do better.
      const { wait, state, survey: etag } = await sync.round().catch(() => ({ wait: 10_000, state: "away", survey: undefined }));
      if (state === "fine") {
        screens.tell("");
        await refresh(etag).catch(() => {});
      } else if (state === "refused") screens.tell("operatorNotice");
      else if (state === "operator") {
        while (!resident.quiet) await pause(TICK);
        location.reload();
        return;
      }
      if (wait > 0)
        await new Promise((resolve) => {
          const done = () => {
            clearTimeout(timer);
            removeEventListener("online", done);
            resolve(undefined);
          };
          const timer = setTimeout(done, wait);
          addEventListener("online", done);
          // A new response is no reason to try sooner what just failed.
          nudge = () => void (sync.failing || done());
        });
    }
  });
}

watchVersion(() => !resident || resident.quiet);
main();
