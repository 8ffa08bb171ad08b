// What the kiosk's modules get instead of a disk, a clock and a network.

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
    pass(ms) {
      times.monotonic += ms;
      times.wall += ms;
    },
    clock: createClock({ monotonic: () => times.monotonic, wall: () => times.wall, boot }),
  };
}

/** What the disk holds, with the same words as the one of the browser. */
export function memoryStore() {
  const about = new Map();
  const queue = new Map();
  const aside = [];
  let number = 0;
  return {
    queue,
    aside,
    get: async (key) => about.get(key),
    async set(values) {
      for (const key in values) about.set(key, values[key]);
    },
    async add(row) {
      queue.set((number += 1), row);
    },
    count: async () => queue.size,
    oldest: async (most, after) =>
      [...queue]
        .filter(([at]) => at > after)
        .slice(0, most)
        .map(([at, row]) => ({ number: at, row })),
    async settle(done, set, values) {
      for (const at of done) queue.delete(at);
      aside.push(...set.map(({ row }) => row));
      for (const key in values) about.set(key, values[key]);
    },
  };
}

export const survey = (changes = {}) => ({
  touchpoint: "molensloot/balie-hal",
  version: 1,
  etag: "a",
  intervalSeconds: 5,
  resetSeconds: 30,
  languages: [
    {
      code: "nl",
      items: [
        { code: "cijfer", kind: "mark", required: true },
        { code: "geholpen", kind: "yes_partly_no" },
        { code: "oorzaak", kind: "choice", askIf: { item: "geholpen", values: ["nee", "deels"] }, options: [] },
        { code: "toelichting", kind: "text" },
      ],
    },
  ],
  ...changes,
});

/** A service that keeps what it gets, by id, and says what `answer` makes of it. */
export function service() {
  const stored = new Map();
  const all = { stored, twice: 0, requests: [], counter: 1, verdict: undefined };
  all.take = (body) => {
    const { envelope } = JSON.parse(body);
    const said = JSON.parse(envelope);
    all.requests.push({ ...said, bytes: new TextEncoder().encode(body).length });
    const verdicts = said.items.map(({ payload }, index) => {
      const { responseId } = JSON.parse(payload);
      const told = all.verdict?.(JSON.parse(payload));
      if (told) return { index, responseId, verdict: told };
      const known = stored.has(responseId);
      if (known && stored.get(responseId) !== payload) all.twice += 1;
      stored.set(responseId, payload);
      return { index, responseId, verdict: known ? "known" : "stored" };
    });
    all.counter += 1;
    // In no order that anybody could count on.
    return { status: 200, reply: { counter: all.counter, verdicts: verdicts.reverse(), now: 0, survey: "a" } };
  };
  return all;
}

/** A queue and its handing in, on a disk of memory; `post` stands for the network. With `before` it is that kiosk, started anew. */
export async function kiosk({
  post,
  random = () => 0.5,
  hand = handClock(),
  before = undefined,
  former = {},
  id = KIOSK,
}) {
  const store = before?.store ?? memoryStore();
  const keys = { ...(before?.keys ?? (await newKeys(crypto))) };
  // Another one than before: a key of its own, over the same disk.
  if (id !== KIOSK) keys.pair = (await newKeys(crypto)).pair;
  if (!before || id !== KIOSK) await store.set({ identity: { kiosk: id, counter: 1 } });
  const boots = createBoots({ store, clock: hand.clock, alone: (work) => work() });
  await boots.begin();
  const queue = createQueue({ store, crypto, keys, clock: hand.clock, kiosk: id });
  const sync = createSync({
    queue,
    identity: () => store.get("identity"),
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
