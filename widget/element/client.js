/**
 * Talk with the service: try again for a while, and have each response stored exactly once.
 * @import { Answers, Survey } from "../shared/contract.js"
 * @typedef {{ received?: true, completionToken?: string }} Received
 * @typedef {{ token: string, answers: Answers, complete: boolean } & Record<string, unknown>} Sent
 */

/** Longest wait for one reply, in milliseconds. */
const PATIENCE = 10_000;
/** Pauses before the second and the third try, in milliseconds. */
const PAUSES = [800, 3_000];

/**
 * Send a request, and give its reply. Tries again after each pause while that may help: without a
 * reply, when the service is too busy or has a fault. Raises an Error whose cause is the status, 0
 * without a reply.
 * @template {object} Reply
 * @param {URL | string} url
 * @param {object} [body] what to post
 * @param {number[]} pauses
 * @returns {Promise<Reply>}
 */
async function call(url, body, [pause = 0, ...later] = []) {
  let status = 0;
  let wait = pause;
  try {
    const reply = await fetch(url, {
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
      ...(body && {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        // The request arrives even if the visitor leaves the page meanwhile.
        keepalive: true,
      }),
    });
    const content = reply.ok && /** @type {Reply & Received} */ (await reply.json());
    // A service worker of the page may answer 200 to anything; only our service sets `received`.
    if (content && (!body || content.received)) return content;
    status = reply.status;
    wait = Math.max(wait, Number(reply.headers.get("Retry-After")) * 1000);
  } catch {
    // Without a whole reply the next try will tell whether it was stored.
  }
  if (!pause || wait > PATIENCE || (status && status < 500 && status !== 429))
    throw new Error(`${url}: ${status}`, { cause: status });
  await new Promise((resolve) => setTimeout(resolve, wait));
  return call(url, body, later);
}

/**
 * The survey of a touchpoint, with a token for one response.
 * @param {string} api ends in a slash
 * @param {string} touchpoint `municipality/name`, and more of the query if need be
 * @param {string} [language]
 * @returns {Promise<Survey>}
 */
export function fetchSurvey(api, touchpoint, language) {
  const url = new URL(`${api}touchpoints/${touchpoint}`);
  if (language) url.searchParams.set("language", language);
  return call(url);
}

/**
 * Sends one response, whole or in two steps. A request that is sent again is always the same.
 * @param {string} api ends in a slash
 * @param {Survey} survey
 * @param {Record<string, string | undefined>} dimensions what the page tells of itself
 * @param {number[]} pauses
 */
export function courier(
  api,
  { touchpoint, questionnaire, version, language, sampled, token },
  dimensions,
  pauses = PAUSES,
) {
  const responseId = crypto.randomUUID();
  const url = `${api}responses`;
  /** @type {Sent | undefined} */
  let first;
  /** @type {Received | undefined} */
  let received;
  /** @type {{ answers: Answers } & Record<string, unknown> | undefined} */
  let rest;
  /** @type {Promise<unknown>} */
  let queue = Promise.resolve();

  /** @param {Answers} answers @param {boolean} complete @param {string} website */
  const send = async (answers, complete, website) => {
    const sent = (first ??= {
      touchpoint,
      responseId,
      questionnaire,
      version,
      language,
      token,
      answers,
      complete,
      website,
      dimensions,
    });
    received ??= await call(url, sent, pauses).catch(async (/** @type {Error} */ error) => {
      // 410: the token expired while the page was open. The id stays, so it is stored only once.
      if (error.cause !== 410) throw error;
      // The new one is for the items that are on the screen already.
      sent.token = (await fetchSurvey(api, `${touchpoint}?sampled=${sampled}`, language)).token;
      return call(url, sent, pauses);
    });
    if (sent.complete || !complete) return;
    if (!rest) {
      rest = { completionToken: received?.completionToken, answers: { ...answers } };
      for (const code in sent.answers) delete rest.answers[code];
    }
    await call(new URL(`${url}/${responseId}/completion`), rest, pauses);
  };

  /**
   * Resolves when it is stored; raises when that is not sure. One at a time, in order.
   * @param {Answers} answers to the items that were asked
   * @param {boolean} complete
   * @param {string} website what stands in the field that people do not see
   * @returns {Promise<void>}
   */
  return (answers, complete, website) => {
    const done = queue.then(() => send(answers, complete, website));
    queue = done.catch(() => {});
    return done;
  };
}
