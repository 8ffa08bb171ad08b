/**
 * Five faces, drawn by us: each differs from its neighbours in its mouth and in its eyes or brows, so that they are
 * told apart at 24 pixels and without a colour. Lowest first, and never turned round.
 */

import { drawing, set } from "./dom.js";

// The head counter-clockwise, and so is every arc below: filled, none of them makes a hole, but the open mouth of 5.
const HEAD = "M2 12a10 10 0 1 0 20 0 10 10 0 1 0-20 0";

/** The path of each on 24 by 24, of 1 to 5, for a stroke; the page of the service draws the same. */
export const FACES = [
  `${HEAD}M6.2 7.4l3.6 1.5M17.8 7.4l-3.6 1.5M8.3 10.6v1.2M15.7 10.6v1.2M16.8 17.6q-4.8-5.6-9.6 0`,
  `${HEAD}M8.5 8.8v1.7M15.5 8.8v1.7M16 16.6q-4-2.8-8 0`,
  `${HEAD}M8.5 8.8v1.7M15.5 8.8v1.7M8 15.8h8`,
  `${HEAD}M8.5 8.3v1.7M15.5 8.3v1.7M7.4 14.2q4.6 4.4 9.2 0`,
  `${HEAD}M10 9.8q-1.6-2.6-3.2 0M17.2 9.8q-1.6-2.6-3.2 0M6.6 13h10.8q-.8 5.4-5.4 5.4t-5.4-5.4z`,
];

/**
 * The face of a value from 1 to 5, that only repeats the word beside it. The style sheet fills it: `face-1` is the
 * lightest of one hue and `face-5` the fullest, and the strokes stay in the colour of the text.
 * @param {number} value
 */
export const face = (value) => {
  const svg = drawing(`${FACES[value - 1]}`);
  set(/** @type {Element} */ (svg), { class: `face face-${value}` });
  return svg;
};
