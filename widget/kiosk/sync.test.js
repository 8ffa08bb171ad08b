// The queue and its handing in, with a network that does what networks do.

import assert from "node:assert/strict";
import test from "node:test";

import { FIRST_WAIT, LONGEST_WAIT, MOST_BYTES } from "./sync.js";
import { publicKey } from "./seal.js";
import { handClock, kiosk, KIOSK, opened, payloadOf, response, service, verdicts } from "./testing/stand-ins.js";

/**
 * @import { Reply, Synchronised } from "./contract.js"
 * @import { Keys } from "./seal.js"
 * @import { Item, Kiosk, Post } from "./testing/stand-ins.js"
 */

test("what is signed is the text that is sent, and the key that checks it never leaves as a secret", async () => {
  const there = service();
  const at = await kiosk({ post: async (_, body) => there.take(body) });
  await at.queue.keep(response({ responseId: "a5a2cf2c-5a34-4a2c-8f4f-5b3a2f0b0c11" }));
  await at.sync.round();
  const [{ items, kiosk: who, counter, queue, now, version }] = there.requests;
  assert.deepEqual([who, counter, queue, version], [KIOSK, 1, 1, "test"]);
  assert.deepEqual(Object.keys(now), ["boot", "monotonic", "wall"]);
  const { payload, signature } = items[0];
  const point = Buffer.from(await publicKey(crypto, at.keys), "base64url");
  const key = await crypto.subtle.importKey("raw", point, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
  const bytes = Buffer.from(signature, "base64url");
  assert.equal(point.length, 65);
  assert.equal(bytes.length, 64);
  assert.ok(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes, Buffer.from(payload)));
  assert.equal(at.keys.pair.privateKey.extractable, false);
  assert.equal(at.keys.seal.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("pkcs8", at.keys.pair.privateKey));
});

test("what lies on disk cannot be read", async () => {
  const at = await kiosk({ post: async () => ({ status: 503 }) });
  await at.queue.keep(response({ answers: { toelichting: "geheim" } }));
  const [row] = at.store.queue.values();
  assert.ok(!Buffer.from(row.data).toString("latin1").includes("geheim"));
  assert.deepEqual(Object.keys(row), ["iv", "data"]);
});

test("an outage: five thousand items, the network flapping, all stored once, drained within a minute", async () => {
  const there = service();
  let call = 0;
  /** @type {Post} */
  const post = async (_, body) => {
    call += 1;
    if (call % 11 === 0) throw new TypeError("network");
    if (call % 7 === 0) return { status: 409 };
    if (call % 13 === 0) return { status: 500 };
    if (call % 17 === 0) return { status: 413 };
    const reply = there.take(body);
    // Stored, and the reply lost halfway.
    if (call % 5 === 0) throw new SyntaxError("half a reply");
    return reply;
  };
  const at = await kiosk({ post });
  for (let made = 0; made < 5000; made += 1) await at.queue.keep(response());
  let waited = 0;
  for (let round = await at.sync.round(); await at.queue.count(); round = await at.sync.round()) waited += round.wait;
  assert.equal(there.stored.size, 5000);
  assert.equal(there.twice, 0);
  assert.ok(call < 500, `${call} requests`);
  // What a request takes comes on top.
  assert.ok(waited < 50_000, `${waited} ms of waiting`);
});

test("a batch is never more than fits, whatever its items hold", async () => {
  const there = service();
  const at = await kiosk({ post: async (_, body) => there.take(body) });
  for (let made = 0; made < 60; made += 1)
    await at.queue.keep(response({ answers: { toelichting: '"'.repeat(1500) } }));
  while (await at.queue.count()) await at.sync.round();
  assert.equal(there.stored.size, 60);
  assert.ok(there.requests.every(({ bytes, items }) => bytes <= MOST_BYTES && items.length <= 50));
});

test("a long queue is told to the item, and not counted for every batch", async () => {
  const there = service();
  const at = await kiosk({ post: async (_, body) => there.take(body) });
  await at.queue.keep(response());
  const [row] = at.store.queue.values();
  for (let made = 1; made < 2000; made += 1) await at.store.add(row, "");
  let counts = 0;
  const { count } = at.store;
  at.store.count = () => {
    counts += 1;
    return count();
  };
  for (let round = 0; round < 20; round += 1) await at.sync.round();
  assert.equal(counts, 1);
  while (await count()) await at.sync.round();
  assert.deepEqual(
    there.requests.map(({ queue }) => queue),
    [...new Array(40).keys()].map((sent) => 2000 - 50 * sent),
  );
});

test("an item that was changed on disk goes as a note, stays aside, and the others are stored", async () => {
  const there = service();
  there.verdict = ({ unreadable }) => (unreadable ? "set-aside" : undefined);
  const at = await kiosk({ post: async (_, body) => there.take(body) });
  for (let made = 0; made < 9; made += 1) await at.queue.keep(response());
  const row = [...at.store.queue.values()][4];
  new Uint8Array(row.data)[3] ^= 1;
  await at.sync.round();
  assert.equal(there.stored.size, 8);
  assert.equal(await at.queue.count(), 0);
  assert.deepEqual(at.store.aside, [row]);
});

test("one item that the service cannot take holds up none of the others", async () => {
  const there = service();
  const bad = response();
  /** @type {Post} */
  const post = async (_, body) => {
    const reply = body.includes(bad.responseId) ? { status: 400 } : there.take(body);
    return reply;
  };
  const at = await kiosk({ post });
  for (let made = 0; made < 70; made += 1) await at.queue.keep(made === 20 ? bad : response());
  for (let round = 0; round < 60 && there.stored.size < 69; round += 1) await at.sync.round();
  assert.equal(there.stored.size, 69);
  // Not thrown away either: only a verdict ends it.
  assert.equal(await at.queue.count(), 1);
});

test("an item stays until there is a verdict on it", async () => {
  const at = await kiosk({
    post: async () => ({ status: 200, reply: { counter: 2, verdicts: [], survey: "a" } }),
  });
  await at.queue.keep(response());
  assert.ok((await at.sync.round()).wait >= FIRST_WAIT / 2);
  assert.equal(await at.queue.count(), 1);
});

test("a verdict on another id than was sent is no verdict", async () => {
  const reply = {
    counter: 2,
    verdicts: [{ index: 0, responseId: crypto.randomUUID(), verdict: "stored" }],
    survey: "a",
  };
  const at = await kiosk({ post: async () => ({ status: 200, reply }) });
  await at.queue.keep(response());
  await at.sync.round();
  assert.equal(await at.queue.count(), 1);
});

test("tries again ever later, with jitter, and never later than a minute", async () => {
  const draws = [0, 0.999];
  let draw = 0;
  const at = await kiosk({
    post: async () => {
      throw new TypeError("network");
    },
    random: () => draws[(draw += 1) % 2],
  });
  const waits = [];
  for (let round = 0; round < 12; round += 1) waits.push((await at.sync.round()).wait);
  assert.ok(waits[0] < 2 * FIRST_WAIT);
  assert.ok(waits.every((wait) => wait <= LONGEST_WAIT));
  assert.ok(waits[11] >= LONGEST_WAIT / 2);
  assert.notEqual(waits[10], waits[11]);
  assert.ok(at.sync.failing);
});

test("waits as long as the service asks", async () => {
  const at = await kiosk({ post: async () => ({ status: 503, retryAfter: 30 }) });
  assert.ok((await at.sync.round()).wait >= 30_000);
});

test("a refusal of the network in between is not the end", async () => {
  const there = service();
  // One that is no object at all stands for a page of the network's own.
  const page = /** @type {{}} */ ("<html>");
  /** @type {Reply<Synchronised>[]} */
  const replies = [{ status: 403 }, { status: 404 }, { status: 200, reply: page }, { status: 200, reply: {} }];
  const at = await kiosk({ post: async (_, body) => replies.shift() ?? there.take(body) });
  await at.queue.keep(response());
  const states = [];
  for (let round = 0; round < 5; round += 1) states.push((await at.sync.round()).state);
  assert.deepEqual(states, ["refused", "refused", "away", "away", "fine"]);
  assert.equal(there.stored.size, 1);
});

test("the next counter is used; without one what waits is still handed in, to be kept apart", async () => {
  const counters = [7, null, null];
  /** @type {number[]} */
  const used = [];
  const at = await kiosk({
    async post(_, body) {
      const { counter, items } = opened(body);
      used.push(counter);
      const next = counters.shift() ?? null;
      return { status: 200, reply: { counter: next, verdicts: verdicts(items, "quarantined"), survey: "a" } };
    },
  });
  await at.sync.round();
  for (let made = 0; made < 60; made += 1) await at.queue.keep(response());
  const rounds = [await at.sync.round(), await at.sync.round()];
  assert.deepEqual(used, [1, 7, 0]);
  assert.deepEqual(
    rounds.map(({ state }) => state),
    ["operator", "operator"],
  );
  assert.deepEqual(
    rounds.map(({ handed, wait }) => [handed, wait]),
    [
      [50, 0],
      [10, 0],
    ],
  );
  assert.equal(await at.queue.count(), 0);
});

const NEXT = "c1f0a3d2-6c1d-4c52-9a8e-0f5b3f1c7e21";

/** Seven that one kiosk signed, and five that the same tablet signs as the next one. @param {Post} post */
async function twoInOne(post) {
  const first = await kiosk({ post });
  for (let made = 0; made < 7; made += 1) await first.queue.keep(response());
  const next = await kiosk({ post, before: first, id: NEXT, former: { [KIOSK]: first.keys.pair } });
  for (let made = 0; made < 5; made += 1) await next.queue.keep(response());
  return { first, next };
}

/** Whether this key signed the envelope. @param {Keys} keys @param {string} body */
async function signedBy({ pair }, body) {
  const { envelope, signature } = opened(body);
  const bytes = Buffer.from(signature, "base64url");
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, pair.publicKey, bytes, Buffer.from(envelope));
}

test("what the kiosk that this was had signed is handed in as that one's, and tells nothing of this one", async () => {
  /** @type {{ who: string, as: string, counter: number, body: string, items: Item[] }[]} */
  const sent = [];
  const { first, next } = await twoInOne(async (who, body) => {
    const { kiosk: as, counter, items } = opened(body);
    sent.push({ who, as, counter, body, items });
    const given = verdicts(items, who === KIOSK ? "quarantined" : "stored");
    return { status: 200, reply: { counter: who === KIOSK ? null : 2, verdicts: given, survey: "a" } };
  });
  const states = [(await next.sync.round()).state, (await next.sync.round()).state];
  assert.deepEqual(states, ["fine", "fine"]);
  assert.deepEqual(
    sent.map(({ who, as, counter, items }) => [who, as, counter, items.length]),
    [
      [KIOSK, KIOSK, 0, 7],
      [NEXT, NEXT, 1, 5],
    ],
  );
  assert.deepEqual(await Promise.all(sent.map(({ body }, at) => signedBy([first, next][at].keys, body))), [true, true]);
  assert.deepEqual(await next.store.get("identity"), { kiosk: NEXT, counter: 2 });
  assert.equal(await next.queue.count(), 0);
});

test("what the one that this was cannot hand in any more keeps nobody else's waiting", async () => {
  const there = service();
  const { next } = await twoInOne(async (who, body) =>
    who === KIOSK ? { status: 404, problem: "/problems/kiosk-unknown" } : there.take(body),
  );
  const states = [];
  for (let round = 0; round < 3; round += 1) states.push((await next.sync.round()).state);
  assert.equal(there.stored.size, 5);
  assert.equal(await next.queue.count(), 7);
  assert.ok(!states.includes("unknown"));
});

test("what the service says nothing of yet keeps nobody else's waiting", async () => {
  const there = service();
  const { next } = await twoInOne(async (who, body) => {
    if (who === KIOSK) return { status: 200, reply: { counter: null, verdicts: [], survey: "a" } };
    return there.take(body);
  });
  for (let round = 0; round < 3; round += 1) await next.sync.round();
  assert.equal(there.stored.size, 5);
  assert.equal(await next.queue.count(), 7);
});

test("a former one that nobody knows any more costs one question, however much it left", async () => {
  const there = service();
  let asked = 0;
  const { next, first } = await twoInOne(async (who, body) => {
    if (who !== KIOSK) return there.take(body);
    asked += 1;
    return { status: 404, problem: "/problems/kiosk-unknown" };
  });
  for (let made = 0; made < 300; made += 1) await first.queue.keep(response());
  await next.queue.keep(response());
  const waits = [(await next.sync.round()).wait, (await next.sync.round()).wait];
  assert.equal(there.stored.size, 6);
  // It is asked again, in a minute.
  assert.deepEqual([asked, ...waits], [1, 0, LONGEST_WAIT]);
});

test("only the service itself says that it does not know this kiosk", async () => {
  const replies = [
    { status: 404 },
    { status: 404, problem: "about:blank" },
    { status: 404, problem: "/problems/kiosk-unknown" },
  ];
  const at = await kiosk({ post: async () => replies.shift() ?? { status: 500 } });
  const states = [];
  for (let round = 0; round < 3; round += 1) states.push((await at.sync.round()).state);
  assert.deepEqual(states, ["refused", "refused", "unknown"]);
});

test("a jump of the wall clock is told of what was kept before it, and of nothing after", async () => {
  const there = service();
  const hand = handClock();
  const at = await kiosk({ post: async (_, body) => there.take(body), hand });
  await at.queue.keep(response());
  hand.pass(60_000);
  hand.times.wall += 365 * 86_400_000;
  await at.queue.keep(response());
  hand.pass(60_000);
  await at.queue.keep(response());
  await at.sync.round();
  const { items, now } = there.requests[0];
  assert.deepEqual(
    items.map(({ jumped = false }) => jumped),
    [true, false, false],
  );
  const [first, second] = items.map((item) => payloadOf(item).time);
  assert.equal(first.boot, now.boot);
  assert.equal(second.monotonic - first.monotonic, 60_000);
});

/** Keeps one response in each of these starts, and says which of them may be dated by the wall clock. @param {{ off?: number, jump?: number }[]} starts */
async function dated(...starts) {
  const there = service();
  let online = false;
  /** @type {Post} */
  const post = async (_, body) => {
    if (!online) throw new TypeError("network");
    return there.take(body);
  };
  /** @type {Kiosk | undefined} */
  let at;
  let wall = 1_800_000_000_000;
  for (const [number, change] of starts.entries()) {
    wall += change.off ?? 3_600_000;
    const hand = handClock({ boot: `start-${number}`, wall });
    at = await kiosk({ post, hand, before: at });
    await at.queue.keep(response());
    hand.pass(60_000);
    hand.times.wall += change.jump ?? 0;
    await at.sync.round();
    wall = hand.times.wall;
  }
  online = true;
  await at?.sync.round();
  return there.requests[0].items.map(({ jumped = false }) => !jumped);
}

const DAY = 86_400_000;

test("a jump in a later start makes doubtful what was kept before it, and nothing after", async () => {
  assert.deepEqual(await dated({}, {}, {}), [true, true, true]);
  assert.deepEqual(await dated({}, { jump: 3 * DAY }, {}), [false, false, true]);
  // The one that hands in: its clock was set as soon as there was a network.
  assert.deepEqual(await dated({}, {}, { jump: DAY }), [false, false, false]);
});

test("a clock that is back where it was before the last start was set meanwhile", async () => {
  assert.deepEqual(await dated({}, { off: -DAY }, {}), [false, true, true]);
});

test("of two hundred starts ago nothing is known any more", async () => {
  const dates = await dated(...Array.from({ length: 202 }, () => ({})));
  assert.deepEqual([dates[0], dates[1], dates.length], [false, false, 50]);
  assert.ok(dates.slice(2).every(Boolean));
});

test("what is answered after the clock was set right is dated by it, over a restart too", async () => {
  const there = service();
  let online = false;
  /** @type {Post} */
  const post = async (_, body) => {
    if (!online) throw new TypeError("network");
    return there.take(body);
  };
  const hand = handClock();
  const at = await kiosk({ post, hand });
  await at.queue.keep(response());
  hand.pass(1000);
  hand.times.wall += 14 * 3_600_000;
  await at.sync.round();
  hand.pass(3_600_000);
  await at.queue.keep(response());
  await at.sync.round();
  const next = await kiosk({ post, hand: handClock({ boot: "boot-2", wall: hand.times.wall + DAY }), before: at });
  online = true;
  await next.sync.round();
  assert.deepEqual(
    there.requests[0].items.map(({ jumped = false }) => jumped),
    [true, false],
  );
});
