/** Sentences with a number in them, in the form that the language wants for that number. Pure. */

import { fill } from "../shared/checks.js";

/** @typedef {Partial<Record<Intl.LDMLPluralRule, string>>} Counted the same sentence for one, for few, and so on */

/**
 * Polish, Ukrainian and Arabic have more forms than one and many; the browser knows which number takes which.
 * @param {Counted} forms @param {string} language @param {string} name @param {number} count
 */
export const counted = (forms, language, name, count) =>
  fill(forms[new Intl.PluralRules(language).select(count)] ?? forms.other ?? "", name, count);
