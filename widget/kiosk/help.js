/**
 * The one button behind which everything lies that helps to use a screen: larger letters, more contrast, a double tap
 * that counts once, reading aloud. Forgotten with everything else that a resident leaves.
 * @import { Language } from "./contract.js"
 */

import { make, set } from "../shared/dom.js";
import { fit } from "./sizes.js";
import { canRead, hush, read } from "./voice.js";

const root = document.documentElement;
const LOOKS = /** @type {const} */ (["larger", "contrast", "steady"]);

/** @param {string} name @param {string} words */
function tool(name, words) {
  const label = make("span", {}, words);
  const made = make(
    "button",
    { type: "button", class: "tool", "data-tool": name },
    make("span", { "aria-hidden": true, class: `sign ${name}` }),
    label,
  );
  return { made, label };
}

/** All that a resident changed about how the screen looks. */
export const forgetLooks = () => root.classList.remove(...LOOKS);

/** @param {string} name @param {string} words @param {() => void} altered */
function toggle(name, words, altered) {
  const { made } = tool(name, words);
  const show = () => set(made, { "aria-pressed": `${root.classList.contains(name)}` });
  made.addEventListener("click", () => {
    root.classList.toggle(name);
    show();
    fit();
    altered();
  });
  show();
  return made;
}

/** @param {Language} language @param {() => string[]} sentences */
function reader({ code, kiosk }, sentences) {
  const { made, label } = tool("read", kiosk.read);
  const over = () => {
    set(made, { "aria-pressed": "false" });
    label.textContent = kiosk.read;
  };
  over();
  made.addEventListener("click", () => {
    if (made.getAttribute("aria-pressed") === "true") return hush();
    read(code, sentences(), over);
    set(made, { "aria-pressed": "true" });
    label.textContent = kiosk.readStop;
  });
  made.hidden = !canRead(code);
  return made;
}

/**
 * The button for a screen, and what it opens in `panel`, between the button and the question.
 * @param {HTMLElement} panel @param {Language} language @param {() => string[]} sentences what is read aloud
 * @param {() => void} altered the looks of the screen are no longer those of the start
 * @param {HTMLElement[]} more what else helps
 */
export function help(panel, language, sentences, altered, more = []) {
  const { made } = tool("help", language.kiosk.display);
  set(made, { "aria-controls": panel.id });
  const open = (/** @type {boolean} */ whether) => {
    panel.hidden = !whether;
    set(made, { "aria-expanded": `${whether}` });
  };
  made.addEventListener("click", () => {
    open(Boolean(panel.hidden));
    fit();
  });
  panel.replaceChildren(
    ...LOOKS.map((name) => toggle(name, language.kiosk[name], altered)),
    reader(language, sentences),
    ...more,
  );
  set(panel, { "aria-label": language.kiosk.display });
  open(false);
  return made;
}
