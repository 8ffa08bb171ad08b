import assert from "node:assert/strict";
import { test } from "node:test";
import { preselected } from "./preselect.js";

/** @typedef {Pick<import("../shared/contract.js").Item, "code" | "kind">[]} Items */

/** @type {Items} */
const MARK = [
  { code: "geholpen", kind: "yes_partly_no" },
  { code: "cijfer", kind: "mark" },
];
/** @type {Items} */
const SMILEYS = [{ code: "sfeer", kind: "smileys" }];

test("?cijfer= chooses the mark", () => {
  assert.deepEqual(preselected("?cijfer=8", MARK), { cijfer: "8" });
  assert.deepEqual(preselected("?cijfer=8", SMILEYS), {});
});

test("GovMetric's three faces choose a mark or a smiley", () => {
  const [good, neutral, poor] = ["?Q_RATINGID=3", "?Q_RATINGID=2", "?Q_RATINGID=4"];
  assert.deepEqual(
    [good, neutral, poor].map((each) => preselected(each, MARK).cijfer),
    [8, 6, 4],
  );
  assert.deepEqual(
    [good, neutral, poor].map((each) => preselected(each, SMILEYS).sfeer),
    [4, 3, 2],
  );
});

test("an address that says nothing chooses nothing", () => {
  for (const search of ["", "?cijfer=", "?Q_RATINGID=9", "?Q_RATINGID=toString"])
    assert.deepEqual(preselected(search, MARK), {});
});
