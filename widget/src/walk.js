/**
 * Which items are asked, given what was answered so far. Pure.
 * The service walks the same way and refuses an answer that lies off the path.
 * @import { Answers, Item } from "./contract.js"
 */

/**
 * The items on the path, in order.
 * @param {Item[]} items
 * @param {Answers} answers what stands in the form, asked or not
 */
export function asked(items, answers) {
  /** @type {Answers} */
  const reached = {};
  return items.filter(({ code, askIf }) => {
    // A list and a single value alike: [5].some, ["a", "b"].some.
    const given = askIf ? [reached[askIf.item] ?? []].flat() : [];
    const reaches = !askIf || given.some((value) => askIf.values.includes(value));
    const answer = answers[code];
    if (reaches && answer !== undefined) reached[code] = answer;
    return reaches;
  });
}

/**
 * The answers to these items alone.
 * @param {Item[]} items
 * @param {Answers} answers
 * @returns {Answers}
 */
export function answersTo(items, answers) {
  return Object.fromEntries(
    items.flatMap(({ code }) => (answers[code] === undefined ? [] : [[code, answers[code]]])),
  );
}
