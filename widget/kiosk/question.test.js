import assert from "node:assert/strict";
import { test } from "node:test";
import { ends, offered, pressedValue, spoken } from "./question.js";

/** @type {import("./question.js").Words} */
const TEXTS = {
  agreement: ["oneens", "neutraal", "eens"],
  smileys: ["slecht", "matig", "goed"],
  yesPartlyNo: { ja: "Ja", deels: "Deels", nee: "Nee" },
  notApplicable: "Niet van toepassing",
  anchor: "{number} is {meaning}",
};

test("what can be chosen is a value, with the words on its button", () => {
  assert.deepEqual(offered({ kind: "mark" }, TEXTS)[9], [10, "10"]);
  assert.deepEqual(offered({ kind: "smileys" }, TEXTS)[2], [3, "goed"]);
  assert.deepEqual(offered({ kind: "yes_partly_no" }, TEXTS)[1], ["deels", "Deels"]);
  assert.deepEqual(offered({ kind: "choice", options: [{ code: "a", label: "A" }] }, TEXTS), [["a", "A"]]);
  assert.deepEqual(offered({ kind: "text" }, TEXTS), []);
});

test("the ends of a scale may have words of their own, and do not change those of others", () => {
  const words = offered({ kind: "agreement", low: "helemaal niet", high: "helemaal" }, TEXTS).map(([, word]) => word);
  assert.deepEqual(words, ["helemaal niet", "neutraal", "helemaal"]);
  assert.equal(offered({ kind: "agreement" }, TEXTS)[0]?.[1], "oneens");
});

test("not applicable comes last, where it is offered", () => {
  assert.deepEqual(offered({ kind: "smileys", notApplicable: true }, TEXTS).at(-1), ["nvt", "Niet van toepassing"]);
});

test("the ends of a mark are said with their number", () => {
  assert.deepEqual(ends({ kind: "mark", low: "slecht", high: "goed" }, TEXTS), ["1 is slecht", "10 is goed"]);
  assert.deepEqual(ends({ kind: "mark", low: "slecht" }, TEXTS), []);
});

test("pressed again, a choice is taken back", () => {
  assert.equal(pressedValue({ kind: "mark" }, undefined, 8), 8);
  assert.equal(pressedValue({ kind: "mark" }, 7, 8), 8);
  assert.equal(pressedValue({ kind: "mark" }, 8, 8), undefined);
});

test("several stand beside each other, and not applicable stands alone", () => {
  const press = (/** @type {(string | string[])} */ before, /** @type {string} */ code) =>
    pressedValue({ kind: "choices" }, before, code);
  assert.deepEqual(press([], "a"), ["a"]);
  assert.deepEqual(press(["a"], "b"), ["a", "b"]);
  assert.deepEqual(press(["a", "b"], "a"), ["b"]);
  assert.equal(press(["a"], "a"), undefined);
  assert.equal(press(["a", "b"], "nvt"), "nvt");
  assert.equal(press("nvt", "nvt"), undefined);
  assert.deepEqual(press("nvt", "a"), ["a"]);
});

test("a question is read aloud with its help and its answers, ten numbers aside", () => {
  const item = { code: "a", text: "Hoe ging het?", help: "Denk aan vandaag." };
  assert.deepEqual(spoken({ ...item, kind: "smileys" }, TEXTS), [item.text, item.help, "slecht", "matig", "goed"]);
  const mark = /** @type {const} */ ({ code: "a", text: "Cijfer?", kind: "mark", low: "slecht", high: "goed" });
  assert.deepEqual(spoken(mark, TEXTS), ["Cijfer?", "1 is slecht", "10 is goed"]);
});
