import assert from "node:assert/strict";
import { test } from "node:test";
import { base64url, bytesOf, randomName } from "./bytes.js";

test("bytes become the text that the service takes, whatever their number", () => {
  for (let length = 0; length < 70; length += 1) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    const text = base64url(bytes);
    assert.match(text, /^[\w-]*$/);
    assert.equal(text, Buffer.from(bytes).toString("base64url"));
    assert.equal(base64url(bytes.buffer), text);
  }
});

test("a random name is 96 bits, and another one every time", () => {
  const names = new Set(Array.from({ length: 1000 }, () => randomName(crypto)));
  assert.equal(names.size, 1000);
  for (const name of names) assert.equal(name.length, 16);
});

test("a text is as long as its bytes on the wire", () => {
  assert.deepEqual(["", "aé", "€", "😀"].map(bytesOf), [0, 3, 3, 4]);
});
