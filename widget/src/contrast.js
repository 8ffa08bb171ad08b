/** Colours as numbers, and whether one can be read on another. Pure. */

/** Least contrast of text (WCAG 2.2, 1.4.3) and of controls and focus (1.4.11). */
export const TEXT = 4.5;
export const CONTROL = 3;

/**
 * Red, green and blue from 0 to 1 and the opacity, of a colour as the browser computed it:
 * `rgb(0, 0, 0)`, `rgba(0, 0, 0, 0.5)` or `color(srgb 0 0 0 / 0.5)`; undefined for anything else.
 * @param {string} computed
 */
export function channels(computed) {
  const kind = /^(rgba?\(|#|color\(srgb )/.exec(computed)?.[1];
  if (!kind) return undefined;
  const shares =
    kind === "#"
      ? (computed.match(/[\da-f]{2}/gi) ?? []).map((pair) => parseInt(pair, 16) / 255)
      : (computed.slice(kind.length).match(/-?[\d.]+(e-?\d+)?|none/g) ?? []).map(
          (part, index) => (+part || 0) / (kind[0] === "r" && index < 3 ? 255 : 1),
        );
  const [red, green, blue, opacity = 1] = shares;
  return blue === undefined ? undefined : { rgb: [red ?? 0, green ?? 0, blue], opacity };
}

/** @param {string} colour */
const luminance = (colour) => {
  const [red = 0, green = 0, blue = 0] = (channels(colour)?.rgb ?? []).map((share) => {
    // Wide colours lie outside 0 to 1; a screen shows the nearest that it has.
    const shown = Math.min(1, Math.max(0, share));
    return shown <= 0.04045 ? shown / 12.92 : ((shown + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/**
 * The contrast ratio of two opaque colours, 1 to 21, in either order.
 * Source: WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
 * @param {string} a
 * @param {string} b
 */
export function contrast(a, b) {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Whether white reads better on it than black. @param {string} colour */
export const isDark = (colour) => contrast(colour, "#ffffff") > contrast(colour, "#000000");

/**
 * The first colour that is opaque and stands out enough; black or white when none does.
 * @param {(string | undefined)[]} candidates
 * @param {string} behind
 * @param {number} least
 */
export function legible(candidates, behind, least) {
  return (
    candidates.find(
      (each) => each && channels(each)?.opacity === 1 && contrast(each, behind) >= least,
    ) ?? (isDark(behind) ? "#ffffff" : "#000000")
  );
}
