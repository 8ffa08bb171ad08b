/**
 * What the kiosk's modules get instead of a disk, a clock and a network.
 * @import { About, Language, Reply, Response, Store, Survey, Synchronised, Time } from "../contract.js"
 * @import { Keys, Locked } from "../seal.js"
 *
 * @typedef {{ payload: string, signature: string, jumped?: boolean }} Item as it is sent
 * @typedef {{ kiosk: string, counter: number, now: Time, queue: number, version: string, items: Item[] }} Envelope
 * @typedef {Response & { kiosk: string, time: Time, unreadable?: boolean }} Payload
 * @typedef {(kiosk: string, body: string) => Promise<Reply<Synchronised>>} Post
 * @typedef {Awaited<ReturnType<typeof kiosk>>} Kiosk
 */

import { createBoots } from "../boots.js";
import { createClock } from "../clock.js";
import { createQueue } from "../queue.js";
import { newKeys, sign } from "../seal.js";
import { createSync } from "../sync.js";

export const KIOSK = "0b7b2f0a-6f0e-4a8c-9d51-0f3a5f6f7d10";

/** A clock that only moves when told to. */
export function handClock({ boot = "boot-1", wall = 1_800_000_000_000 } = {}) {
  const times = { monotonic: 1_000_000, wall };
  return {
    times,
    /** @param {number} ms */
    pass(ms) {
      times.monotonic += ms;
      times.wall += ms;
    },
    clock: createClock({ monotonic: () => times.monotonic, wall: () => times.wall, boot }),
  };
}

/** What the disk holds, with the same words as the one of the browser. */
export function memoryStore() {
  /** @type {About} */
  const about = {};
  /** @type {Map<number, Locked>} */
  const queue = new Map();
  /** @type {Locked[]} */
  const aside = [];
  /** @type {Map<string, Locked>} */
  const drafts = new Map();
  let number = 0;
  /** @type {Store} */
  const store = {
    get: async (key) => about[key],
    async set(values) {
      Object.assign(about, values);
    },
    async add(row, boot) {
      number += 1;
      queue.set(number, row);
      drafts.delete(boot);
    },
    async draft(boot, row) {
      if (row) drafts.set(boot, row);
      else drafts.delete(boot);
    },
    drafts: async () => new Map(drafts),
    count: async () => queue.size,
    oldest: async (most, after) =>
      [...queue]
        .filter(([at]) => at > after)
        .slice(0, most)
        .map(([at, row]) => ({ number: at, row })),
    async settle(done, set, values) {
      for (const at of done) queue.delete(at);
      aside.push(...set.map(({ row }) => row));
      Object.assign(about, values);
    },
  };
  return { ...store, queue, aside };
}

/** @type {Language} */
const DUTCH = {
  code: "nl",
  name: "Nederlands",
  dir: "ltr",
  title: "",
  // Nothing here says a word.
  texts: /** @type {Language["texts"]} */ ({ errors: {} }),
  kiosk: /** @type {Language["kiosk"]} */ ({}),
  items: [
    { code: "cijfer", kind: "mark", control: "radio", layout: "numbers", required: true, text: "" },
    { code: "geholpen", kind: "yes_partly_no", control: "radio", layout: "few", text: "" },
    {
      code: "oorzaak",
      kind: "choice",
      control: "radio",
      layout: "list",
      text: "",
      askIf: { item: "geholpen", values: ["nee", "deels"] },
    },
    { code: "toelichting", kind: "text", control: "textarea", layout: "text", text: "" },
  ],
};

/** @param {Partial<Survey>} changes @returns {Survey} */
export const survey = (changes = {}) => ({
  touchpoint: "molensloot/balie-hal",
  version: 1,
  etag: "a",
  tag: '"a"',
  openLink: "",
  intervalSeconds: 5,
  resetSeconds: 30,
  languages: [DUTCH],
  ...changes,
});

/** The same in one language, that asks this. @param {Language["items"]} items */
export const asking = (...items) => survey({ languages: [{ ...DUTCH, items }] });

/** What a kiosk sent. @param {string} body */
export function opened(body) {
  const { envelope, signature } = /** @type {{ envelope: string, signature: string }} */ (JSON.parse(body));
  return { .../** @type {Envelope} */ (JSON.parse(envelope)), envelope, signature };
}

/** What was signed of one item. @param {Item} item */
export const payloadOf = ({ payload }) => /** @type {Payload} */ (JSON.parse(payload));

/** The same word on every item. @param {Item[]} items @param {string} verdict */
export const verdicts = (items, verdict) =>
  items.map((item, index) => ({ index, responseId: payloadOf(item).responseId, verdict }));

/** A service that keeps what it gets, by id, and says what `verdict` makes of it. */
export function service() {
  return {
    /** @type {Map<string, string>} */
    stored: new Map(),
    twice: 0,
    /** @type {(Envelope & { bytes: number })[]} */
    requests: [],
    counter: 1,
    /** @type {(payload: Payload) => string | undefined} */
    verdict: () => undefined,

    /** @param {string} body @returns {Reply<Synchronised>} */
    take(body) {
      const sent = opened(body);
      this.requests.push({ ...sent, bytes: new TextEncoder().encode(body).length });
      this.counter += 1;
      // In no order that anybody could count on.
      const given = sent.items.map((item, index) => this.judge(item, index)).reverse();
      return { status: 200, reply: { counter: this.counter, verdicts: given, survey: "a" } };
    },

    /** @param {Item} item @param {number} index */
    judge(item, index) {
      const { responseId } = payloadOf(item);
      const verdict = this.verdict(payloadOf(item));
      if (verdict) return { index, responseId, verdict };
      const known = this.stored.has(responseId);
      if (known && this.stored.get(responseId) !== item.payload) this.twice += 1;
      this.stored.set(responseId, item.payload);
      return { index, responseId, verdict: known ? "known" : "stored" };
    },
  };
}

/**
 * A queue and its handing in, on a disk of memory; `post` stands for the network. With `before` it is that kiosk,
 * started anew, with another `id` another one on the same tablet.
 * @param {{
 *   post: Post,
 *   random?: () => number,
 *   hand?: ReturnType<typeof handClock>,
 *   before?: { store: ReturnType<typeof memoryStore>, keys: Keys } | undefined,
 *   former?: Record<string, CryptoKeyPair>,
 *   id?: string,
 * }} parts
 */
export async function kiosk({ post, random = () => 0.5, hand = handClock(), before, former = {}, id = KIOSK }) {
  const store = before?.store ?? memoryStore();
  const keys = { ...(before?.keys ?? (await newKeys(crypto))) };
  const identity = { kiosk: id, counter: 1 };
  // Another one than before: a key of its own, over the same disk.
  if (id !== KIOSK) keys.pair = (await newKeys(crypto)).pair;
  if (!before || id !== KIOSK) await store.set({ identity });
  const boots = createBoots({ store, clock: hand.clock, alone: (work) => work() });
  await boots.begin();
  const queue = createQueue({ store, crypto, keys, clock: hand.clock, kiosk: id });
  const sync = createSync({
    queue,
    identity: async () => (await store.get("identity")) ?? identity,
    former: Object.keys(former),
    sign: (text, signer) => sign(crypto, { ...keys, pair: former[signer] ?? keys.pair }, text),
    post,
    clock: hand.clock,
    doubtful: boots.doubtful,
    version: "test",
    random,
  });
  return { store, keys, queue, sync, hand };
}

/** @param {Partial<Response>} changes @returns {Response} */
export const response = (changes = {}) => ({
  responseId: crypto.randomUUID(),
  touchpoint: "molensloot/balie-hal",
  version: 1,
  language: "nl",
  answers: { cijfer: 8 },
  complete: true,
  suspect: false,
  ...changes,
});

/** A device with a voice for these languages, that says nothing aloud. @param {string[]} languages */
export function quietVoice(...languages) {
  /** @type {{ language: string, sentences: string[], volume: number | undefined, whole: boolean | undefined }[]} */
  const said = [];
  /** @type {(() => void) | undefined} */
  let ended;
  return {
    said,
    get last() {
      return said.at(-1)?.sentences.join(" ");
    },
    hushed: 0,
    canRead: (/** @type {string} */ language) => languages.includes(language),
    /** @type {typeof import("../voice.js").read} */
    read(language, sentences, over, { volume, toTheEnd } = {}) {
      said.push({ language, sentences, volume, whole: toTheEnd });
      ended = over;
    },
    hush() {
      this.hushed += 1;
    },
    /** The last sentence was said to its end. */
    finish: () => ended?.(),
  };
}
