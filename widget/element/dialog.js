/** The survey in a native dialog: focus goes in, stays, and comes back; Escape closes. */

import { make } from "../shared/dom.js";

/**
 * @param {Node} survey
 * @param {string} titleId
 * @param {string} words of the button that closes it
 */
export function dialogAround(survey, titleId, words) {
  const close = make("button", { type: "button", class: "close", "aria-label": words }, "×");
  const dialog = make(
    "dialog",
    { class: "look", "aria-labelledby": titleId },
    make("div", { class: "root" }, close, survey),
  );
  close.addEventListener("click", () => dialog.close());
  return dialog;
}
