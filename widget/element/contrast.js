/**
 * Whether one colour can be read on another. Pure.
 * A colour is written as the browser computes it: `color(srgb 0.5 0 1)`, or `... / 0.5)` when it is not opaque.
 */

/** Least contrast of text (WCAG 2.2, 1.4.3) and of controls and focus (1.4.11). */
export const TEXT = 4.5;
export const CONTROL = 3;

/** Red, green and blue from 0 to 1, and the opacity. @param {string} colour */
export const channels = (colour) => (colour.match(/[\d.]+(e-\d+)?/g) ?? []).map(Number);

/** From 0 for a transparent colour to 1 for an opaque one. @param {string} colour */
export const opacity = (colour) => channels(colour)[3] ?? 1;

/** @param {string} colour */
const luminance = (colour) => {
  // Wide-gamut colours can exceed 1; other screens show the nearest colour that they have.
  const [red = 0, green = 0, blue = 0] = channels(colour).map((share) =>
    share <= 0.04045 ? share / 12.92 : ((Math.min(share, 1) + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
};

/**
 * The contrast ratio of two opaque colours, 1 to 21, in either order.
 * Source: WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
 * @param {string} a
 * @param {string} b
 */
export function contrast(a, b) {
  const ratio = luminance(a) / luminance(b);
  return Math.max(ratio, 1 / ratio);
}

/** Whether white reads better on it than black. @param {string} colour */
export const isDark = (colour) => luminance(colour) ** 2 < 1.05 * 0.05;

/**
 * The first colour that is opaque and stands out enough; black or white when none does.
 * @param {(string | undefined)[]} candidates
 * @param {string} background
 * @param {number} least
 */
export const legible = (candidates, background, least) =>
  candidates.find((colour) => colour && opacity(colour) === 1 && contrast(colour, background) >= least) ??
  (isDark(background) ? "white" : "black");
