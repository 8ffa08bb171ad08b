import assert from "node:assert/strict";
import { test } from "node:test";
import { walk } from "./walk.js";

/** @type {Pick<import("./contract.js").Item, "code" | "askIf">[]} */
const ITEMS = [
  { code: "geholpen" },
  { code: "oorzaak", askIf: { item: "geholpen", values: ["deels", "nee"] } },
  { code: "welke", askIf: { item: "oorzaak", values: ["anders"] } },
  { code: "cijfer" },
  { code: "waarom", askIf: { item: "cijfer", values: [1, 2, 3] } },
];
const asked = (/** @type {import("./contract.js").Answers} */ given) =>
  walk(ITEMS, given).asked.map(({ code }) => code);

test("without answers only what hangs on nothing is asked", () => {
  assert.deepEqual(asked({}), ["geholpen", "cijfer"]);
});

test("an answer opens what hangs on it, with one value or several", () => {
  assert.deepEqual(asked({ geholpen: "nee" }), ["geholpen", "oorzaak", "cijfer"]);
  assert.deepEqual(asked({ geholpen: "nee", oorzaak: ["wacht", "anders"] }), [
    "geholpen",
    "oorzaak",
    "welke",
    "cijfer",
  ]);
  assert.deepEqual(asked({ cijfer: 3 }), ["geholpen", "cijfer", "waarom"]);
});

test("what hangs on a closed item is closed too, and keeps no answer", () => {
  const { asked, answers } = walk(ITEMS, { geholpen: "ja", oorzaak: ["anders"], welke: "iets", cijfer: 8 });
  assert.deepEqual(
    asked.map(({ code }) => code),
    ["geholpen", "cijfer"],
  );
  assert.deepEqual(answers, { geholpen: "ja", cijfer: 8 });
});
