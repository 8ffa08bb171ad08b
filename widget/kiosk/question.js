/**
 * One question as large buttons. Each is a stop of the Tab key and answers to Enter and Space, so that one or
 * two switches reach every answer; a group of radio buttons would need arrow keys.
 * @import { Item, Texts, Value } from "../shared/contract.js"
 */

import { charactersLeft, fill } from "../shared/checks.js";
import { make, paragraph, set } from "../shared/dom.js";
import { face } from "../shared/faces.js";

const NOT_APPLICABLE = "nvt";
/** On the tiles of a mark: what its lowest, middle and highest number mean. @type {Record<string, number>} */
const FACE_OF_MARK = { 1: 1, 5: 3, 10: 5 };
const MARKS = 10;

/**
 * What can be chosen.
 * @param {Pick<Item, "values" | "notApplicable">} item
 * @param {Pick<Texts, "notApplicable">} texts
 */
export function offered({ values = [], notApplicable }, texts) {
  return notApplicable ? [...values, { value: NOT_APPLICABLE, label: texts.notApplicable }] : values;
}

/**
 * The value after a press where several may be chosen: they stand beside each other, "not applicable" stands alone.
 * @param {Value | undefined} before
 * @param {number | string} pressed
 * @returns {Value | undefined}
 */
export function pressedValue(before, pressed) {
  if (pressed === NOT_APPLICABLE) return before === pressed ? undefined : pressed;
  const chosen = Array.isArray(before) ? before : [];
  const next = chosen.includes(`${pressed}`) ? chosen.filter((each) => each !== pressed) : [...chosen, `${pressed}`];
  return next.length ? next : undefined;
}

/** The face on a tile; none on most. @param {Pick<Item, "layout" | "values">} item @param {number | string} value */
export function faceOf({ layout, values = [] }, value) {
  if (layout === "faces") return Number(value);
  return layout === "numbers" && values.length === MARKS ? FACE_OF_MARK[value] : undefined;
}

/**
 * The whole of a question: its element, and how to tell what is wrong. `answer` is called where one touch is the answer
 * and moves on, `give` where it only marks one. `keyboard` makes what a text is typed with, below its field.
 * @param {Item} item
 * @param {Texts} texts
 * @param {Value | undefined} given
 * @param {{
 *   give: (value: Value | undefined) => void,
 *   answer: (value: Value) => void,
 *   keyboard?: ((area: HTMLTextAreaElement) => Node | undefined) | undefined,
 * }} to
 */
export function question(item, texts, given, { give, answer, keyboard }) {
  const error = paragraph("", { id: "error", class: "error", role: "alert" });
  const heading = make("h1", { id: "question", tabindex: -1 }, item.text);
  const optional = !item.required && item.control !== "radio" && texts.optional;
  // Outside the heading: what is asked is read first, and alone.
  const about = make(
    "div",
    { id: "about", class: "about" },
    item.help && paragraph(item.help),
    optional && paragraph(optional, { class: "optional" }),
  );
  const element = make("div", { class: `question ${item.layout}` }, heading, about, error);

  if (item.control === "textarea") {
    const area = make("textarea", { rows: 5, "aria-labelledby": "question", "aria-describedby": "error about" });
    area.value = `${given ?? ""}`;
    area.setAttribute("dir", "auto");
    const count = paragraph("", { class: "count", "aria-live": "polite" });
    area.addEventListener("input", () => {
      const left = charactersLeft(area.value);
      // Only near the end: a count of 2,000 is noise to who writes a sentence.
      count.textContent =
        left > 200 ? "" : fill(left < 0 ? texts.charactersOver : texts.charactersLeft, "count", Math.abs(left));
      give(area.value.trim() ? area.value : undefined);
    });
    element.append(area, count);
    const keys = keyboard?.(area);
    if (keys) element.append(keys);
    return { element, heading, tell: teller(error, area) };
  }

  let value = given;
  const choices = offered(item, texts);
  const buttons = choices.map(({ value: code, label }, at) => {
    const apart = code === NOT_APPLICABLE;
    const drawn = apart ? undefined : faceOf(item, code);
    const button = make(
      "button",
      { type: "button", class: apart ? "cell apart" : "cell", "data-value": `${code}` },
      drawn && face(drawn),
      make("span", {}, label),
    );
    // One hue from light to full, for tiles that are a scale.
    if (item.layout === "numbers") button.style.setProperty("--tint", `${at / (choices.length - 1)}`);
    button.addEventListener("click", () => {
      if (item.control === "radio") return answer(code);
      value = pressedValue(value, code);
      give(value);
      show();
    });
    return { button, code };
  });
  const show = () => {
    for (const { button, code } of buttons)
      button.setAttribute("aria-pressed", `${Array.isArray(value) ? value.includes(`${code}`) : value === code}`);
  };
  show();
  const plain = buttons.filter(({ code }) => code !== NOT_APPLICABLE).map(({ button }) => button);
  const group = make("div", { role: "group", class: "answers", "aria-labelledby": "question" });
  set(group, { "aria-describedby": "error about ends" });
  const cells = make("div", { class: "cells" }, ...plain);
  cells.style.setProperty("--count", `${plain.length}`);
  group.append(cells);
  group.append(make("div", { id: "ends", class: "ends" }, ...(item.ends ?? []).map((words) => paragraph(words))));
  group.append(...buttons.filter(({ code }) => code === NOT_APPLICABLE).map(({ button }) => button));
  element.append(group);
  return { element, heading, tell: teller(error, group) };
}

/** @param {HTMLElement} error @param {HTMLElement} field */
const teller = (error, field) => (/** @type {string | undefined} */ sentence) => {
  error.textContent = sentence ?? "";
  field.classList.toggle("wrong", Boolean(sentence));
};

/** What is read aloud of a question. @param {Omit<Item, "code" | "control" | "kind">} item @param {Pick<Texts, "notApplicable">} texts */
export const spoken = (item, texts) =>
  [
    item.text,
    item.help ?? "",
    ...(item.ends ?? []),
    // Numbers speak for themselves, once their ends were read.
    ...(item.layout === "numbers" ? [] : offered(item, texts).map(({ label }) => label)),
  ].filter(Boolean);
