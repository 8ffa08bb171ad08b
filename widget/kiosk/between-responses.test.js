import assert from "node:assert/strict";
import { test } from "node:test";
import { createPace, READING } from "./between-responses.js";

test("the first may be kept at once, the next an interval later", () => {
  const pace = createPace(5000);
  assert.equal(pace.wait(0), 0);
  pace.store(1000);
  assert.equal(pace.wait(1000), 5000);
  assert.equal(pace.wait(5999), 1);
  assert.equal(pace.wait(6000), 0);
  assert.equal(pace.wait(60_000), 0);
});

test("who answers faster than anybody reads is suspect", () => {
  const pace = createPace(5000);
  pace.begin(10_000);
  for (let question = 0; question < 4; question += 1) pace.step();
  assert.equal(pace.suspect(10_000 + 3 * READING - 1), true);
  assert.equal(pace.suspect(10_000 + 3 * READING), false);
});

test("one touch is not: how long they looked before is not known", () => {
  const pace = createPace(5000);
  pace.begin(10_000);
  pace.step();
  assert.equal(pace.suspect(10_000), false);
});

test("who comes right after another is suspect, however long ago they began", () => {
  const pace = createPace(5000);
  pace.begin(0);
  pace.store(20_000);
  assert.equal(pace.suspect(24_999), true);
  assert.equal(pace.suspect(25_000), false);
});
