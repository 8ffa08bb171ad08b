/**
 * Sizes in millimetres on this screen, and everything as large as there is room for. The style sheet says how large each
 * thing should be (`--mm`); `fit` makes all of it smaller together (`--fit`) where that does not fit.
 */

/** CSS's own idea of a screen, in pixels a millimetre: 96 an inch. What a bank card says goes before it. */
export const USUAL = 96 / 25.4;
/** A bank card, in mm (ISO/IEC 7810, ID-1). */
export const CARD = { width: 85.6, height: 53.98 };
/** What a finger needs, in mm. */
export const TILE = 20;

const STEP = 0.96;
/** Smaller is not read any more: then one has to scroll. */
const LEAST = 0.4;

const root = document.documentElement;

/** @param {number} [millimetre] pixels of CSS in one */
export const setScale = (millimetre = USUAL) => root.style.setProperty("--mm", `${millimetre}px`);

export const scale = () => Number.parseFloat(root.style.getPropertyValue("--mm")) || USUAL;

const HOLDS_WORDS = "h1, p, .cell, button, .foot";

/** Whether something sticks out, of the screen or of its box. */
function tooLarge() {
  // With larger letters one may scroll down: a sideways move would hide words.
  if (!root.classList.contains("larger") && root.scrollHeight > innerHeight) return true;
  // A bar to scroll with takes some of the width.
  if (root.scrollWidth > root.clientWidth) return true;
  return [...document.querySelectorAll(HOLDS_WORDS)].some(
    (box) => box.scrollWidth > box.clientWidth + 1 && !box.classList.contains("unseen"),
  );
}

export function fit() {
  for (let size = 1; size >= LEAST; size *= STEP) {
    root.style.setProperty("--fit", `${size}`);
    if (!tooLarge()) return;
  }
}

/** The shorter side of the smallest tile on the screen, in whole mm; nothing where there is none. */
export function smallestTile() {
  const sides = [...document.querySelectorAll(".cells .cell")].map((tile) => {
    const { width, height } = tile.getBoundingClientRect();
    return Math.min(width, height);
  });
  return sides.length ? Math.round(Math.min(...sides) / scale()) : undefined;
}
