/**
 * For who sets a kiosk up: in which of its languages nobody can listen, because the tablet has no voice for it.
 * @import { Survey } from "./contract.js"
 */

import { fill } from "../shared/checks.js";
import { paragraph } from "../shared/dom.js";
import { canRead, onVoices } from "./voice.js";

/** Of the line that stands on the screen. A browser knows its voices a moment after the page is there. */
let lookAgain = () => {};
onVoices(() => lookAgain());

/** The line; hidden while every language has a voice. @param {Survey["languages"]} languages */
export function voiceless(languages) {
  const line = paragraph("", { class: "voiceless" });
  lookAgain = () => {
    const missing = languages.filter(({ code }) => !canRead(code)).map(({ name }) => name);
    line.textContent = fill(languages[0].kiosk.listenMissing, "languages", missing.join(", "));
    line.hidden = missing.length === 0;
  };
  lookAgain();
  return line;
}
