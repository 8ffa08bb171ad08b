/**
 * The kiosk itself: puts the parts together and keeps them going for years.
 * @import { About, Identity, Store, Survey } from "./contract.js"
 * @import { Queue } from "./queue.js"
 * @import { Resident } from "./resident.js"
 * @import { Keys } from "./seal.js"
 * @import { Round, Sync } from "./sync.js"
 */

import { askable } from "../shared/checks.js";
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
/** The result of a round in which something unexpected fails, such as the disk. @type {Round} */
const AWAY = { wait: 10_000, handed: 0, state: "away" };
const { touchpoint, version } = /** @type {{ touchpoint: string, version: string }} */ (document.body.dataset);
const NAME = `meetpunt-kiosk/${touchpoint}`;

const clock = createClock({ monotonic: () => performance.now(), wall: () => Date.now(), boot: randomName(crypto) });
const screens = createScreens(touchpoint);
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The questions: those on disk, else those of the service, however long that takes. @param {Store} store */
async function firstSurvey(store) {
  for (;;) {
    const stored = await store.get("survey");
    if (stored && askable(stored.languages[0].items)) return stored;
    const fetched = await api.survey("new", touchpoint).catch(() => undefined);
    if (fetched) {
      await store.set({ survey: fetched });
      return fetched;
    }
    // With this class the page says that there is no connection.
    document.body.classList.add("no-connection");
    await pause(3000);
  }
}

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

/** Copied, put back or revoked, or not known to the service any more. @param {Identity} identity */
const needsOperator = ({ counter, unknown }) => counter === null || unknown === true;

/**
 * Show a code until an operator enters it, and resolve with who this kiosk is from then on. `title` is what the
 * screen says meanwhile, `kiosk` who it was before; `renew` makes another key, for one that was revoked before the
 * tablet heard of its enrolment.
 * @param {Keys} keys @param {Survey} survey @param {"pair" | "operator"} title @param {() => Promise<unknown>} renew
 * @param {string} [kiosk]
 * @returns {Promise<Identity>}
 */
async function pairUp(keys, survey, title, renew, kiosk) {
  const [language] = survey.languages;
  const enrolment = await becomeKiosk({
    api,
    touchpoint,
    publicKey: await publicKey(crypto, keys),
    kiosk,
    sign: (text) => sign(crypto, keys, text),
    pause,
    show({ state, code }) {
      if (title === "operator") screens.operator(title, language, code, survey.openLink);
      else screens.operator(state === "offline" ? "offline" : "pair", language, code);
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

async function main() {
  const store = await openStore(NAME);
  const keys = await ownKeys(store, "keys");
  // Asked, so that the browser does not clear us away when the disk fills up.
  await navigator.storage?.persist?.().catch(() => false);
  const boots = createBoots({ store, clock, alone: (work) => navigator.locks.request(`${NAME}/boots`, work) });
  // If this cannot be stored, days after a restart are uncertain; residents can still answer.
  await boots.begin().catch(() => {});
  const survey = await firstSurvey(store);
  const renew = async () => store.set({ keys: { ...keys, pair: (await newKeys(crypto)).pair } });
  const identity = (await store.get("identity")) ?? (await adopt(store, await pairUp(keys, survey, "pair", renew)));
  const { kiosk } = identity;
  const former = (await store.get("former")) ?? {};
  const queue = createQueue({ store, crypto, keys, clock, kiosk });
  const sync = createSync({
    queue,
    identity: async () => (await store.get("identity")) ?? identity,
    former: Object.keys(former),
    sign: (text, signer) => sign(crypto, { ...keys, pair: former[signer] ?? keys.pair }, text),
    post: api.sync,
    clock,
    doubtful: boots.doubtful,
    version,
    random: Math.random,
  });
  if (needsOperator(identity)) {
    await becomeAgain(store, keys, identity, survey, sync);
    return;
  }
  serve(queue, survey);
  synchronise(store, sync, kiosk, survey);
}

/** @type {Resident | undefined} */
let resident;
let nudge = () => {};

/** @param {Queue} queue @param {Survey} survey */
function serve(queue, survey) {
  const course = createResident({
    survey,
    async keep(response) {
      await queue.keep(response);
      nudge();
    },
    newId: () => crypto.randomUUID(),
    monotonic: clock.monotonic,
    show: (view) => screens.show(view, course),
    wiped: () => screens.forget(),
  });
  resident = course;
  course.show();
  screens.onVoices();
  for (const event of ["pointerdown", "keydown", "input"])
    addEventListener(event, () => course.touch(), { capture: true, passive: true });
  // A long press, a right click and a dragged picture lead away from the questions.
  for (const event of ["contextmenu", "dragstart"]) addEventListener(event, (happened) => happened.preventDefault());
  setInterval(() => course.tick(), TICK);
}

/** Wait so many ms, or until there is a reason to hand in sooner. @param {number} ms @param {Sync} sync */
const lull = (ms, sync) =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve(undefined);
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
    nudge = () => {
      // A new response is no reason to try sooner what just failed.
      if (!sync.failing) done();
    };
  });

/** One tab at a time hands in; another takes over when it closes. @param {Store} store @param {Sync} sync @param {string} kiosk @param {Survey} survey */
function synchronise(store, sync, kiosk, survey) {
  let known = survey;
  const refresh = async (/** @type {string | undefined} */ etag) => {
    if (etag && etag === known.etag) return;
    const fetched = await api.survey(kiosk, touchpoint, known.tag).catch(() => undefined);
    if (!fetched || fetched.etag === known.etag) return;
    await store.set({ survey: fetched });
    known = fetched;
    resident?.offer(fetched);
  };
  /** Whether it could be written down of this kiosk. @param {Partial<Identity>} more */
  const noted = async (more) => {
    const identity = { kiosk, counter: null, ...(await store.get("identity")), ...more };
    return store.set({ identity }).then(
      () => true,
      () => false,
    );
  };
  /** One round, and what follows from it. Resolves with how long to wait, or nothing when the page starts anew. */
  const round = async () => {
    // Whatever goes wrong here, residents come first and the next round may do better.
    const { wait, state, survey: etag } = await sync.round().catch(() => AWAY);
    if (state === "operator" || (state === "unknown" && (await noted({ unknown: true })))) {
      while (resident && !resident.quiet) await pause(TICK);
      location.reload();
      return undefined;
    }
    if (state === "refused") screens.tell("operatorNotice");
    if (state === "fine") {
      screens.tell("");
      await refresh(etag).catch(() => {});
    }
    return wait;
  };
  navigator.locks.request(`${NAME}/sync`, async () => {
    await refresh(undefined).catch(() => {});
    for (let wait = await round(); wait !== undefined; wait = await round()) if (wait > 0) await lull(wait, sync);
  });
}

watchVersion(() => !resident || resident.quiet);
// Before the first question only the disk can fail; then the screen says that nothing can be stored.
main().catch(() => screens.storage());
