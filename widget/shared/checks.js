/**
 * What is wrong with an answer, in the sentences that came with the survey. Pure.
 * @import { Item, Texts, Value } from "./contract.js"
 */

/** Of an open text, in Unicode code points composed to NFC; the service counts the same way. */
export const MOST_CHARACTERS = 2000;

/** How many characters more fit in; below zero where there are too many. @param {string} text */
export const charactersLeft = (text) => MOST_CHARACTERS - [...text.normalize()].length;

/**
 * A text with `{name}` filled in.
 * @param {string} text
 * @param {string} name
 * @param {unknown} value
 */
export const fill = (text, name, value) => text.split(`{${name}}`).join(`${value}`);

/**
 * Whether these items say how to ask them. During an upgrade, a service of the previous version does not say so.
 * @param {Pick<Item, "control">[]} items
 */
export const askable = (items) => items.every(({ control }) => control);

/**
 * The sentence for what is wrong with this answer; undefined when nothing is.
 * @param {Pick<Item, "kind" | "control" | "required">} item
 * @param {Value | undefined} value
 * @param {Pick<Texts, "errors">} texts
 */
export function problem(item, value, { errors }) {
  if (value === undefined) return item.required ? errors[item.kind] : undefined;
  if (item.control === "textarea" && charactersLeft(String(value)) < 0)
    return fill(`${errors.tooLong}`, "limit", MOST_CHARACTERS);
  return undefined;
}
