import assert from "node:assert/strict";
import { test } from "node:test";
import { askedHere, createSession } from "./session.js";
import { survey } from "./testing/stand-ins.js";

const begun = () => createSession(survey().languages[0].items);

/** Answer these one after the other, each confirmed. @param {(number | string | undefined)[]} values */
function answered(...values) {
  const session = begun();
  for (const value of values) {
    session.give(value);
    session.next();
  }
  return session;
}

test("one question stands on the screen, with its place on the path as it is now", () => {
  const session = begun();
  assert.equal(session.item.code, "cijfer");
  assert.ok(session.first);
  assert.deepEqual(session.step, { number: 1, total: 3 });
  const asked = answered(3, "nee");
  assert.equal(asked.item.code, "oorzaak");
  assert.deepEqual(asked.step, { number: 3, total: 4 });
});

test("what was given shows again on the way back, and undefined takes it back", () => {
  const session = answered(3);
  session.back();
  assert.equal(session.value, 3);
  session.give(undefined);
  session.next();
  assert.deepEqual(session.complete(), {});
});

test("only what was confirmed counts", () => {
  const session = answered(8);
  session.give("ja");
  assert.deepEqual(session.complete(), { cijfer: 8 });
  session.next();
  assert.deepEqual(session.complete(), { cijfer: 8, geholpen: "ja" });
});

test("another answer to an earlier question takes along what hung on the first", () => {
  const session = answered(3, "nee", "wacht");
  session.back();
  session.back();
  session.give("ja");
  session.next();
  assert.deepEqual(session.complete(), { cijfer: 3, geholpen: "ja" });
});

test("the last question says that it is the last", () => {
  const session = answered(8, "ja");
  session.give("Fijn.");
  assert.equal(session.next(), false);
  assert.deepEqual(session.complete(), { cijfer: 8, geholpen: "ja", toelichting: "Fijn." });
});

test("of who walks away no free text is kept", () => {
  assert.deepEqual(answered(8, "ja", "Ik heet Jansen.").partial(), { cijfer: 8, geholpen: "ja" });
});

test("in another language it is the same question, with the same answers", () => {
  const session = answered(8);
  const words = survey().languages[0].items.map((item) => ({ ...item, text: `in English: ${item.code}` }));
  session.say(/** @type {import("./contract.js").Items} */ (words));
  assert.equal(session.item.text, "in English: geholpen");
  assert.deepEqual(session.complete(), { cijfer: 8 });
});

test("texts are asked only where there is a keyboard", () => {
  const { items } = survey().languages[0];
  const codes = (/** @type {typeof items} */ asked) => asked.map(({ code }) => code);
  assert.deepEqual(codes(askedHere(items)), ["cijfer", "geholpen", "oorzaak"]);
  assert.deepEqual(codes(askedHere(items, true)), codes(items));
  const [text] = items.filter(({ control }) => control === "textarea");
  assert.ok(text);
  assert.deepEqual(askedHere([text]), [text]);
});
