import assert from "node:assert/strict";
import { test } from "node:test";
import { JUMP } from "./clock.js";
import { handClock } from "./testing/stand-ins.js";

const DAY = 86_400_000;

test("both times are whole milliseconds, of the start that they belong to", () => {
  const hand = handClock({ boot: "one", wall: 1000.4 });
  hand.pass(0.3);
  assert.deepEqual(hand.clock.now(), { boot: "one", monotonic: 1_000_000, wall: 1001 });
});

test("a wall clock that is set has jumped, forth or back, from the moment that it was seen", () => {
  for (const set of [JUMP + 1, -JUMP - 1]) {
    const hand = handClock();
    hand.pass(5000);
    assert.equal(hand.clock.jumpedAt, undefined);
    hand.times.wall += set;
    hand.pass(5000);
    assert.equal(hand.clock.jumpedAt, 1_010_000);
    hand.pass(5000);
    assert.equal(hand.clock.jumpedAt, 1_010_000);
  }
});

test("time that passes is no jump, however much of it in one sleep", () => {
  const hand = handClock();
  hand.pass(30 * DAY);
  assert.equal(hand.clock.jumpedAt, undefined);
});

test("a month of drift is no jump, nor is what sets it right; ten minutes are", () => {
  const hand = handClock();
  const jumped = () => hand.clock.jumpedAt !== undefined;
  hand.pass(3_600_000);
  hand.times.wall += 599_000;
  assert.equal(jumped(), false);
  // A little more every day, for years.
  for (let day = 0; day < 1000; day += 1) {
    hand.pass(DAY);
    hand.times.wall += 4000;
    assert.equal(jumped(), false);
  }
  hand.times.wall -= 601_000;
  assert.equal(jumped(), true);
  hand.times.wall += 601_000;
  assert.equal(jumped(), true);
});
