/**
 * Send what waits, in batches. The service gives each item a verdict, in any order.
 *
 * An item leaves the queue only when the service confirmed by its id that it has it. Sending an item twice is harmless,
 * since the service knows the id; so is a lost reply. Items that were signed while this tablet was another kiosk are
 * sent as that kiosk, because only its signature fits them.
 * This module uses no network and no clock: `post` sends, `random` gives 0 to 1, and `round` says how long to wait.
 * @import { Clock } from "./clock.js"
 * @import { Identity, Reply, Synchronised, Waiting } from "./contract.js"
 * @import { Queue } from "./queue.js"
 * @typedef {ReturnType<typeof createSync>} Sync
 */

import { bytesOf } from "./bytes.js";

export const MOST_ITEMS = 50;
/** Of a whole request, below the 64 kB that the service takes. */
export const MOST_BYTES = 60_000;
/** Between two tries, in ms: the first, and never more than the last. */
export const FIRST_WAIT = 500;
export const LONGEST_WAIT = 60_000;
/** Without anything to hand in the service still hears that this kiosk is there, in ms. */
export const HEARTBEAT = 5 * 60_000;

/** Longer queues are not counted for every batch: that takes longer than the batch. */
const LONG_QUEUE = 1000;

/** Whatever the verdict, the service has kept the item. */
const KEPT = new Set(["stored", "known", "set-aside", "quarantined"]);
/** It is the batch that was refused: a smaller one may pass, and leaves out the item that is to blame. */
const TOO_MUCH = new Set([400, 409, 413, 422]);

/** @typedef {{ kiosk: string, counter: number | null, former: boolean }} Who as whom is sent; `former`: as one that this tablet was */
/** @typedef {{ wait: number, handed: number, survey?: string, state: "fine" | "away" | "refused" | "operator" | "unknown" }} Round */

/**
 * Whether this is the service's reply: the login page of a network may give 200 as well.
 * @param {Reply<Synchronised>["reply"]} reply
 * @returns {reply is Synchronised}
 */
const isOurs = (reply) => Array.isArray(reply?.verdicts) && (reply.counter === null || Number.isInteger(reply.counter));

/**
 * @param {{
 *   queue: Pick<Queue, "count" | "oldest" | "settle">,
 *   identity: () => Promise<Identity>,
 *   former?: string[],
 *   sign: (text: string, kiosk: string) => Promise<string>,
 *   post: (kiosk: string, body: string) => Promise<Reply<Synchronised>>,
 *   clock: Pick<Clock, "now">,
 *   doubtful: () => Promise<(boot: string, monotonic: number) => boolean>,
 *   version: string,
 *   tile?: () => number | undefined,
 *   random: () => number,
 * }} parts
 */
export function createSync({ queue, identity, former = [], sign, post, clock, doubtful, version, tile, random }) {
  let most = MOST_ITEMS;
  let failures = 0;
  /** Numbers of items that a batch of one was refused for: the others go first. @type {Set<number>} */
  const postponed = new Set();

  let counted = 0;

  /** How many wait: to the item, but for what came since a long queue was counted. */
  async function countQueue() {
    if (counted < LONG_QUEUE) counted = await queue.count();
    return counted;
  }

  /** Exponential, with jitter: kiosks that lost the same network do not come back together. */
  function backOff(least = 0) {
    failures += 1;
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1));
    return Math.max(least, wait * (0.5 + random() / 2));
  }

  /** Up to `most` items that are not postponed, the oldest first. */
  async function gather() {
    /** @type {Waiting[]} */
    const items = [];
    let after = 0;
    while (items.length < most) {
      const rows = await queue.oldest(most, after);
      for (const entry of rows) if (!postponed.has(entry.number) && items.length < most) items.push(entry);
      const last = rows.at(-1);
      if (!last || rows.length < most) break;
      after = last.number;
    }
    return items;
  }

  /** All that are like this wait until the others are in. @param {(entry: Waiting) => boolean} like */
  async function postpone(like) {
    let rows = await queue.oldest(MOST_ITEMS, 0);
    for (let last = rows.at(-1); last; last = rows.at(-1)) {
      for (const entry of rows) if (like(entry)) postponed.add(entry.number);
      rows = await queue.oldest(MOST_ITEMS, last.number);
    }
  }

  /** The request, with as many of the items as fit. @param {Who} who @param {Waiting[]} items @param {number} waiting */
  async function requestOf({ kiosk, counter }, items, waiting) {
    const jumped = await doubtful();
    for (let count = items.length; ; count = Math.floor(count / 2)) {
      const sent = items.slice(0, count);
      const envelope = JSON.stringify({
        kiosk,
        // Without a counter of the service, it puts the items in quarantine.
        counter: counter ?? 0,
        now: clock.now(),
        queue: waiting,
        version,
        // How large a finger's target is at its smallest, in mm; left out until a question was seen.
        tileMm: tile?.(),
        items: sent.map(({ item, time }) => (jumped(time.boot, time.monotonic) ? { ...item, jumped: true } : item)),
      });
      const body = JSON.stringify({ envelope, signature: await sign(envelope, kiosk) });
      if (count <= 1 || bytesOf(body) <= MOST_BYTES) return { sent, body };
    }
  }

  /** As whom to send, and what of it: the oldest says as whom. @param {Waiting[]} items @param {Identity} current @returns {{ who: Who, items: Waiting[] }} */
  function asOne(items, current) {
    const sender = (/** @type {Waiting} */ { signer }) => (former.includes(signer) ? signer : current.kiosk);
    const [oldest] = items;
    const kiosk = oldest ? sender(oldest) : current.kiosk;
    const who = kiosk === current.kiosk ? { ...current, former: false } : { kiosk, counter: null, former: true };
    return { who, items: items.filter((item) => sender(item) === kiosk) };
  }

  /** @param {Waiting[]} sent @param {Who} who @param {Synchronised} reply @returns {Promise<Round>} */
  async function settle(sent, who, reply) {
    // By its place in the batch, and where the service could read one, by its id as well.
    const done = reply.verdicts.flatMap(({ index, responseId, verdict }) => {
      const entry = sent[index];
      const kept = entry && KEPT.has(verdict) && (responseId === undefined || responseId === entry.responseId);
      return kept ? [entry] : [];
    });
    await queue.settle(done, who.former ? {} : { identity: { kiosk: who.kiosk, counter: reply.counter } });
    for (const { number } of done) postponed.delete(number);
    counted -= done.length;
    const handed = done.length;
    if (reply.counter === null && !who.former) {
      const wait = handed ? 0 : backOff();
      return { wait, handed, state: "operator" };
    }
    const round = { handed, survey: reply.survey, state: /** @type {const} */ ("fine") };
    if (sent.length && !handed) {
      // The service gave none of these a verdict, and other items wait behind them.
      for (const { number } of sent) postponed.add(number);
      return { ...round, wait: backOff() };
    }
    failures = 0;
    most = Math.min(MOST_ITEMS, most * 2);
    const left = await countQueue();
    if (left > postponed.size) return { ...round, wait: 0 };
    // Items that were refused by themselves are tried again once all others are sent.
    const wait = postponed.size ? LONGEST_WAIT : HEARTBEAT * (0.9 + random() / 5);
    postponed.clear();
    return { ...round, wait };
  }

  /** @param {Waiting[]} sent @param {Who} who @param {Reply<Synchronised>} reply @returns {Promise<Round>} */
  async function refused(sent, who, { status, retryAfter = 0, problem = "" }) {
    const least = retryAfter * 1000;
    if (TOO_MUCH.has(status)) {
      const [first, second] = sent;
      most = Math.max(1, Math.floor(sent.length / 2));
      // A smaller one is another question, and halving comes to an end by itself.
      if (second) return { wait: Math.max(least, FIRST_WAIT * random() * 0.2), handed: 0, state: "away" };
      if (first) postponed.add(first.number);
      return { wait: backOff(least), handed: 0, state: "away" };
    }
    // 403 and 404 may come from a network's own page as well: only a reply of ours ends the asking.
    const no = status === 403 || status === 404;
    if (no && who.former) {
      // Items of the former kiosk that cannot be sent must not delay the others.
      await postpone(({ signer }) => signer === who.kiosk);
      return { wait: 0, handed: 0, state: "away" };
    }
    const refusal = problem.endsWith("/kiosk-unknown") ? "unknown" : "refused";
    return { wait: backOff(least), handed: 0, state: no ? refusal : "away" };
  }

  return {
    /** Whether the last try failed: then only a change of the network is a reason to try sooner. */
    get failing() {
      return failures > 0;
    },

    /** One request. Never rejects for what the network or the service does. @returns {Promise<Round>} */
    async round() {
      const { who, items } = asOne(await gather(), await identity());
      const { sent, body } = await requestOf(who, items, await countQueue());
      /** @type {Reply<Synchronised>} */
      let answer;
      try {
        answer = await post(who.kiosk, body);
      } catch {
        return { wait: backOff(), handed: 0, state: "away" };
      }
      if (answer.status !== 200) return refused(sent, who, answer);
      if (!isOurs(answer.reply)) return { wait: backOff(), handed: 0, state: "away" };
      return settle(sent, who, answer.reply);
    },
  };
}
