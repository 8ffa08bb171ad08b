/**
 * One question as large buttons. Each is a stop of the Tab key and answers to Enter and Space, so that one or
 * two switches reach every answer; a group of radio buttons would need arrow keys.
 * @import { Item, Texts, Value } from "../shared/contract.js"
 */

import { charactersLeft, fill } from "../shared/checks.js";
import { drawing, make, paragraph, set } from "../shared/dom.js";

const NOT_APPLICABLE = "nvt";

/** A face with its mouth bent down, 1, to up, 5. @param {number} value */
const face = (value) =>
  drawing(
    `M2 12a10 10 0 1 0 20 0 10 10 0 1 0-20 0M8.5 8.5v1.5M15.5 8.5v1.5M7 ${18.25 - value * 0.75}q5 ${3 * value - 9} 10 0`,
  );

/**
 * What can be chosen.
 * @param {Pick<Item, "values" | "notApplicable">} item
 * @param {Pick<Texts, "notApplicable">} texts
 */
export function offered({ values = [], notApplicable }, texts) {
  return notApplicable ? [...values, { value: NOT_APPLICABLE, label: texts.notApplicable }] : values;
}

/**
 * The value after a press: several may stand beside each other, "not applicable" stands alone.
 * @param {Pick<Item, "control">} item
 * @param {Value | undefined} before
 * @param {number | string} pressed
 * @returns {Value | undefined}
 */
export function pressedValue({ control }, before, pressed) {
  if (control !== "checkbox") return before === pressed ? undefined : pressed;
  if (pressed === NOT_APPLICABLE) return before === pressed ? undefined : pressed;
  const chosen = Array.isArray(before) ? before : [];
  const next = chosen.includes(`${pressed}`) ? chosen.filter((each) => each !== pressed) : [...chosen, `${pressed}`];
  return next.length ? next : undefined;
}

/**
 * The whole of a question: its element, and how to tell what is wrong.
 * @param {Item} item
 * @param {Texts} texts
 * @param {Value | undefined} given
 * @param {(value: Value | undefined) => void} give
 */
export function question(item, texts, given, give) {
  const error = paragraph("", { id: "error", class: "error", role: "alert" });
  const heading = make("h1", { id: "question", tabindex: -1 }, item.text);
  const optional = !item.required && texts.optional;
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
    return { element, heading, tell: teller(error, area) };
  }

  let value = given;
  const buttons = offered(item, texts).map(({ value: code, label }) => {
    const apart = code === NOT_APPLICABLE;
    const button = make(
      "button",
      { type: "button", class: apart ? "cell apart" : "cell", "data-value": `${code}` },
      item.layout === "faces" && !apart && face(Number(code)),
      make("span", {}, label),
    );
    button.addEventListener("click", () => {
      value = pressedValue(item, value, code);
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
  group.append(make("div", { class: "cells" }, ...plain));
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
