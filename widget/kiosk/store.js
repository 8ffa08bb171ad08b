/**
 * What this kiosk keeps on disk, in IndexedDB: who it is, the questions, the queue, and the draft of whoever stands there.
 *
 * Every promise about writing resolves when its transaction is complete, and every transaction that writes asks
 * for strict durability: the browser has then told the system to put it on the disk.
 * @import { About, Store } from "./contract.js"
 * @import { Locked } from "./seal.js"
 */

/** Drafts lie beside what is known of the kiosk, each under its start: a version before passes over them. */
const DRAFT = "draft/";
const DRAFTS = IDBKeyRange.bound(DRAFT, `${DRAFT}\uffff`);

const STRICT = /** @type {const} */ ({ durability: "strict" });

/** @template Found @param {IDBRequest<Found>} request @returns {Promise<Found>} */
const result = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
const complete = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });

/** Rejects where the browser keeps nothing. @param {string} name @returns {Promise<Store>} */
export async function openStore(name) {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("about");
    opening.result.createObjectStore("queue", { autoIncrement: true });
    // Rows that can no longer be read. They are kept, because their residents were thanked.
    opening.result.createObjectStore("aside", { autoIncrement: true });
  };
  const database = await result(opening);

  /** @param {IDBTransaction} transaction @param {About} values */
  function note(transaction, values) {
    const entries = /** @type {[string, unknown][]} */ (Object.entries(values));
    for (const [key, value] of entries) transaction.objectStore("about").put(value, key);
  }

  /** @param {string[]} stores @param {(transaction: IDBTransaction) => void} change */
  async function write(stores, change) {
    const transaction = database.transaction(stores, "readwrite", STRICT);
    const done = complete(transaction);
    try {
      change(transaction);
    } catch (fault) {
      // A refusal at once, such as a full disk. Nothing half done stays.
      done.catch(() => {});
      transaction.abort();
      throw fault;
    }
    await done;
  }

  return {
    get: (key) => result(database.transaction("about").objectStore("about").get(key)),

    set: (values) => write(["about"], (transaction) => note(transaction, values)),

    /** Put one at the end of the queue, in place of the draft of that start: both or neither. */
    add: (row, boot) =>
      write(["queue", "about"], (transaction) => {
        transaction.objectStore("queue").add(row);
        transaction.objectStore("about").delete(DRAFT + boot);
      }),

    /** What is answered so far in that start; nothing takes it away. */
    draft: (boot, row) =>
      write(["about"], (transaction) => {
        const about = transaction.objectStore("about");
        if (row) about.put(row, DRAFT + boot);
        else about.delete(DRAFT + boot);
      }),

    /** What is left, by its start. */
    async drafts() {
      const about = database.transaction("about").objectStore("about");
      const [keys, rows] = await Promise.all([
        result(about.getAllKeys(DRAFTS)),
        result(/** @type {IDBRequest<Locked[]>} */ (about.getAll(DRAFTS))),
      ]);
      return new Map(rows.map((row, at) => [`${keys[at]}`.slice(DRAFT.length), row]));
    },

    /** How many wait. */
    count: () => result(database.transaction("queue").objectStore("queue").count()),

    /** The oldest of those after number `after`. */
    async oldest(most, after) {
      const queue = database.transaction("queue").objectStore("queue");
      const range = IDBKeyRange.lowerBound(after, true);
      const [keys, rows] = await Promise.all([
        result(queue.getAllKeys(range, most)),
        result(/** @type {IDBRequest<Locked[]>} */ (queue.getAll(range, most))),
      ]);
      return rows.map((row, at) => ({ number: Number(keys[at]), row }));
    },

    /** Remove what the service has, and store what it replied: both or neither. */
    settle: (done, aside, values) =>
      write(["queue", "aside", "about"], (transaction) => {
        for (const number of done) transaction.objectStore("queue").delete(number);
        for (const { row } of aside) transaction.objectStore("aside").add(row);
        note(transaction, values);
      }),
  };
}
