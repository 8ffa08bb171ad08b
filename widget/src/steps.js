/**
 * The survey from its first question to the thanks.
 *
 * Nothing here moves what stands below it but at the hand of the resident: the next questions come
 * at the press of the button, and "sending", "thanks" and "failed" share one place of one size.
 * @import { Answers, Survey } from "./contract.js"
 * @import { Field } from "./fields.js"
 */

import { problem } from "./checks.js";
import { link, make, paragraph } from "./dom.js";
import { field } from "./fields.js";
import { walk } from "./walk.js";

/**
 * @param {Survey} survey
 * @param {string} id unlike any other on the page
 * @param {Answers} chosen beforehand
 * @param {(answers: Answers, complete: boolean, website: string) => Promise<void>} send
 * @param {(what: "answered" | "submitted" | "failed", more?: object, answers?: Answers) => void} tell
 */
export function steps({ items, texts, title, language, dir, link: page }, id, chosen, send, tell) {
  const fields = items.map((item, index) => field(item, texts, `${id}-${index}`));
  const walked = () => walk(items, Object.fromEntries(fields.map(({ item, read }) => [item.code, read()])));
  const trap = make("input", { name: "website", tabindex: -1, autocomplete: "off" });
  const again = make("button", { type: "button" }, texts.again);
  const firstSending = shared(texts.sending, [paragraph(texts.thanksFirst)], [paragraph(texts.failed)]);
  const sending = shared(
    texts.sending,
    [make("h3", {}, texts.thanksTitle), paragraph(texts.thanks)],
    [paragraph(texts.failed), again, make("p", {}, link(page, texts.link))],
  );

  /** @param {ReturnType<typeof shared>} place @param {boolean} complete */
  const deliver = async (place, complete) => {
    const { answers } = walked();
    place.show(0);
    place.element.focus();
    try {
      await send(answers, complete, trap.value);
      place.show(1);
      tell("submitted", { complete }, answers);
    } catch {
      place.show(2);
      tell("failed");
    }
  };
  again.addEventListener("click", () => deliver(sending, true));

  /** @param {Field[]} part @param {string} words of the button @param {() => void} then @param {Node[]} before */
  const form = (part, words, then, ...before) => {
    const summary = make("div", { role: "alert", tabindex: -1 });
    const element = make("form", { novalidate: true }, summary, ...before, ...part.map((each) => each.element), make("button", {}, words));
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const { asked } = walked();
      const wrong = part.flatMap((each) => {
        const sentence = asked.includes(each.item) ? problem(each.item, each.read(), texts) : undefined;
        each.tell(sentence);
        return sentence ? [entry(each, sentence)] : [];
      });
      summary.replaceChildren();
      if (!wrong.length) {
        element.hidden = true;
        return then();
      }
      summary.append(make("h3", {}, texts.errorHeading), make("ul", {}, ...wrong));
      summary.focus();
    });
    return element;
  };

  // The first alone, when that is enough to store something.
  const alone = items[0]?.required ? 1 : 0;
  const second = form(
    fields.slice(alone),
    texts.send,
    () => {
      sending.element.hidden = false;
      deliver(sending, true);
    },
    firstSending.element,
  );
  const first = form(fields.slice(0, 1), texts.sendFirst, () => {
    const complete = walked().asked.length < 2;
    const place = complete ? sending : firstSending;
    (complete ? sending.element : second).hidden = false;
    deliver(place, complete);
  });
  second.hidden = !!alone;
  firstSending.element.hidden = !alone;
  sending.element.hidden = true;
  const start = alone ? first : second;
  start.prepend(paragraph(texts.intro));
  start.append(make("p", { class: "trap", "aria-hidden": true }, make("label", {}, texts.leaveEmpty, trap)));

  const element = make(
    "section",
    { lang: language, dir, "aria-labelledby": `${id}t` },
    make("h2", { id: `${id}t`, tabindex: -1 }, title),
    alone && first,
    second,
    sending.element,
    make(
      "p",
      { class: "small" },
      texts.private,
      texts.privacyUrl && link(texts.privacyUrl, texts.privacy),
      texts.accessibilityUrl && link(texts.accessibilityUrl, texts.accessibility),
    ),
  );
  const showAsked = () => {
    const { asked } = walked();
    for (const { item, element } of fields) element.hidden = !asked.includes(item);
  };
  for (const each of fields) {
    each.choose(chosen[each.item.code]);
    each.element.addEventListener("change", () => {
      showAsked();
      tell("answered", { item: each.item.code }, walked().answers);
    });
  }
  showAsked();
  return element;
}

/** An entry of the summary: leads to its field. @param {Field} field @param {string} sentence */
function entry({ item, entrance }, sentence) {
  const link = make("a", { href: "#" }, sentence);
  // Within a shadow root an address leads nowhere, and <base> would even leave the page.
  link.addEventListener("click", (event) => {
    event.preventDefault();
    entrance().focus();
  });
  return make("li", {}, make("strong", {}, item.text), link);
}

/**
 * One place for "sending", for what comes after it, and for "failed": as large as the largest.
 * @param {string} busy
 * @param {Node[]} done
 * @param {Node[]} failed
 */
function shared(busy, done, failed) {
  const parts = [[paragraph(busy)], done, failed].map((part) => make("div", {}, ...part));
  return {
    element: make("div", { class: "shared", role: "status", tabindex: -1 }, ...parts),
    /** @param {number} which */
    show(which) {
      parts.forEach((part, index) => part.classList.toggle("seen", index === which));
    },
  };
}
