import assert from "node:assert/strict";
import { test } from "node:test";
import { faceOf, offered, pressedValue, spoken } from "./question.js";

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

test("several stand beside each other, and not applicable stands alone", () => {
  assert.deepEqual(pressedValue(undefined, "a"), ["a"]);
  assert.deepEqual(pressedValue(["a"], "b"), ["a", "b"]);
  assert.deepEqual(pressedValue(["a", "b"], "a"), ["b"]);
  assert.equal(pressedValue(["a"], "a"), undefined);
  assert.equal(pressedValue(["a", "b"], "nvt"), "nvt");
  assert.equal(pressedValue("nvt", "nvt"), undefined);
  assert.deepEqual(pressedValue("nvt", "a"), ["a"]);
});

test("each smiley has its face; of a mark the lowest, the middle and the highest have one", () => {
  assert.deepEqual(
    FACES.map(({ value }) => faceOf({ layout: "faces", values: FACES }, value)),
    [1, 2, 3],
  );
  const marks = [...Array(10).keys()].map((at) => ({ value: at + 1, label: `${at + 1}` }));
  const drawn = marks.map(({ value }) => faceOf({ layout: "numbers", values: marks }, value));
  assert.deepEqual([drawn[0], drawn[4], drawn[9]], [1, 3, 5]);
  assert.equal(drawn.filter(Boolean).length, 3);
  assert.equal(faceOf({ layout: "numbers", values: marks.slice(0, 5) }, 5), undefined);
  assert.equal(faceOf({ layout: "words", values: FACES }, 1), undefined);
});

test("a question is read aloud with its help and its answers, numbers aside", () => {
  const item = { text: "Hoe ging het?", help: "Denk aan vandaag." };
  const words = [item.text, item.help, "slecht", "matig", "goed"];
  assert.deepEqual(spoken({ ...item, layout: "faces", values: FACES }, TEXTS), words);
  const numbers = [{ value: 1, label: "1" }];
  const ends = ["1 is slecht", "10 is goed"];
  assert.deepEqual(spoken({ text: "Cijfer?", layout: "numbers", values: numbers, ends }, TEXTS), ["Cijfer?", ...ends]);
});
