/**
 * One item as native form fields: drawn, read, and marked where something is wrong.
 * @import { Item, Texts, Value } from "../shared/contract.js"
 */

import { charactersLeft, fill } from "../shared/checks.js";
import { make, paragraph, set } from "../shared/dom.js";
import { face } from "../shared/faces.js";

/** @typedef {ReturnType<typeof field>} Field */

const NOT_APPLICABLE = "nvt";
/** The faces among ten numbers, as on the kiosk. @type {Record<string, number>} */
const OF_TEN = { 1: 1, 5: 3, 10: 5 };

/**
 * @param {Item} item
 * @param {Texts} texts
 * @param {string} id unlike any other on the page
 * @param {Value} [chosen] beforehand
 */
export function field(item, texts, id, chosen) {
  const { code, control, layout, text, help, required, notApplicable, values = [], ends = [] } = item;
  const open = control === "textarea";
  const many = control === "checkbox";
  const error = paragraph("", { id: `${id}e`, class: "error" });
  const area = make("textarea", { id: `${id}i`, rows: 4 });
  const count = make("div", { class: "count", "aria-live": "polite" });
  /** @type {HTMLInputElement[]} */
  const inputs = [];
  /** @param {{ value: number | string, label: string }} choice */
  const cell = ({ value, label }) => {
    const input = make("input", { type: control, name: code, value });
    input.checked = `${value}` === `${chosen}`;
    inputs.push(input);
    const drawn = layout === "faces" ? +value : layout === "numbers" && values.length === 10 && OF_TEN[value];
    const tile = make("label", { class: "cell" }, input, drawn && face(drawn), make("span", {}, label));
    tile.style.setProperty("--share", `${(50 * inputs.length) / values.length}%`);
    return tile;
  };

  const element = make(
    open ? "div" : "fieldset",
    { class: layout, role: !open && !many && "radiogroup" },
    make(
      open ? "label" : "legend",
      { class: "question", for: open && area.id },
      text,
      !required && make("span", { class: "optional" }, ` ${texts.optional}`),
    ),
    paragraph(help, { id: `${id}h` }),
    error,
    open ? area : make("div", { class: "cells" }, ...values.map(cell)),
    make("div", { id: `${id}b`, class: "bounds" }, ...ends.map((end) => paragraph(end))),
    open ? count : notApplicable && cell({ value: NOT_APPLICABLE, label: texts.notApplicable }),
  );
  const group = open ? area : element;
  // What is wrong comes first, once something is.
  set(group, { "aria-required": required && !many, "aria-describedby": `${id}e ${id}h ${id}b` });

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

    /** @returns {Value | undefined} */
    read() {
      if (open) return area.value.trim() ? area.value : undefined;
      const checked = inputs.filter((input) => input.checked).map((input) => input.value);
      const [first] = checked;
      if (many && first !== NOT_APPLICABLE) return first && checked;
      // As it was offered: a number where the survey has one.
      return values.find(({ value }) => `${value}` === first)?.value ?? first;
    },

    /** @param {string | undefined} sentence what is wrong, or nothing */
    tell(sentence) {
      error.textContent = sentence ?? "";
      element.classList.toggle("wrong", !!sentence);
      for (const each of many ? inputs : [group]) set(each, { "aria-invalid": !!sentence });
    },
  };
}
