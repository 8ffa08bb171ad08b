/**
 * The survey from its first question to the thanks.
 *
 * Nothing here moves what stands below it but at the hand of the resident: the next questions come
 * at the press of the button, and "sending", "thanks" and "failed" share one place of one size.
 * @import { Answers, Item, Survey } from "./contract.js"
 * @import { Field } from "./fields.js"
 */

import { problem } from "./checks.js";
import { make, paragraphs, set } from "./dom.js";
import { field } from "./fields.js";
import { answersTo, asked } from "./walk.js";

/**
 * @param {Survey} survey
 * @param {string} id unlike any other on the page
 * @param {Answers} chosen beforehand
 * @param {(answers: Answers, complete: boolean, website: string) => Promise<void>} send
 * @param {(code: string, answers: Answers) => void} answered told of every answer
 */
export function steps({ items, texts, title, link, ...rest }, id, chosen, send, answered) {
  const fields = items.map((item, index) => field(item, texts, `${id}-${index}`));
  // The first alone, when all that is needed to store something is there.
  const alone = items[0]?.required && items.length > 1 ? 1 : 0;
  const trap = make("input", { name: "website", tabindex: -1, autocomplete: "off" });

  const read = () =>
    Object.fromEntries(fields.flatMap(({ item, read }) => {
      const value = read();
      return value === undefined ? [] : [[item.code, value]];
    }));
  const path = () => asked(items, /** @type {Answers} */ (read()));
  const answers = () => answersTo(path(), /** @type {Answers} */ (read()));
  /** Show what is asked. */
  const walk = () => {
    const reached = path();
    for (const { item, element } of fields) element.hidden = !reached.includes(item);
  };

  const sendingFirst = shared(texts.sending, paragraphs(texts.thanksFirst), paragraphs(texts.failed));
  const again = make("button", { type: "button" }, texts.again);
  const sending = shared(
    texts.sending,
    [make("h3", {}, texts.thanksTitle), ...paragraphs(texts.thanks)],
    [
      ...paragraphs(texts.failed),
      again,
      make("p", {}, make("a", { href: link, target: "_blank", rel: "noopener" }, texts.link)),
    ],
  );

  /** @param {Field[]} part @param {string} words of the button @param {() => void} sent @param {(Node | string)[]} before */
  const form = (part, words, sent, ...before) => {
    const summary = make("div", { class: "notice", role: "alert", tabindex: -1, hidden: true });
    const whole = make(
      "form",
      { novalidate: true },
      summary,
      ...before,
      ...part.map(({ element }) => element),
      make("button", {}, words),
    );
    whole.addEventListener("submit", (event) => {
      event.preventDefault();
      const reached = path();
      const wrong = part.filter((each) => {
        const sentence = reached.includes(each.item) ? problem(each.item, each.read(), texts) : undefined;
        each.tell(sentence);
        return sentence;
      });
      summary.hidden = !wrong.length;
      if (!wrong.length) return sent();
      summary.replaceChildren(
        make("h3", {}, texts.errorHeading),
        make("ul", {}, ...wrong.map((each) => toProblem(each, texts))),
      );
      summary.focus();
    });
    return whole;
  };

  /** @param {ReturnType<typeof shared>} place @param {boolean} complete */
  const deliver = async (place, complete) => {
    place.show(0);
    place.element.focus();
    try {
      await send(answers(), complete, trap.value);
      place.show(1);
    } catch {
      place.show(2);
    }
  };

  const second = form(
    fields.slice(alone),
    texts.send,
    () => {
      second.hidden = true;
      sending.element.hidden = false;
      deliver(sending, true);
    },
    alone ? sendingFirst.element : "",
  );
  again.addEventListener("click", () => deliver(sending, true));

  const first = alone
    ? form(fields.slice(0, 1), texts.sendFirst, () => {
        const more = path().length > 1;
        first.hidden = true;
        (more ? second : sending.element).hidden = false;
        deliver(more ? sendingFirst : sending, !more);
      })
    : second;
  second.hidden = !!alone;
  sending.element.hidden = true;
  if (!alone) sendingFirst.element.hidden = true;

  first.append(make("p", { class: "trap", "aria-hidden": "true" }, make("label", {}, texts.leaveEmpty, " ", trap)));

  const element = make(
    "section",
    { class: "survey", lang: rest.language, dir: rest.dir, "aria-labelledby": `${id}t` },
    make("h2", { id: `${id}t`, tabindex: -1 }, title),
    first,
    alone ? second : undefined,
    sending.element,
    make("p", { class: "small" }, ...closing(texts)),
  );
  for (const each of fields) {
    each.choose(chosen[each.item.code]);
    each.element.addEventListener("change", () => answered(each.item.code, answers()));
  }
  element.addEventListener("input", walk);
  walk();
  return element;
}

/** An entry of the summary: leads to its field. @param {Field} wrong @param {Survey["texts"]} texts */
function toProblem({ item, entrance, read }, texts) {
  const target = entrance();
  const link = make("a", { href: `#${target.id}` }, problem(item, read(), texts) ?? "");
  // Within a shadow root an address leads nowhere, and <base> would even leave the page.
  link.addEventListener("click", (event) => {
    event.preventDefault();
    target.focus();
  });
  return make("li", {}, make("strong", {}, item.text), " ", link);
}

/**
 * One place for "sending", what comes after it, and "failed": as large as the largest of them.
 * @param {string} busy
 * @param {Node[]} done
 * @param {Node[]} failed
 */
function shared(busy, done, failed) {
  const parts = [paragraphs(busy), done, failed].map((part) => make("div", { class: "unseen" }, ...part));
  const element = make("div", { class: "shared", role: "status", tabindex: -1 }, ...parts);
  return {
    element,
    /** @param {number} which */
    show(which) {
      parts.forEach((part, index) => part.classList.toggle("unseen", index !== which));
    },
  };
}

/** What is kept, and the links. @param {Survey["texts"]} texts */
function closing(texts) {
  const links = /** @type {const} */ (["privacy", "accessibility"]).flatMap((name) => {
    const href = texts[`${name}Url`];
    return href ? [" ", make("a", { href, target: "_blank", rel: "noopener" }, texts[name])] : [];
  });
  return [texts.private, ...links];
}
