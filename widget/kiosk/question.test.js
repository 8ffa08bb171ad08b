import assert from "node:assert/strict";
import { test } from "node:test";
import { offered, pressedValue, spoken } from "./question.js";

const TEXTS = { notApplicable: "Niet van toepassing" };
const FACES = [
  { value: 1, label: "slecht" },
  { value: 2, label: "matig" },
  { value: 3, label: "goed" },
];

test("what can be chosen is what the survey offers, with the words on each button", () => {
  assert.deepEqual(offered({ values: FACES }, TEXTS), FACES);
  assert.deepEqual(offered({}, TEXTS), []);
});

test("not applicable comes last, where it is offered", () => {
  const [first, ...others] = offered({ values: FACES, notApplicable: true }, TEXTS);
  assert.deepEqual(first, FACES[0]);
  assert.deepEqual(others.at(-1), { value: "nvt", label: "Niet van toepassing" });
});

test("pressed again, a choice is taken back", () => {
  assert.equal(pressedValue({ control: "radio" }, undefined, 8), 8);
  assert.equal(pressedValue({ control: "radio" }, 7, 8), 8);
  assert.equal(pressedValue({ control: "radio" }, 8, 8), undefined);
});

test("several stand beside each other, and not applicable stands alone", () => {
  const press = (/** @type {(string | string[])} */ before, /** @type {string} */ code) =>
    pressedValue({ control: "checkbox" }, before, code);
  assert.deepEqual(press([], "a"), ["a"]);
  assert.deepEqual(press(["a"], "b"), ["a", "b"]);
  assert.deepEqual(press(["a", "b"], "a"), ["b"]);
  assert.equal(press(["a"], "a"), undefined);
  assert.equal(press(["a", "b"], "nvt"), "nvt");
  assert.equal(press("nvt", "nvt"), undefined);
  assert.deepEqual(press("nvt", "a"), ["a"]);
});

test("a question is read aloud with its help and its answers, numbers aside", () => {
  const item = { text: "Hoe ging het?", help: "Denk aan vandaag." };
  const words = [item.text, item.help, "slecht", "matig", "goed"];
  assert.deepEqual(spoken({ ...item, layout: "faces", values: FACES }, TEXTS), words);
  const numbers = [{ value: 1, label: "1" }];
  const ends = ["1 is slecht", "10 is goed"];
  assert.deepEqual(spoken({ text: "Cijfer?", layout: "numbers", values: numbers, ends }, TEXTS), ["Cijfer?", ...ends]);
});
