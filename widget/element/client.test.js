import assert from "node:assert/strict";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { after, beforeEach, test } from "node:test";
import { courier, fetchSurvey } from "./client.js";

/**
 * @import { AddressInfo } from "node:net"
 * @import { Answers, Survey } from "../shared/contract.js"
 * @typedef {{ answers: Answers, responseId: string, complete?: boolean, dimensions?: object }} Sent
 */

/** What the service answers next. @type {[status: number, body?: object, headers?: Record<string, string>][]} */
let answers = [];
/** What it was asked. @type {[method: string, path: string, body: Sent][]} */
let asked = [];
const service = createServer(async (request, response) => {
  const body = await text(request);
  asked.push([`${request.method}`, `${request.url}`, /** @type {Sent} */ (JSON.parse(body || "null"))]);
  const [status, reply, headers] = answers.shift() ?? [500, {}];
  if (status === 0) {
    request.socket.destroy();
    return;
  }
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(reply));
});
await new Promise((resolve) => service.listen(0, "127.0.0.1", () => resolve(undefined)));
after(() => {
  service.close();
});
const { port } = /** @type {AddressInfo} */ (service.address());
const api = `http://127.0.0.1:${port}/api/v1/`;
const SURVEY = /** @type {Survey} */ ({
  touchpoint: "m/t",
  questionnaire: "q",
  version: 2,
  language: "nl",
  token: "old",
});
const send = () => courier(api, SURVEY, { product: "paspoort" }, [1, 1]);
/** @type {typeof answers[0]} */
const BEGUN = [201, { received: true, complete: false, completionToken: "rest" }];
/** @type {typeof answers[0]} */
const DONE = [201, { received: true, complete: true }];

beforeEach(() => {
  answers = [];
  asked = [];
});

test("a survey is asked for in the language of the page, once", async () => {
  answers = [[200, SURVEY]];
  assert.deepEqual(await fetchSurvey(api, "m/t", "ar"), SURVEY);
  assert.deepEqual(asked, [["GET", "/api/v1/touchpoints/m/t?language=ar", null]]);
  answers = [[503, {}]];
  await assert.rejects(fetchSurvey(api, "m/t"));
  assert.equal(asked.length, 2);
});

test("two steps: the first begins, the second adds what is new", async () => {
  answers = [BEGUN, DONE];
  const deliver = send();
  await deliver({ cijfer: 8 }, false, "");
  await deliver({ cijfer: 8, uitleg: "Goed" }, true, "");
  const [[, , first], [, path, rest]] = asked;
  assert.deepEqual(first.answers, { cijfer: 8 });
  assert.equal(first.complete, false);
  assert.deepEqual(first.dimensions, { product: "paspoort" });
  assert.equal(path, `/api/v1/responses/${first.responseId}/completion`);
  assert.deepEqual(rest, { completionToken: "rest", answers: { uitleg: "Goed" } });
});

test("no reply, a fault and a full service are tried again, with the same bytes", async () => {
  answers = [[0], [503, {}, { "retry-after": "0" }], DONE];
  await send()({ cijfer: 8 }, true, "");
  assert.equal(asked.length, 3);
  assert.deepEqual(asked[1], asked[0]);
  assert.deepEqual(asked[2], asked[0]);
});

test("a first step that did not arrive goes ahead of the second, as it was", async () => {
  answers = [[500], [500], [500], BEGUN, DONE];
  const deliver = send();
  await assert.rejects(deliver({ cijfer: 8 }, false, ""));
  await deliver({ cijfer: 8, uitleg: "Goed" }, true, "");
  assert.deepEqual(asked[3], asked[0]);
  assert.deepEqual(asked[4][2].answers, { uitleg: "Goed" });
});

test("the second step waits for the first", async () => {
  answers = [BEGUN, DONE];
  const deliver = send();
  await Promise.all([deliver({ cijfer: 8 }, false, ""), deliver({ cijfer: 8 }, true, "")]);
  assert.deepEqual(
    asked.map(([, path]) => path.endsWith("/completion")),
    [false, true],
  );
});

test("a token that grew old is renewed, and the response keeps its id", async () => {
  answers = [[410, {}], [200, { ...SURVEY, token: "new" }], DONE];
  await send()({ cijfer: 8 }, true, "");
  const [[, , before], , [, , later]] = asked;
  assert.deepEqual(later, { ...before, token: "new" });
});

test("a renewed token is for the items that are on the screen", async () => {
  for (const sampled of [true, false]) {
    asked = [];
    answers = [[410, {}], [200, { ...SURVEY, sampled, token: "new" }], DONE];
    await courier(api, { ...SURVEY, sampled }, {}, [1, 1])({ cijfer: 8 }, true, "");
    assert.equal(asked[1]?.[1], `/api/v1/touchpoints/m/t?sampled=${sampled}&language=nl`);
  }
});

test("a refusal is not repeated", async () => {
  answers = [[400, {}]];
  await assert.rejects(send()({ cijfer: 8 }, true, ""));
  assert.equal(asked.length, 1);
});

test("a service that asks for a long pause is not waited for", async () => {
  answers = [[429, {}, { "retry-after": "60" }]];
  await assert.rejects(send()({ cijfer: 8 }, true, ""));
  assert.equal(asked.length, 1);
});
