// Where the letters lie, and what a press does to a text. Fingers and the caret: tests/browser/kiosk/test_keyboard.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { beforeCharacter, capital, switches } from "./keyboard.js";
import { ERASE, LAYOUTS, SHIFT } from "./layouts.js";

const MOST_BYTES = 4000;
const TEXTS = "../../ingest/texts";

const file = (/** @type {string} */ path) => readFileSync(new URL(path, import.meta.url));

/** Every character that a language's keyboard types. @param {string} language */
function typed(language) {
  const { layers, beside } = LAYOUTS[language];
  const found = new Set([" ", ...beside.join("")]);
  for (const { rows } of layers)
    for (const letter of rows.join("")) for (const each of [letter, capital(letter, language)]) found.add(each);
  return found;
}

for (const [language, { layers, beside, columns }] of Object.entries(LAYOUTS)) {
  test(`${language}: whatever our own texts in it are written with can be typed`, () => {
    const keys = typed(language);
    for (const folder of ["kiosk", "pages", "widget"]) {
      const words = `${file(`${TEXTS}/${folder}/${language}.toml`)}`.replace(/^#.*$/gm, "").normalize();
      const missing = [...new Set(words.match(/[\p{L}\p{M}\p{N}]/gu))].filter((letter) => !keys.has(letter));
      assert.deepEqual(missing, [], folder);
    }
  });

  test(`${language}: ten to twelve keys in a row, and each character once in its layer`, () => {
    assert.ok(columns >= 10 && columns <= 12);
    for (const { name, rows } of layers) {
      for (const row of rows) assert.ok([...row].length <= columns, `${name}: ${row}`);
      const all = [...rows.join(""), ...beside.join("")];
      // Beside the space bar stands what may lie in the layer too.
      assert.equal(new Set(rows.join("")).size, [...rows.join("")].length, name);
      assert.equal(all.filter((key) => key === ERASE).length, 1, name);
    }
    // Two that lead to other layers, one at least for the space bar, two for "Klaar".
    assert.ok([...beside.join("")].length + 2 + 1 + 2 <= columns);
  });

  test(`${language}: every layer can be reached from the first, and the first from each`, () => {
    const last = layers.length - 1;
    const reached = new Set([0]);
    for (const at of reached) for (const next of switches(at, last)) reached.add(next);
    assert.equal(reached.size, layers.length);
    for (const at of layers.keys()) {
      assert.ok(!switches(at, last).includes(at));
      assert.ok([at, ...switches(at, last), ...switches(at, last).flatMap((to) => switches(to, last))].includes(0));
    }
  });
}

test("the languages are those of the kiosk", () => {
  assert.deepEqual(Object.keys(LAYOUTS).sort(), ["ar", "de", "en", "nl", "pl", "tr", "uk"]);
});

test("what a Dutch name is written with can be typed", () => {
  const keys = typed("nl");
  for (const letter of "Café ’t Hoekje, Oranjeplein 12-III; één reünie") assert.ok(keys.has(letter), letter);
});

test("who writes Ukrainian or Arabic can type a Dutch street", () => {
  for (const language of ["uk", "ar"]) for (const letter of "Café ’t") assert.ok(typed(language).has(letter), letter);
});

test("a capital is that of its language", () => {
  assert.equal(capital("i", "tr"), "İ");
  assert.equal(capital("ı", "tr"), "I");
  assert.equal(capital("i", "nl"), "I");
  assert.equal(capital("ß", "de"), "ẞ");
  assert.equal(capital("ї", "uk"), "Ї");
});

test("capitals are there wherever there is Shift, and Arabic has neither", () => {
  for (const [language, { layers }] of Object.entries(LAYOUTS))
    assert.equal(layers[0].rows.join("").includes(SHIFT), language !== "ar");
});

test("what is erased is one character to a reader", () => {
  for (const [text, left] of [
    ["hallo", "hall"],
    ["cafe\u0301", "caf"],
    ["هًا", "هً"],
    ["هً", ""],
    ["ja 👩‍👩‍👧‍👦", "ja "],
    ["🇳🇱", ""],
    ["", ""],
  ])
    assert.equal(text.slice(0, beforeCharacter(text, text.length)), left, text);
});

test("only what stands before the caret is looked at", () => {
  assert.equal(beforeCharacter("een twee", 3), 2);
  assert.equal(beforeCharacter("een", 0), 0);
});

test("it weighs less than 4 kB, with its layouts", () => {
  const all = Buffer.concat(["keyboard.js", "layouts.js", "same-key.js"].map((name) => file(`./${name}`)));
  const weight = brotliCompressSync(all, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: all.length } }).length;
  assert.ok(weight < MOST_BYTES, `${weight}`);
});
