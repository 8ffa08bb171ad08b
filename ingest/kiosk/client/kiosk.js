/** The kiosk itself: puts the parts together and keeps them going for years. */

import * as api from "./api.js";
import { createBoots } from "./boots.js";
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
/** How long an enrolled kiosk goes on handing in what waited of the one that it was, in ms. */
const LONGEST_FAREWELL = 60_000;
/** What a round comes to when something fails that none of its own tries foresees, such as the disk. */
const AWAY = { wait: 10_000, state: "away", survey: undefined };
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
 * Show a code until an operator enters it, and resolve with who this kiosk is from then on. `title` is what the
 * screen says meanwhile.
 * @param {any} keys @param {any} survey @param {"pair" | "operator"} title
 */
async function pairUp(keys, survey, title) {
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
  return { kiosk, counter };
}

/**
 * The service took this for a copy of another kiosk, or it was revoked. What waits is handed in first, as what it
 * is: signed by the kiosk that this was. Then only a key that nobody can have copied will do.
 * @param {any} store @param {any} keys @param {any} survey @param {{ queue: any, sync: any }} parts
 */
async function becomeAnother(store, keys, survey, { queue, sync }) {
  const handIn = async () => {
    while (await queue.count()) await pause((await sync.round().catch(() => AWAY)).wait);
  };
  const handedIn = handIn();
  const fresh = { ...keys, pair: (await newKeys(crypto)).pair };
  const identity = await pairUp(fresh, survey, "operator");
  await Promise.race([handedIn, pause(LONGEST_FAREWELL)]);
  await store.set({ identity, keys: fresh });
  location.reload();
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
  const boots = createBoots({ store, clock, alone: (work) => navigator.locks.request(`${NAME}/boots`, work) });
  // Where it cannot be written down, a restart makes days uncertain; answering goes on.
  await boots.begin().catch(() => {});
  const survey = await firstSurvey(store);
  let identity = await store.get("identity");
  if (!identity) {
    identity = await pairUp(keys, survey, "pair");
    await store.set({ identity, keys });
  }
  const { kiosk } = identity;
  const queue = createQueue({ store, crypto, keys, clock, kiosk });
  const sync = createSync({
    queue,
    identity: () => store.get("identity"),
    sign: (text) => sign(crypto, keys, text),
    post: api.sync,
    clock,
    doubtful: boots.doubtful,
    version,
    random: Math.random,
  });
  if (identity.counter === null) {
    await becomeAnother(store, keys, survey, { queue, sync });
    return;
  }
  serve(queue, survey);
  synchronise(store, sync, kiosk, survey);
}

/** @type {any} */
let resident;
let nudge = () => {};

/** @param {any} queue @param {any} survey */
function serve(queue, survey) {
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

/** One tab at a time hands in; another takes over when it closes. @param {any} store @param {any} sync @param {string} kiosk @param {any} survey */
function synchronise(store, sync, kiosk, survey) {
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
      const { wait, state, survey: etag } = await sync.round().catch(() => AWAY);
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
