/**
 * The answer that the address of the page already names: chosen beforehand, never sent by itself.
 * @import { Answers, Item } from "./contract.js"
 */

/** GovMetric's three faces (good, neutral, poor), as marks; half of it for smileys. */
const RATINGS = new Map([
  ["3", 8],
  ["2", 6],
  ["4", 4],
]);

/**
 * `?cijfer=8`, else GovMetric's `?Q_RATINGID=3`, for the first item that can take it.
 * @param {string} search `location.search`
 * @param {Item[]} items
 * @returns {Answers}
 */
export function preselected(search, items) {
  const query = new URLSearchParams(search);
  const written = query.get("cijfer") ?? "";
  const mark = /^([1-9]|10)$/.test(written) ? +written : undefined;
  const rating = RATINGS.get(query.get("Q_RATINGID") ?? "");
  for (const { code, kind, askIf } of items) {
    if (askIf) continue;
    if (kind === "mark" && (mark ?? rating)) return { [code]: /** @type {number} */ (mark ?? rating) };
    if (kind === "smileys" && rating) return { [code]: rating / 2 };
  }
  return {};
}
