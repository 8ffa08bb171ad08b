/**
 * One item as native form fields: drawn, read, and marked where something is wrong.
 * @import { Item, Texts, Value } from "./contract.js"
 */

import { charactersLeft, fill } from "./checks.js";
import { draw, make, set } from "./dom.js";

/** @typedef {ReturnType<typeof field>} Field */

/** Mouths from worst to best, on a face of 24 by 24. */
const MOUTHS = ["M7 17.5q5-6 10 0", "M7.5 17q4.5-3 9 0", "M7.5 16h9", "M7.5 15q4.5 3 9 0", "M7 14q5 6 10 0"];

/** @param {number} value 1, the worst, to 5 */
const face = (value) =>
  draw(
    "svg",
    { viewBox: "0 0 24 24", "aria-hidden": "true" },
    draw("circle", { cx: 12, cy: 12, r: 10 }),
    draw("path", { d: `M8.5 8.5v1.5M15.5 8.5v1.5${MOUTHS[value - 1]}` }),
  );

/** What can be chosen, as [value, words]. @param {Item} item @param {Texts} texts @returns {[number | string, string][]} */
function choices({ kind, options = [] }, texts) {
  switch (kind) {
    case "mark":
      return Array.from({ length: 10 }, (_, index) => [index + 1, `${index + 1}`]);
    case "agreement":
    case "smileys":
      return texts[kind].map((words, index) => [index + 1, words]);
    case "yes_partly_no":
      return Object.entries(texts.yesPartlyNo);
    default:
      return options.map(({ code, label }) => [code, label]);
  }
}

/**
 * @param {Item} item
 * @param {Texts} texts
 * @param {string} id unlike any other on the page
 */
export function field(item, texts, id) {
  const { code, kind, help, required, low, high } = item;
  const open = kind === "text";
  const many = kind === "choices";
  const error = make("p", { id: `${id}e`, class: "error", hidden: true });
  const heading = [item.text, !required && make("span", { class: "optional" }, ` ${texts.optional}`)];
  const explained = [help && make("p", { id: `${id}h` }, help), error];
  /** Bounds of a scale, with the number they belong to for who cannot see where they stand. */
  const bounds = [low, high].map(
    (meaning, end) =>
      meaning && make("p", { id: `${id}${end}`, class: end ? "high" : "low" }, ...anchored(kind, end, meaning, texts)),
  );
  const describedBy = [help && `${id}h`, low && `${id}0`, high && `${id}1`].filter(Boolean).join(" ");
  const aria = { "aria-required": !!required && !many && "true", "aria-describedby": describedBy || undefined };

  /** @type {HTMLInputElement[]} */
  const inputs = [];
  /** @param {number | string} value @param {string} words */
  const cell = (value, words) => {
    const input = make("input", { type: many ? "checkbox" : "radio", name: code, value });
    if (!inputs.push(input)) return input;
    return make(
      "label",
      { class: "cell" },
      input,
      kind === "smileys" && value !== "nvt" && /** @type {any} */ (face(+value)),
      make("span", {}, words),
    );
  };

  const area = make("textarea", { id: `${id}i`, rows: 4, ...aria });
  const offered = choices(item, texts);
  const count = make("p", { class: "count", "aria-live": "polite" });
  const element = open
    ? make("div", { class: kind }, make("label", { for: `${id}i` }, ...heading), ...explained, area, count)
    : make(
        "fieldset",
        { class: kind, role: many ? undefined : "radiogroup", ...aria },
        make("legend", {}, ...heading),
        ...explained,
        make("div", { class: "scale" }, make("div", { class: "cells" }, ...offered.map((each) => cell(...each))), ...bounds),
        item.notApplicable && make("div", { class: "apart" }, cell("nvt", texts.notApplicable)),
      );

  /** @type {ReturnType<typeof setTimeout>} */
  let pause;
  area.addEventListener("input", () => {
    clearTimeout(pause);
    // A pause, so that a screen reader is not interrupted by every letter.
    pause = setTimeout(() => {
      const left = charactersLeft(area.value);
      const words = left < 0 ? texts.charactersOver : texts.charactersLeft;
      count.textContent = area.value && fill(words, "count", Math.abs(left));
    }, 400);
  });
  // "Not applicable" and an answer exclude each other, also where several may be chosen.
  element.addEventListener("change", ({ target }) => {
    const { value } = /** @type {HTMLInputElement} */ (target);
    for (const input of inputs)
      if (many && (value === "nvt") !== (input.value === "nvt")) input.checked = false;
  });

  /** What to focus from the summary of errors. */
  const entrance = () => inputs.find((input) => input.checked) ?? inputs[0] ?? area;
  const numbers = typeof offered[0]?.[0] === "number";

  return {
    item,
    element,
    entrance,

    /** @returns {Value | undefined} */
    read() {
      if (open) return area.value.trim() ? area.value : undefined;
      const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
      const [first] = chosen;
      if (first === undefined || first === "nvt") return first;
      if (many) return chosen;
      return numbers ? +first : first;
    },

    /** @param {Value | undefined} value */
    choose(value) {
      for (const input of inputs) input.checked = input.value === `${value}`;
    },

    /** @param {string | undefined} sentence what is wrong, or nothing */
    tell(sentence) {
      error.textContent = sentence ?? "";
      error.hidden = !sentence;
      element.classList.toggle("wrong", !!sentence);
      const described = [sentence && error.id, describedBy].filter(Boolean).join(" ");
      set(open ? area : element, {
        "aria-invalid": !!sentence && !many && "true",
        "aria-describedby": described || undefined,
      });
      if (many) for (const input of inputs) set(input, { "aria-invalid": !!sentence && "true" });
    },
  };
}

/**
 * "1 is very bad" where the scale has numbers, else the words alone.
 * @param {string} kind @param {number} end @param {string} meaning @param {Texts} texts
 */
function anchored(kind, end, meaning, { anchor }) {
  if (kind !== "mark" || !anchor) return [meaning];
  return [fill(fill(anchor, "number", end ? 10 : 1), "meaning", meaning)];
}
