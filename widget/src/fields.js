/**
 * One item as native form fields: drawn, read, and marked where something is wrong.
 * @import { Item, Texts, Value } from "./contract.js"
 */

import { charactersLeft, fill } from "./checks.js";
import { drawing, make, paragraph, set } from "./dom.js";

/** @typedef {ReturnType<typeof field>} Field */

const NOT_APPLICABLE = "nvt";

/** A face with its mouth bent down, 1, to up, 5. @param {number} value */
const face = (value) =>
  drawing(`M2 12a10 10 0 1 0 20 0 10 10 0 1 0-20 0M8.5 8.5v1.5M15.5 8.5v1.5M7 ${18.25 - value * 0.75}q5 ${3 * value - 9} 10 0`);

/**
 * What can be chosen, as [value, words].
 * @param {Item} item
 * @param {Texts} texts
 * @returns {[number | string, string][]}
 */
function choices({ kind, options = [] }, texts) {
  if (kind === "mark") return Array.from({ length: 10 }, (_, index) => [index + 1, `${index + 1}`]);
  if (kind === "agreement" || kind === "smileys") return texts[kind].map((words, index) => [index + 1, words]);
  if (kind === "yes_partly_no") return Object.entries(texts.yesPartlyNo);
  return options.map(({ code, label }) => [code, label]);
}

/**
 * @param {Item} item
 * @param {Texts} texts
 * @param {string} id unlike any other on the page
 */
export function field(item, texts, id) {
  const { code, kind, text, help, required, notApplicable, low, high } = item;
  const open = kind === "text";
  const many = kind === "choices";
  const offered = choices(item, texts);
  const error = paragraph("", { id: `${id}e`, class: "error" });
  const area = make("textarea", { id: `${id}i`, rows: 4 });
  const count = paragraph("", { class: "count", "aria-live": "polite" });
  const before = [help && paragraph(help, { id: `${id}h` }), error];
  const question = [text, !required && make("span", { class: "optional" }, ` ${texts.optional}`)];
  // With the number that it belongs to, for who cannot see where it stands.
  const bounds = [low, high].map((meaning, end) => {
    const anchor = kind === "mark" && texts.anchor;
    const words = meaning && anchor ? fill(fill(anchor, "number", end ? 10 : 1), "meaning", meaning) : meaning;
    return words && paragraph(words, { id: `${id}${end}`, class: end && "high" });
  });

  /** @type {HTMLInputElement[]} */
  const inputs = [];
  /** @param {[number | string, string]} choice */
  const cell = ([value, words]) => {
    const input = make("input", { type: many ? "checkbox" : "radio", name: code, value });
    inputs.push(input);
    return make(
      "label",
      { class: "cell" },
      input,
      kind === "smileys" && value !== NOT_APPLICABLE && face(+value),
      make("span", {}, words),
    );
  };

  const element = open
    ? make("div", {}, make("label", { class: "question", for: area.id }, ...question), ...before, area, count)
    : make(
        "fieldset",
        { class: kind, role: !many && "radiogroup" },
        make("legend", { class: "question" }, ...question),
        ...before,
        make("div", { class: "cells" }, ...offered.map(cell)),
        make("div", { class: "bounds" }, ...bounds),
        notApplicable && cell([NOT_APPLICABLE, texts.notApplicable]),
      );
  const group = open ? area : element;
  set(group, {
    "aria-required": required && !many,
    // What is wrong comes first, once something is.
    "aria-describedby": [error.id, help && `${id}h`, low && `${id}0`, high && `${id}1`].filter(Boolean).join(" "),
  });

  /** @type {ReturnType<typeof setTimeout>} */
  let pause;
  element.addEventListener("input", ({ target }) => {
    // "Not applicable" and an answer exclude each other, also where several may be chosen.
    const apart = (/** @type {unknown} */ input) => /** @type {HTMLInputElement} */ (input).value === NOT_APPLICABLE;
    for (const input of inputs) if (many && apart(input) !== apart(target)) input.checked = false;
    clearTimeout(pause);
    // A pause, so that a screen reader is not interrupted by every letter.
    pause = setTimeout(() => {
      const left = charactersLeft(area.value);
      count.textContent =
        area.value && fill(left < 0 ? texts.charactersOver : texts.charactersLeft, "count", Math.abs(left));
    }, 400);
  });

  return {
    item,
    element,

    /** What to focus from the summary of errors. */
    entrance: () => inputs.find((input) => input.checked) ?? inputs[0] ?? area,

    /** @returns {Value | undefined} */
    read() {
      if (open) return area.value.trim() ? area.value : undefined;
      const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
      const [first] = chosen;
      if (!first || first === NOT_APPLICABLE) return first;
      if (many) return chosen;
      return typeof offered[0]?.[0] === "number" ? +first : first;
    },

    /** @param {Value | undefined} value */
    choose(value) {
      for (const input of inputs) input.checked = input.value === `${value}`;
    },

    /** @param {string | undefined} sentence what is wrong, or nothing */
    tell(sentence) {
      error.textContent = sentence ?? "";
      element.classList.toggle("wrong", !!sentence);
      for (const each of many ? inputs : [group]) set(each, { "aria-invalid": !!sentence });
    },
  };
}
