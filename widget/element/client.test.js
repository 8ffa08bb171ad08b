import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, beforeEach, test } from "node:test";
import { courier, fetchSurvey } from "./client.js";

/** What the service answers next, as [status, body, headers]; and what it was asked. */
let answers = [];
let asked = [];
const service = createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  asked.push([request.method, request.url, body && JSON.parse(body)]);
  const [status, reply, headers] = answers.shift() ?? [500, {}];
  if (status === 0) return request.socket.destroy();
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(reply));
});
await new Promise((resolve) => service.listen(0, "127.0.0.1", resolve));
after(() => service.close());
const api = `http://127.0.0.1:${service.address().port}/api/v1/`;
const SURVEY = { touchpoint: "m/t", questionnaire: "q", version: 2, language: "nl", token: "old" };
const send = () => courier(api, SURVEY, { product: "paspoort" }, [1, 1]);
const BEGUN = [201, { received: true, complete: false, completionToken: "rest" }];
const DONE = [201, { received: true, complete: true }];

beforeEach(() => {
  answers = [];
  asked = [];
});

test("a survey is asked for in the language of the page, once", async () => {
  answers = [[200, SURVEY]];
  assert.deepEqual(await fetchSurvey(api, "m/t", "ar"), SURVEY);
  assert.deepEqual(asked, [["GET", "/api/v1/touchpoints/m/t?language=ar", ""]]);
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
