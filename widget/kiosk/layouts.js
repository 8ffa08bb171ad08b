/**
 * Where the letters lie, by language: as on the keyboards that people know, in rows of at most twelve keys.
 *
 * A character is a key that types it. `SHIFT` and `ERASE` are keys too, and as wide as their row leaves room for.
 * @typedef {{ name: "keyLetters" | "keyLatin" | "keyMarks" | "keyDigits", sign: string, rows: string[] }} Layer
 *   `name` is the word for it, `sign` what stands on the key that leads there
 * @typedef {{ layers: Layer[], beside: [string, string], columns: number }} Layout
 *   `beside`: what can be typed on both sides of the space bar, in every layer. The first layer is seen first.
 */

export const SHIFT = "⇧";
export const ERASE = "⌫";

/** Signs that a voice passes over in silence, and the words for them. */
export const SIGNS = /** @type {const} */ ({
  ",": "keyComma",
  "،": "keyComma",
  ".": "keyStop",
  "’": "keyApostrophe",
  "?": "keyQuestion",
  "؟": "keyQuestion",
  "!": "keyExclamation",
});

const QWERTY = ["qwertyuiop", "asdfghjkl’", `${SHIFT}zxcvbnm${ERASE}`];
/** Of the names and words of the neighbours. */
const MARKS = ["éèëêúùüûïí", "áàäâóòöôìî", `${SHIFT}çñßøåæœ${ERASE}`];

/**
 * @param {string} sign @param {string[]} letters @param {Layer[]} [others]
 * @param {{ beside?: [string, string], punctuation?: string }} [more]
 * @returns {Layout}
 */
function layout(sign, letters, others = [marks()], { beside = [",", "."], punctuation = "?!’+%#*=" } = {}) {
  const digits = ["1234567890", '-/:;()€&@"', punctuation + ERASE];
  return {
    layers: [{ name: "keyLetters", sign, rows: letters }, ...others, { name: "keyDigits", sign: "123", rows: digits }],
    beside,
    columns: Math.max(...letters.map((row) => row.length)),
  };
}

/** @returns {Layer} */
const marks = (sign = "éü", rows = MARKS) => ({ name: "keyMarks", sign, rows });
/** For the name of a Dutch street. @type {Layer} */
const LATIN = { name: "keyLatin", sign: "abc", rows: QWERTY };

/** @type {Record<string, Layout>} */
export const LAYOUTS = {
  nl: layout("abc", QWERTY),
  en: layout("abc", QWERTY),
  de: layout("abc", ["qwertzuiopü", "asdfghjklöä", `${SHIFT}yxcvbnmß${ERASE}`]),
  // A mark lies where its letter lies, as Poles know it of the key AltGr.
  pl: layout("abc", QWERTY, [marks("ąę", ["éëęèêüúïóö", "ąśäàáâçßłô", `${SHIFT}żźćñîńí${ERASE}`])]),
  tr: layout("abc", ["qwertyuıopğü", "asdfghjklşi’", `${SHIFT}zxcvbnmöç${ERASE}`]),
  uk: layout("абв", ["йцукенгшщзхї", "фівапролджєґ", `${SHIFT}ячсмитьбю${ERASE}`], [LATIN, marks()], {
    beside: ["’,", "."],
    punctuation: "?!«»+%#*",
  }),
  // No capitals, so no Shift. The signs above a letter lie with the marks.
  ar: layout(
    "أبت",
    ["ضصثقفغعهخحجد", "شسيبلاتنمكطذ", `ئءؤرىةوزظأ${ERASE}`],
    [LATIN, marks("éü", [...MARKS.slice(0, 2), `ًٌٍَُِّْ${ERASE}`])],
    { beside: ["إآ", "،."], punctuation: "؟!؛+%#*=" },
  ),
};
