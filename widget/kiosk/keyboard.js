/**
 * A keyboard in the page: the system's own cannot be seen beside a kiosk's browser. Each key is a button, so that a
 * finger, a switch and a screen reader reach it. It keeps nothing: what was typed is in the field alone.
 * @import { KioskTexts } from "./contract.js"
 * @import { Layout } from "./layouts.js"
 */

import { drawing, make } from "../shared/dom.js";
import { ERASE, LAYOUTS, SHIFT, SIGNS } from "./layouts.js";
import { createKeyFilter } from "./same-key.js";

/** How long after a finger was lifted its click may come, in ms. */
const SAME_PRESS = 200;

const graphemes = new Intl.Segmenter();

/** Where the character before this place begins: what a reader takes for one, however many code points it is.
 * @param {string} text @param {number} at */
export function beforeCharacter(text, at) {
  let start = 0;
  for (const { index } of graphemes.segment(text.slice(0, at))) start = index;
  return start;
}

/** A letter as a capital. ß has one too. @param {string} letter @param {string} language */
export const capital = (letter, language) => (letter === "ß" ? "ẞ" : letter.toLocaleUpperCase(language));

/**
 * Which layer a key leads to: the first changes between letters and digits, the second goes round the others.
 * @param {number} at @param {number} last the layer of the digits
 */
export function switches(at, last) {
  const next = at === last ? 1 : at + 1;
  return [at === last ? 0 : last, next < last ? next : 0];
}

/**
 * A keyboard for a field, to be put below it: closed until somebody touches the field or its button. Where the page has
 * the class `steady`, the same key twice within half a second counts once.
 * @param {HTMLTextAreaElement} area
 * @param {{ language: string, texts: KioskTexts, resized?: () => void }} about `resized`: it opened or closed
 */
export function keyboard(area, { language, texts, resized = () => {} }) {
  const { layers, beside, columns } = LAYOUTS[language] ?? /** @type {Layout} */ (LAYOUTS.en);
  const counts = createKeyFilter(() => performance.now());
  const keys = make("div", { role: "group", class: "keys", dir: "ltr", "aria-label": texts.keyBoard });
  const opener = make("button", { type: "button", class: "type", "aria-expanded": "false" }, texts.keyType);
  const element = make("div", { class: "keyboard" }, opener, keys);
  /** What each key does. @type {Map<Element, () => void>} */
  const presses = new Map();
  /** Keys with a letter, which Shift changes. @type {[HTMLElement, string][]} */
  let letters = [];
  let shifted = false;
  /** When a finger was last heard, in ms: the click that follows is the same press. */
  let heard = -Infinity;

  const cased = (/** @type {string} */ letter) => (shifted ? capital(letter, language) : letter);

  /** @param {number} start @param {string} text */
  function put(start, text) {
    area.setRangeText(text, start, area.selectionEnd, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  function erase() {
    const { selectionStart: start, selectionEnd: end, value } = area;
    put(start === end ? beforeCharacter(value, start) : start, "");
  }

  /** @param {boolean} on */
  function shift(on) {
    shifted = on;
    for (const [key, letter] of letters) key.textContent = cased(letter);
    keys.querySelector("[aria-pressed]")?.setAttribute("aria-pressed", `${on}`);
  }

  /** @param {boolean} on */
  function open(on) {
    const within = keys.contains(document.activeElement);
    keys.hidden = !on;
    opener.hidden = on;
    opener.setAttribute("aria-expanded", `${on}`);
    element.classList.toggle("open", on);
    resized();
    if (on) return element.scrollIntoView({ block: "nearest" });
    draw(0);
    if (within) opener.focus();
  }

  /** @param {string} kind @param {() => void} press @param {Parameters<typeof make>[1]} attributes @param {(Node | string | undefined)[]} face */
  function key(kind, press, attributes, ...face) {
    const made = make("button", { type: "button", class: kind, ...attributes }, ...face);
    presses.set(made, press);
    return made;
  }

  /** @param {string} character */
  function letter(character) {
    if (character === SHIFT) {
      const up = drawing("M12 4 4 12h4.5v7h7v-7H20z");
      return key("wide", () => shift(!shifted), { "aria-label": texts.keyShift, "aria-pressed": "false" }, up);
    }
    if (character === ERASE) {
      const back = drawing("M9 5 3 12l6 7h12V5zM12 9.5l5 5m0-5-5 5");
      return key("wide erase", erase, { "aria-label": texts.keyErase }, back);
    }
    const type = () => {
      put(area.selectionStart, cased(character));
      if (shifted) shift(false);
    };
    const name = SIGNS[/** @type {keyof typeof SIGNS} */ (character)];
    const made = key("", type, { "aria-label": name && texts[name] });
    // A sign that stands above a letter needs one to be seen.
    if (/\p{M}/u.test(character)) made.textContent = `◌${character}`;
    else letters.push([made, character]);
    return made;
  }

  /** @param {number} to */
  function switcher(to) {
    const { name, sign } = /** @type {Layout["layers"][0]} */ (layers[to]);
    return key("switch", () => draw(to), { "aria-label": `${sign}, ${texts[name]}` }, sign);
  }

  /** @param {number} at which layer */
  function draw(at) {
    const focused = [...keys.querySelectorAll(".switch")].indexOf(/** @type {Element} */ (document.activeElement));
    letters = [];
    presses.clear();
    const row = (/** @type {Node[]} */ made) => make("div", { class: "row" }, ...made);
    const rows = layers[at]?.rows ?? [];
    const [left, right] = beside.map((characters) => [...characters].map(letter));
    keys.style.setProperty("--columns", `${columns}`);
    keys.replaceChildren(
      ...rows.map((characters) => row([...characters].map(letter))),
      row([
        ...switches(at, layers.length - 1).map(switcher),
        ...(left ?? []),
        key("space", () => put(area.selectionStart, " "), {}, texts.keySpace),
        ...(right ?? []),
        key("done", () => open(false), {}, texts.keyDone),
      ]),
    );
    shift(false);
    if (focused >= 0) /** @type {HTMLElement} */ (keys.querySelectorAll(".switch")[focused]).focus();
  }

  /** @param {Element | null | undefined} target */
  function press(target) {
    const made = target?.closest("button");
    const act = made && presses.get(made);
    if (
      act &&
      (!document.documentElement.classList.contains("steady") || counts(made.textContent || `${made.ariaLabel}`))
    )
      act();
  }

  // The caret stays in the field, and a press that lasts long, or slides a little, is a press like another.
  keys.addEventListener("pointerdown", (event) => event.preventDefault());
  keys.addEventListener("pointerup", (event) => {
    heard = event.timeStamp;
    const target = document.elementFromPoint(event.clientX, event.clientY);
    press(keys.contains(target) ? target : undefined);
  });
  keys.addEventListener("click", (event) => {
    // A key's own has no detail.
    if (!event.detail || event.timeStamp - heard > SAME_PRESS) press(/** @type {Element} */ (event.target));
  });
  keys.addEventListener("keydown", (event) => {
    if (event.repeat && event.key !== "Tab") event.preventDefault();
  });
  opener.addEventListener("click", (event) => {
    open(true);
    if (event.detail) area.focus({ preventScroll: true });
    else keys.querySelector("button")?.focus();
  });
  area.addEventListener("click", () => open(true));
  area.inputMode = "none";
  open(false);
  return element;
}
