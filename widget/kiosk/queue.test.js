// What is kept of one resident: each touch as a draft, and at the end one signed response in its place.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createQueue } from "./queue.js";
import { lock, newKeys } from "./seal.js";
import { handClock, KIOSK, memoryStore, payloadOf, response } from "./testing/stand-ins.js";

async function counter({ store = memoryStore(), boot = "boot-1", keys = newKeys(crypto) } = {}) {
  const hand = handClock({ boot });
  const known = await keys;
  const queue = createQueue({ store, crypto, keys: known, clock: hand.clock, kiosk: KIOSK });
  const waiting = async () => (await queue.oldest(50, 0)).map(({ item }) => payloadOf(item));
  return { hand, keys: Promise.resolve(known), queue, store, waiting };
}

test("a touch is kept locked, and is no response yet", async () => {
  const { queue, store } = await counter();
  await queue.draft(response({ answers: { cijfer: 8 }, complete: false }));
  assert.equal(await queue.count(), 0);
  const [row] = (await store.drafts()).values();
  assert.ok(row);
  assert.equal(new TextDecoder().decode(row.data).includes("cijfer"), false);
});

test("the whole response takes the place of its draft", async () => {
  const { queue, store, waiting } = await counter();
  const given = response({ complete: false });
  await queue.draft(given);
  await queue.keep({ ...given, complete: true });
  assert.equal((await store.drafts()).size, 0);
  assert.deepEqual(
    (await waiting()).map(({ responseId, complete }) => [responseId, complete]),
    [[given.responseId, true]],
  );
  assert.equal(await queue.seal(), false);
});

test("the plug between touch and end: the next start seals it once, at the time of the touch", async () => {
  const before = await counter();
  const given = response({ answers: { cijfer: 3 }, complete: false });
  await before.queue.draft(given);
  const { monotonic, wall } = before.hand.times;
  const { store, keys } = before;
  const after = await counter({ store, keys, boot: "boot-2" });
  after.hand.pass(3_600_000);
  for (const boot of await after.queue.drafts()) assert.equal(await after.queue.seal(boot), true);
  const [sealed, ...more] = await after.waiting();
  assert.deepEqual(more, []);
  assert.equal(sealed?.responseId, given.responseId);
  assert.equal(sealed?.complete, false);
  assert.deepEqual(sealed?.answers, { cijfer: 3 });
  assert.deepEqual(sealed?.time, { boot: "boot-1", monotonic, wall });
  assert.equal(await after.queue.seal("boot-1"), false);
  assert.equal(await after.queue.count(), 1);
});

test("a slow disk does not put a draft back that was sealed meanwhile", async () => {
  const { queue, store } = await counter();
  const given = response({ complete: false });
  const { draft } = store;
  store.draft = async (boot, row) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await draft(boot, row);
  };
  const slow = queue.draft(given);
  const kept = queue.keep({ ...given, complete: true });
  await Promise.all([slow, kept]);
  assert.equal((await store.drafts()).size, 0);
  assert.equal(await queue.count(), 1);
});

test("of drafts that came faster than the disk writes the last is written, and none once the response is there", async () => {
  const { queue, store } = await counter();
  let written = 0;
  const { draft } = store;
  store.draft = (boot, row) => {
    written += 1;
    return draft(boot, row);
  };
  await Promise.all([1, 2, 3].map((cijfer) => queue.draft(response({ answers: { cijfer } }))));
  assert.equal(written, 1);
  assert.equal((await store.drafts()).size, 1);
  await Promise.all([queue.draft(response()), queue.keep(response())]);
  assert.equal(written, 1);
  assert.equal(await queue.count(), 1);
});

test("a draft that fails keeps no response from being kept", async () => {
  const { queue, store } = await counter();
  store.draft = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  await assert.rejects(queue.draft(response()));
  await queue.keep(response());
  assert.equal(await queue.count(), 1);
});

test("a draft that somebody edited is shown to an operator, and counts for nobody", async () => {
  const { queue, store, keys } = await counter();
  const row = await lock(crypto, await keys, "anything");
  new Uint8Array(row.data)[0] = 0;
  row.iv = new Uint8Array(12);
  await store.draft("boot-0", row);
  assert.equal(await queue.seal("boot-0"), true);
  const [entry] = await queue.oldest(50, 0);
  assert.equal(entry?.unreadable, true);
});

/** A disk that writes no draft until it is let go. */
function slowStore() {
  const store = memoryStore();
  let letGo = () => {};
  /** @type {Promise<void>} */
  const free = new Promise((resolve) => {
    letGo = resolve;
  });
  const { draft } = store;
  store.draft = async (boot, row) => {
    await free;
    await draft(boot, row);
  };
  return { store, letGo };
}

test("who touches after somebody left does not take the place of that draft, however slow the disk is", async () => {
  const { store, letGo } = slowStore();
  const { queue, waiting } = await counter({ store });
  const [busy, left, after] = [1, 2, 3].map((cijfer) => response({ answers: { cijfer }, complete: false }));
  const all = [queue.draft(busy), queue.draft(left), queue.seal(), queue.draft(after)];
  letGo();
  await Promise.all(all);
  assert.deepEqual(
    (await waiting()).map(({ answers }) => answers),
    [{ cijfer: 2 }],
  );
  await queue.seal();
  assert.deepEqual(
    (await waiting()).map(({ answers }) => answers),
    [{ cijfer: 2 }, { cijfer: 3 }],
  );
});

test("a draft that was taken back is gone before the next one is written, however slow the disk is", async () => {
  const { store, letGo } = slowStore();
  const { queue } = await counter({ store });
  /** @type {boolean[]} */
  const written = [];
  const { draft } = store;
  store.draft = (boot, row) => {
    written.push(row !== undefined);
    return draft(boot, row);
  };
  const all = [queue.draft(response()), queue.draft(undefined), queue.draft(response())];
  letGo();
  await Promise.all(all);
  assert.deepEqual(written, [false, true]);
});
