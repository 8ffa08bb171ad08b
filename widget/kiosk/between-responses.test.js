import assert from "node:assert/strict";
import { test } from "node:test";
import { createPace } from "./between-responses.js";

test("the first may be kept at once, the next an interval later", () => {
  const pace = createPace(5000);
  assert.equal(pace.wait(0), 0);
  pace.store(1000);
  assert.equal(pace.wait(1000), 5000);
  assert.equal(pace.wait(5999), 1);
  assert.equal(pace.wait(6000), 0);
  assert.equal(pace.wait(60_000), 0);
});

test("who is done before anybody can have read is suspect", () => {
  const pace = createPace(5000);
  pace.begin(10_000);
  assert.equal(pace.suspect(14_999), true);
  assert.equal(pace.suspect(15_000), false);
});

test("so is who comes right after another, however long ago they began", () => {
  const pace = createPace(5000);
  pace.begin(0);
  pace.store(20_000);
  assert.equal(pace.suspect(24_999), true);
  assert.equal(pace.suspect(25_000), false);
});
