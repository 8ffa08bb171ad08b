import assert from "node:assert/strict";
import { test } from "node:test";
import { CONTROL, TEXT, contrast, isDark, legible, opacity } from "./contrast.js";

/** `#rrggbb` as a browser computes it. @param {string} hex */
const computed = (hex) => `color(srgb ${[1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).join(" ")})`;
const [WHITE, BLACK, GREY] = ["#ffffff", "#000000", "#767676"].map(computed);

test("contrast is what WCAG says it is", () => {
  assert.equal(contrast(WHITE, BLACK).toFixed(2), "21.00");
  assert.equal(contrast(BLACK, WHITE).toFixed(2), "21.00");
  assert.equal(contrast(GREY, WHITE).toFixed(2), "4.54");
  assert.equal(contrast(GREY, GREY), 1);
});

test("a very small share is read, whichever way it is written", () => {
  assert.equal(contrast("color(srgb 1e-7 0 0)", WHITE).toFixed(1), "21.0");
});

test("opacity is 1 where none is written", () => {
  assert.equal(opacity(WHITE), 1);
  assert.equal(opacity("color(srgb 1 1 1 / 0.25)"), 0.25);
});

test("dark is where white reads better", () => {
  assert.equal(isDark(BLACK), true);
  assert.equal(isDark(computed("#14171b")), true);
  assert.equal(isDark(WHITE), false);
  assert.equal(isDark(computed("#f2b53c")), false);
});

test("the first colour that can be read is taken", () => {
  const faint = computed("#e0e0e0");
  assert.equal(legible([faint, GREY, BLACK], WHITE, TEXT), GREY);
  assert.equal(legible([faint, computed("#949494"), BLACK], WHITE, CONTROL), computed("#949494"));
});

test("what is half transparent, or no colour, is passed over", () => {
  assert.equal(legible(["", undefined, "color(srgb 0 0 0 / 0.9)", GREY], WHITE, TEXT), GREY);
});

test("black or white is left when nothing can be read", () => {
  assert.equal(legible([computed("#eeeeee")], WHITE, TEXT), "black");
  assert.equal(legible([], computed("#1b1d26"), TEXT), "white");
});
