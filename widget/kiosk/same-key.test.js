import assert from "node:assert/strict";
import { test } from "node:test";
import { createKeyFilter, DOUBLE } from "./same-key.js";

/** Whether each press counts. @param {[string, number][]} presses a key, and how many ms after the press before it */
function counted(...presses) {
  let time = 1000;
  const counts = createKeyFilter(() => time);
  return presses.map(([key, after]) => {
    time += after;
    return counts(key);
  });
}

test("the same key again within half a second does not count", () => {
  assert.equal(DOUBLE, 500);
  assert.deepEqual(counted(["a", 0], ["a", 499], ["a", 1]), [true, false, true]);
});

test("another key counts at once, and after it the first one again", () => {
  assert.deepEqual(counted(["l", 0], ["i", 10], ["l", 10]), [true, true, true]);
});

test("of a hand that trembles on, one press in half a second counts", () => {
  assert.deepEqual(counted(["a", 0], ["a", 200], ["a", 200], ["a", 200]), [true, false, false, true]);
});
