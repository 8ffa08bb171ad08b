/**
 * Which items are asked, given the answers so far. Pure.
 * The service follows the same rules, and refuses an answer to an item that was not asked.
 * @import { Answers, Item, Value } from "./contract.js"
 */

/**
 * The items on the path, in order, and the answers to them.
 * @template {Pick<Item, "code" | "askIf">} Asked
 * @param {Asked[]} items
 * @param {Record<string, Value | undefined>} given what stands in the form, asked or not
 */
export function walk(items, given) {
  /** @type {Answers} */
  const answers = {};
  const asked = items.filter(({ code, askIf }) => {
    // One value or a list of them; none where the earlier item was not asked itself.
    const earlier = askIf ? [answers[askIf.item] ?? []].flat() : [];
    const reached = !askIf || earlier.some((value) => askIf.values.includes(value));
    const value = given[code];
    if (reached && value !== undefined) answers[code] = value;
    return reached;
  });
  return { asked, answers };
}
