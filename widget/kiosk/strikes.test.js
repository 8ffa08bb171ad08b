import assert from "node:assert/strict";
import { test } from "node:test";
import { createStrikes, WITHIN } from "./strikes.js";

function finger() {
  let now = 0;
  const strikes = createStrikes({ monotonic: () => now, near: () => 75 });
  return { strikes, pass: (/** @type {number} */ ms) => (now += ms) };
}
const HERE = { x: 400, y: 300 };
const BESIDE = { x: 430, y: 320 };
const THERE = { x: 700, y: 300 };

test("a second strike at the same place does not answer the question that came under it", () => {
  const { strikes, pass } = finger();
  assert.ok(strikes.counts(HERE));
  strikes.moved();
  pass(WITHIN - 1);
  assert.equal(strikes.counts(HERE), false);
  assert.equal(strikes.counts(BESIDE), false);
  pass(1);
  assert.ok(strikes.counts(HERE));
});

test("a quick finger that goes elsewhere means it", () => {
  const { strikes, pass } = finger();
  assert.ok(strikes.counts(HERE));
  strikes.moved();
  pass(100);
  assert.ok(strikes.counts(THERE));
});

test("where nothing moved, two touches are two: several may be chosen at once", () => {
  const { strikes, pass } = finger();
  strikes.moved();
  pass(1000);
  assert.ok(strikes.counts(HERE));
  pass(50);
  assert.ok(strikes.counts(HERE));
});

test("whoever goes on striking is heard again after half a second", () => {
  const { strikes, pass } = finger();
  let heard = 0;
  for (let strike = 0; strike < 40; strike += 1) {
    if (strikes.counts(HERE)) {
      heard += 1;
      strikes.moved();
    }
    pass(50);
  }
  assert.equal(heard, 4);
});
