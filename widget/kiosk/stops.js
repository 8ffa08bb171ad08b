/**
 * What the listening mode finds on the page: what can be reached there, in which order, and what is heard of it.
 * @import { KioskTexts } from "./contract.js"
 * @import { Act, Listening, Stop } from "./listening.js"
 */

import { KEYS } from "./listening.js";

const REACHED = "button, textarea, a[href], summary";

/** Its name, or what stands in it; two parts beside each other are two words. @param {Element} element */
const words = (element) =>
  element.getAttribute("aria-label") ||
  [...element.childNodes]
    .map(({ textContent }) => `${textContent}`.trim())
    .filter(Boolean)
    .join(" ");

const SAID = "h1, p, [role=img][aria-label]";
const NOT_SAID = "button, aside, .notice, [aria-hidden=true], [role=alert]";

/** What a screen says before its first stop. @param {Element} main */
export const sentencesOf = (main) =>
  [...main.querySelectorAll(SAID)]
    .filter((element) => element.checkVisibility() && !element.closest(NOT_SAID))
    .map(words)
    .filter(Boolean);

/** @param {Element} element @param {KioskTexts} texts @returns {Stop} */
function stop(element, texts) {
  const language = element.closest("[lang]")?.getAttribute("lang") ?? "";
  const pressed = element.getAttribute("aria-pressed");
  return {
    element,
    words: element instanceof HTMLTextAreaElement ? element.value || texts.listenEmpty : words(element),
    ...(language !== document.documentElement.lang && { language }),
    answer: Boolean(element.closest(".answers")),
    chosen: pressed === null ? undefined : pressed === "true",
  };
}

/** A row of the keyboard, heard as its keys. @param {Element} row @param {KioskTexts} texts @returns {Stop} */
function rowOfKeys(row, texts) {
  const keys = [...row.querySelectorAll("button")].map((key) => ({ ...stop(key, texts), answer: false }));
  return { element: row, words: keys.map((key) => key.words).join(", "), stops: keys };
}

/** The page, as the listening mode knows it. @param {Document} root */
export const pageOf = (root) => ({
  /** What is asked comes first, then what stands around it. @param {KioskTexts} texts */
  stops(texts) {
    const found = [...root.querySelectorAll(`${REACHED}, .keys .row`)].filter(
      (element) => element.checkVisibility() && !element.matches(":disabled, .row *, [data-tool=read]"),
    );
    const inside = found.filter((element) => element.closest("main"));
    const around = found.filter((element) => !element.closest("main"));
    return [...inside, ...around].map((element) =>
      element.matches(".row") ? rowOfKeys(element, texts) : stop(element, texts),
    );
  },
  /** @param {Stop} stop */
  reach({ element }) {
    const found = /** @type {HTMLElement} */ (element);
    (found.matches(".row") ? found.querySelector("button") : found)?.focus();
  },
  /** @param {Stop} stop */
  press: ({ element }) => /** @type {HTMLElement} */ (element).click(),
  /** @param {Stop} stop */
  focused: ({ element }) => /** @type {Element} */ (element).contains(root.activeElement),
});

/** Which act a key stands for. @param {Pick<KeyboardEvent, "key" | "shiftKey">} event @returns {Act | undefined} */
export function actOf({ key, shiftKey }) {
  const found = /** @type {Act[]} */ (Object.keys(KEYS)).find((act) => KEYS[act].includes(key));
  return found === "next" && shiftKey ? "previous" : found;
}

/** Hear the keys, the finger, and what the page says by itself, as a screen reader would. @param {Document} root @param {Listening} listening */
export function listenOn(root, listening) {
  root.addEventListener("keydown", (event) => {
    const act = actOf(event);
    if (act && listening.key(act, event.repeat)) event.preventDefault();
  });
  root.addEventListener("pointerdown", () => listening.touch(), { capture: true });
  new MutationObserver((changes) => {
    const told = new Set(
      changes.flatMap(({ target, addedNodes }) =>
        [target, ...addedNodes].flatMap((node) => {
          const element = node instanceof Element ? node : node.parentElement;
          return element?.closest("[role=alert], [role=status]") ?? [];
        }),
      ),
    );
    for (const element of told) {
      const sentence = element.isConnected && words(element);
      if (sentence) listening.say(sentence, element.getAttribute("role") === "status");
    }
  }).observe(root.body, { childList: true, subtree: true, characterData: true });
}
