import assert from "node:assert/strict";
import { test } from "node:test";
import { counted } from "./counted.js";

test("one second is one second", () => {
  const forms = { one: "Nog {seconds} seconde", other: "Nog {seconds} seconden" };
  assert.equal(counted(forms, "nl", "seconds", 1), "Nog 1 seconde");
  assert.equal(counted(forms, "nl", "seconds", 20), "Nog 20 seconden");
});

test("Polish tells few from many", () => {
  const forms = { one: "{n} sekunda", few: "{n} sekundy", many: "{n} sekund", other: "{n} sekundy" };
  assert.deepEqual(
    [1, 3, 5, 12, 22].map((n) => counted(forms, "pl", "n", n)),
    ["1 sekunda", "3 sekundy", "5 sekund", "12 sekund", "22 sekundy"],
  );
});

test("a language without that form says the other one", () => {
  assert.equal(counted({ other: "{n} saniye" }, "tr", "n", 1), "1 saniye");
});
