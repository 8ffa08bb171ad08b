/**
 * The kiosk itself: puts the parts together and keeps them going for years.
 * @import { Identity, Store, Survey } from "./contract.js"
 * @import { Queue } from "./queue.js"
 * @import { Resident } from "./resident.js"
 * @import { Sync } from "./sync.js"
 */

import { askable } from "../shared/checks.js";
import * as api from "./api.js";
import { AWAY, createEnrolment, needsOperator } from "./becoming.js";
import { createBoots } from "./boots.js";
import { randomName } from "./bytes.js";
import { measure } from "./card.js";
import { createClock } from "./clock.js";
import { keyboard } from "./keyboard.js";
import { createListening } from "./listening.js";
import { hearPresses } from "./presses.js";
import { createQueue } from "./queue.js";
import { createResident } from "./resident.js";
import { createScreens } from "./screens.js";
import { newKeys, sign } from "./seal.js";
import { fit, scale, setScale, TILE } from "./sizes.js";
import { listenOn, pageOf, sentencesOf } from "./stops.js";
import { openStore } from "./store.js";
import { createStrikes } from "./strikes.js";
import { createSync } from "./sync.js";
import { watchVersion } from "./version.js";
import * as voice from "./voice.js";

/** Between two looks at the clock, in ms. */
const TICK = 250;
/** With this behind the address the tablet asks for a bank card again. */
const MEASURE = "#bankpas";
const { touchpoint, version } = /** @type {{ touchpoint: string, version: string }} */ (document.body.dataset);
const NAME = `meetpunt-kiosk/${touchpoint}`;

const clock = createClock({ monotonic: () => performance.now(), wall: () => Date.now(), boot: randomName(crypto) });
const strikes = createStrikes({ monotonic: clock.monotonic, near: () => TILE * scale() });
const listening = createListening({
  voice,
  now: clock.monotonic,
  page: pageOf(document),
  started: () => resident?.alter(),
  alive: () => resident?.touch(),
});
const screens = createScreens({
  touchpoint,
  moved: strikes.moved,
  keyboard: (area, { code, kiosk }) => keyboard(area, { language: code, texts: kiosk, resized: fit }),
  shown: ({ code, kiosk }, main) => listening.screen(code, kiosk, sentencesOf(main)),
});
/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const { adopt, becomeAgain, ownKeys, pairUp } = createEnrolment({ name: NAME, touchpoint, screens, pause });

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

/** How large a millimetre is here: as a bank card said when the tablet was set up. @param {Store} store @param {Survey} survey @param {boolean} ask */
async function learnSizes(store, survey, ask) {
  setScale(await store.get("millimetre"));
  if (!ask) return;
  const found = await measure(screens.main, survey.languages[0].kiosk);
  if (found !== undefined) await store.set({ millimetre: found });
}

/**
 * A draft of an earlier start: its resident is gone, so what they answered goes into the queue. Another tab that still
 * asks holds the lock of its own draft, and keeps it.
 * @param {Queue} queue
 */
async function sealDrafts(queue) {
  for (const boot of await queue.drafts())
    navigator.locks
      .request(`${NAME}/draft/${boot}`, () => queue.seal(boot))
      .then(
        () => nudge(),
        () => {},
      );
  // Held until the page is gone, by whatever way.
  await new Promise((held) => {
    navigator.locks.request(`${NAME}/draft/${clock.boot}`, () => {
      held(undefined);
      return new Promise(() => {});
    });
  });
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
  const known = await store.get("identity");
  setScale(await store.get("millimetre"));
  const identity = known ?? (await adopt(store, await pairUp(keys, survey, "pair", renew)));
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
    tile: () => screens.tile,
    random: Math.random,
  });
  // What somebody left waits for the next start where the disk refuses it now.
  await sealDrafts(queue).catch(() => {});
  if (needsOperator(identity)) {
    await becomeAgain(store, keys, identity, survey, sync);
    return;
  }
  await learnSizes(store, survey, !known || location.hash === MEASURE);
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
    draft: queue.draft,
    async leave() {
      if (await queue.seal()) nudge();
    },
    async keep(response) {
      await queue.keep(response);
      nudge();
    },
    newId: () => crypto.randomUUID(),
    monotonic: clock.monotonic,
    show: (view) => screens.show(view, course),
    wiped() {
      listening.end();
      screens.forget();
    },
  });
  resident = course;
  course.show();
  screens.onVoices();
  for (const event of ["pointerdown", "keydown", "input"])
    addEventListener(event, () => course.touch(), { capture: true, passive: true });
  hearPresses(strikes);
  listenOn(document, listening);
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
