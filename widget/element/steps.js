/**
 * The survey from its first question to the thanks.
 *
 * What stands below it on the page only moves when the resident does something: the next questions come
 * when a button is pressed, and "sending", "thanks" and "failed" share one place of a fixed size.
 * @import { Answers, Survey } from "../shared/contract.js"
 * @import { Child } from "../shared/dom.js"
 * @import { Field } from "./fields.js"
 */

import { problem } from "../shared/checks.js";
import { link, make, paragraph } from "../shared/dom.js";
import { field } from "./fields.js";
import { walk } from "../shared/walk.js";

/**
 * @param {Survey} survey
 * @param {string} id unlike any other on the page
 * @param {Answers} chosen beforehand
 * @param {(answers: Answers, complete: boolean, website: string) => Promise<void>} send
 * @param {(what: "answered" | "submitted" | "failed", more?: object, answers?: Answers) => void} tell
 */
export function steps({ items, texts, title, language, dir, link: page }, id, chosen, send, tell) {
  const fields = items.map((item, index) => field(item, texts, `${id}-${index}`, chosen[item.code]));
  const walked = () => walk(items, Object.fromEntries(fields.map(({ item, read }) => [item.code, read()])));
  const trap = make("input", { name: "website", tabindex: -1, autocomplete: "off" });
  const again = make("button", { type: "button" }, texts.again);
  const received = shared(texts.sending, [paragraph(texts.thanksFirst)], [paragraph(texts.failed)]);
  const finished = shared(
    texts.sending,
    [make("h3", {}, texts.thanksTitle), paragraph(texts.thanks), link(texts.callUrl, texts.call)],
    [paragraph(texts.failed), again, make("p", {}, link(page, texts.link))],
  );
  const summary = make("div", { role: "alert", tabindex: -1 });
  const button = make("button", {}, texts.sendFirst);
  const intro = paragraph(texts.intro);
  const form = make(
    "form",
    { novalidate: true },
    summary,
    received.element,
    intro,
    ...fields.map(({ element }) => element),
    button,
    make("label", { class: "trap", "aria-hidden": true }, texts.leaveEmpty, trap),
  );

  /** The fields of this step: the first alone, when that is enough to store something. */
  let step = fields;
  /** @param {Field[]} next */
  const go = (next) => {
    step = next;
    const { asked } = walked();
    for (const each of fields) each.element.hidden = !step.includes(each) || !asked.includes(each.item);
  };

  /** @param {ReturnType<typeof shared>} place @param {boolean} complete */
  const deliver = async (place, complete) => {
    const { answers } = walked();
    place.show(0);
    try {
      await send(answers, complete, trap.value);
      place.show(1);
      tell("submitted", { complete }, answers);
    } catch {
      place.show(2);
      tell("failed");
    }
  };
  again.addEventListener("click", () => deliver(finished, true));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begun();
    const { asked } = walked();
    const wrong = step.flatMap((each) => {
      const sentence = asked.includes(each.item) ? problem(each.item, each.read(), texts) : undefined;
      each.tell(sentence);
      return sentence ? [entry(each, sentence)] : [];
    });
    summary.replaceChildren();
    if (wrong.length) {
      summary.append(make("h3", {}, texts.errorHeading), make("ul", {}, ...wrong));
      summary.focus();
    } else if (step[0] === fields[0] && step.length < asked.length) {
      go(fields.slice(1));
      button.textContent = texts.send;
      intro.remove();
      deliver(received, false);
    } else {
      form.hidden = true;
      deliver(finished, true);
    }
  });
  for (const each of fields) {
    each.element.addEventListener("change", () => {
      begun();
      go(step);
      tell("answered", { item: each.item.code }, walked().answers);
    });
  }
  const first = items[0];
  go(first?.required ? fields.slice(0, 1) : fields);

  const section = make(
    "section",
    {
      // Until something is chosen: the question alone, in as little room as it can do with.
      class: first?.required && chosen[first.code] === undefined && "start",
      lang: language,
      dir,
      "aria-labelledby": `${id}t`,
    },
    make("h2", { id: `${id}t`, tabindex: -1 }, title),
    form,
    finished.element,
    make(
      "p",
      { class: "small" },
      texts.private,
      " ",
      link(texts.privacyUrl, texts.privacy),
      link(texts.accessibilityUrl, texts.accessibility),
    ),
  );
  const begun = () => section.classList.remove("start");
  return section;
}

/** An entry of the summary: leads to its field. @param {Field} field @param {string} sentence */
function entry({ item, element }, sentence) {
  const link = make("a", { href: "#" }, sentence);
  // Within a shadow root an address leads nowhere, and <base> would even leave the page.
  link.addEventListener("click", (event) => {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (element.querySelector("input,textarea"))?.focus();
  });
  return make("li", {}, make("strong", {}, item.text), link);
}

/**
 * One place for "sending", for what comes after it, and for "failed": as large as the largest.
 * @param {string} busy
 * @param {Child[]} done
 * @param {Node[]} failed
 */
function shared(busy, done, failed) {
  const parts = [[paragraph(busy)], done, failed].map((part) => make("div", {}, ...part));
  const element = make("div", { class: "shared", role: "status", tabindex: -1, hidden: true }, ...parts);
  return {
    element,
    /** @param {number} which */
    show(which) {
      element.hidden = false;
      parts.forEach((part, index) => part.classList.toggle("seen", index === which));
      if (!which) element.focus();
    },
  };
}
