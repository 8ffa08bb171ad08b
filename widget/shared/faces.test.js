import assert from "node:assert/strict";
import { test } from "node:test";
import { FACES } from "./faces.js";

test("there are five faces, each with a mouth and eyes of its own", () => {
  assert.equal(FACES.length, 5);
  const features = FACES.map((path) => path.split("M").slice(2));
  const mouths = features.map((lines) => lines.at(-1));
  assert.equal(new Set(mouths).size, 5);
  // Without their mouths the outer ones still differ from those in the middle: by brows, and by eyes that laugh.
  const eyes = features.map((lines) => lines.slice(0, -1).join());
  assert.equal(new Set([eyes[0], eyes[2], eyes[4]]).size, 3);
});

test("each is one path in a box of 24 by 24", () => {
  for (const path of FACES) {
    assert.match(path, /^M2 12a10 10 0 1 0 20 0 10 10 0 1 0-20 0M[-Mhlqtvz0-9. ]+$/);
    // Where a line begins is inside the head.
    for (const [, x, y] of path.matchAll(/M([\d.]+) ([\d.]+)/g))
      assert.ok(Math.hypot(Number(x) - 12, Number(y) - 12) <= 10, `${x} ${y}`);
  }
});
