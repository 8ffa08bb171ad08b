/**
 * The answer that the address of the page already names: chosen beforehand, never sent by itself.
 * @import { Answers, Item } from "../shared/contract.js"
 */

/** GovMetric's three faces (good, neutral, poor), as smileys; a mark is twice that. @type {Record<string, number>} */
const RATINGS = { 3: 4, 2: 3, 4: 2 };

/**
 * `?cijfer=8`, else GovMetric's `?Q_RATINGID=3`, for the first item that may take it. A value that
 * the item does not have chooses nothing.
 * @param {string} search `location.search`
 * @param {Pick<Item, "code" | "kind">[]} items
 * @returns {Answers}
 */
export function preselected(search, items) {
  const query = new URLSearchParams(search);
  const rating = RATINGS[query.get("Q_RATINGID") ?? ""] ?? 0;
  const mark = query.get("cijfer") ?? rating * 2;
  for (const { code, kind } of items) {
    const value = { mark, smileys: rating }[/** @type {string} */ (kind)];
    if (value) return { [code]: value };
  }
  return {};
}
