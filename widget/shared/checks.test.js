import assert from "node:assert/strict";
import { test } from "node:test";
import { askable, charactersLeft, fill, problem } from "./checks.js";

/** @type {Pick<import("./contract.js").Texts, "errors">} */
const TEXTS = { errors: { mark: "Kies een cijfer.", tooLong: "Er passen {limit} tekens in." } };

test("only what is required must be answered", () => {
  assert.equal(problem({ kind: "mark", control: "radio", required: true }, undefined, TEXTS), "Kies een cijfer.");
  assert.equal(problem({ kind: "mark", control: "radio", required: true }, 8, TEXTS), undefined);
  assert.equal(problem({ kind: "mark", control: "radio" }, undefined, TEXTS), undefined);
});

test("a text is counted in characters as the service counts them", () => {
  assert.equal(charactersLeft("é".repeat(10)), 1990);
  assert.equal(charactersLeft("e\u0301".repeat(10)), 1990);
  assert.equal(charactersLeft("😀".repeat(10)), 1990);
  assert.equal(problem({ kind: "text", control: "textarea" }, "é".repeat(2000), TEXTS), undefined);
  assert.equal(problem({ kind: "text", control: "textarea" }, "é".repeat(2001), TEXTS), "Er passen 2000 tekens in.");
});

test("a word is filled in as it is, whatever it holds", () => {
  assert.equal(fill("{number} is {meaning}", "meaning", "$& $1 {x}"), "{number} is $& $1 {x}");
});

test("a reply that does not say how to ask its items is of a version before", () => {
  assert.equal(askable([{ control: "radio" }, { control: "textarea" }]), true);
  assert.equal(
    askable(/** @type {{ control: "radio" }[]} */ (/** @type {unknown} */ ([{ control: "radio" }, { kind: "mark" }]))),
    false,
  );
});
