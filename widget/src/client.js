/**
 * Talk with the service: patient, with an end, and each answer stored exactly once.
 * @import { Answers, Extras, Survey } from "./contract.js"
 * @typedef {Extras & { token: string, answers: Answers, complete: boolean } & Record<string, unknown>} Sent
 */

/** Longest wait for one reply, in milliseconds. */
const PATIENCE = 10_000;
/** Pauses before the second and the third try, in milliseconds. */
const PAUSES = [800, 3_000];

/** The service said no. */
class Refused extends Error {
  /** @param {Response} reply */
  constructor({ status, headers }) {
    super(`${status}`);
    this.status = status;
    this.retryAfter = +(headers.get("Retry-After") ?? 0) * 1000;
  }
}

/**
 * One request; the reply as JSON. Raises Refused, or what fetch raises.
 * @param {URL} url
 * @param {object} [body] what to post
 */
async function call(url, body) {
  const reply = await fetch(url, {
    credentials: "omit",
    signal: AbortSignal.timeout(PATIENCE),
    ...(body && {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      // Who sends and walks on has still sent.
      keepalive: true,
    }),
  });
  if (!reply.ok) throw new Refused(reply);
  return reply.json();
}

/**
 * The same request again while that may help: no reply, too busy, a fault of the service.
 * @param {URL} url
 * @param {object} body
 */
async function insist(url, body) {
  for (const pause of [...PAUSES, undefined]) {
    try {
      return await call(url, body);
    } catch (error) {
      const refused = error instanceof Refused ? error : undefined;
      const passing = !refused || refused.status === 429 || refused.status >= 500;
      const wait = Math.max(pause ?? 0, refused?.retryAfter ?? 0);
      if (!passing || pause === undefined || wait > PATIENCE) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/**
 * The survey of a touchpoint, with a token for one response.
 * @param {URL} api ends in a slash
 * @param {string} touchpoint `municipality/name`
 * @param {string} [language]
 * @returns {Promise<Survey>}
 */
export function fetchSurvey(api, touchpoint, language) {
  const path = touchpoint.split("/").map(encodeURIComponent).join("/");
  const url = new URL(`touchpoints/${path}`, api);
  if (language) url.searchParams.set("language", language);
  return call(url);
}

/**
 * Sends one response, whole or in two steps; whatever is sent again is the same request again.
 * @param {URL} api
 * @param {Survey} survey
 * @param {() => Extras} extras asked for when the first step is sent
 */
export function courier(api, survey, extras) {
  const responseId = crypto.randomUUID();
  /** @type {Sent | undefined} */
  let first;
  /** @type {{ completionToken?: string } | undefined} */
  let received;
  /** @type {object | undefined} */
  let rest;
  /** @type {Promise<unknown>} */
  let queue = Promise.resolve();

  /** @param {Answers} answers @param {boolean} complete */
  const send = async (answers, complete) => {
    const { touchpoint, questionnaire, version, language, token } = survey;
    const sent = (first ??= { ...extras(), touchpoint, responseId, questionnaire, version, language, token, answers, complete });
    const url = new URL("responses", api);
    received ??= await insist(url, sent).catch(async (error) => {
      // 410: the page was open for longer than the token lives. The id stays, so nothing doubles.
      if (error.status !== 410) throw error;
      sent.token = (await fetchSurvey(api, touchpoint, language)).token;
      return insist(url, sent);
    });
    if (sent.complete || !complete) return;
    rest ??= {
      completionToken: received?.completionToken,
      answers: Object.fromEntries(Object.entries(answers).filter(([code]) => !(code in sent.answers))),
    };
    await insist(new URL(`responses/${responseId}/completion`, api), rest);
  };

  /**
   * Resolves when it is stored; raises when that is not sure. One at a time, in order.
   * @param {Answers} answers
   * @param {boolean} complete
   */
  return (answers, complete) => {
    const done = queue.then(() => send(answers, complete));
    queue = done.catch(() => {});
    return done;
  };
}
