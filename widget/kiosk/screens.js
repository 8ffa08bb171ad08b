/**
 * Draws the screens from a `View` of the module `resident`. Every text is set as text, so that nothing from outside
 * is parsed as HTML.
 * @import { Acts, KioskTexts, Language, View, Word } from "./contract.js"
 * @import { Session } from "./session.js"
 */

import { fill, problem } from "../shared/checks.js";
import { make, paragraph } from "../shared/dom.js";
import { question, spoken } from "./question.js";
import { canRead, hush, onVoices, read } from "./voice.js";

/** @param {string} words @param {() => void} press @param {string} [kind] */
function button(words, press, kind = "") {
  const made = make("button", { type: "button", class: kind }, words);
  made.addEventListener("click", press);
  return made;
}

/** @param {string} touchpoint whose page this is */
export function createScreens(touchpoint) {
  const root = document.documentElement;
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const [main, tools, countdown] = [part("screen"), part("tools"), part("countdown")];
  // From the page as it was loaded: the message where nothing can be stored.
  const noStorage = [...main.querySelectorAll(".when-no-storage")];
  let seen = "";
  /** @type {Word | ""} */
  let notice = "";
  /** @type {[View, Acts] | undefined} */
  let last;

  /** @param {string} code @param {string} dir */
  function speak(code, dir) {
    root.lang = code;
    root.dir = dir;
    for (const element of document.querySelectorAll("#asker, #fictional"))
      element.textContent = element.getAttribute(`data-${code}`) ?? element.textContent;
  }

  /** Larger letters and more contrast; forgotten with everything else. @param {string} name @param {string} words */
  function toggle(name, words) {
    const made = make(
      "button",
      { type: "button", class: "tool", "data-tool": name },
      make("span", { "aria-hidden": true, class: `sign ${name}` }),
      make("span", {}, words),
    );
    const show = () => made.setAttribute("aria-pressed", `${root.classList.contains(name)}`);
    made.addEventListener("click", () => {
      root.classList.toggle(name);
      show();
    });
    show();
    return made;
  }

  /** @param {KioskTexts} texts @param {string} code @param {() => string[]} sentences */
  function reader(texts, code, sentences) {
    const words = make("span", {}, texts.read);
    const made = make(
      "button",
      { type: "button", class: "tool", "data-tool": "read" },
      make("span", { "aria-hidden": true, class: "sign read" }),
      words,
    );
    const over = () => {
      made.setAttribute("aria-pressed", "false");
      words.textContent = texts.read;
    };
    over();
    made.addEventListener("click", () => {
      if (made.getAttribute("aria-pressed") === "true") return hush();
      read(code, sentences(), over);
      made.setAttribute("aria-pressed", "true");
      words.textContent = texts.readStop;
    });
    made.hidden = !canRead(code);
    return made;
  }

  /** @param {KioskTexts} texts @param {string} code @param {() => string[]} sentences @param {(() => void)} [stop] */
  function dress(texts, code, sentences, stop) {
    tools.setAttribute("aria-label", texts.display);
    tools.replaceChildren(
      reader(texts, code, sentences),
      toggle("larger", texts.larger),
      toggle("contrast", texts.contrast),
      ...(stop ? [button(texts.stop, stop, "tool stop")] : []),
    );
  }

  /** A new screen: what stood there is gone, and who cannot see it hears the new heading.
   * @param {string} title @param {string} kind @param {(Node | false | undefined | "")[]} children @param {HTMLElement} [heading] */
  function put(title, kind, children, heading) {
    hush();
    document.title = title;
    main.className = kind;
    main.replaceChildren(.../** @type {Node[]} */ (children.filter(Boolean)));
    countdown.replaceChildren();
    countdown.hidden = true;
    scrollTo(0, 0);
    heading?.focus({ preventScroll: true });
  }

  /** @param {KioskTexts} texts @param {string} link */
  function phone(texts, link) {
    return make(
      "aside",
      { class: "phone" },
      make("img", { src: `/kiosk/qr/${touchpoint}.svg`, alt: texts.phoneCode, width: 148, height: 148 }),
      make("p", {}, texts.phone, " ", make("bdi", { class: "address", dir: "ltr" }, link.replace(/^https?:\/\//, ""))),
    );
  }

  const plainHeading = (/** @type {string} */ words) => make("h1", { tabindex: -1 }, words);

  /** @param {View} view @param {Acts} act */
  function start({ survey }, act) {
    const [first] = survey.languages;
    speak(first.code, first.dir);
    const heading = plainHeading(first.title);
    const many = survey.languages.length > 1;
    const buttons = survey.languages.map(({ code, name, dir, kiosk }) => {
      const made = button("", () => act.choose(code), "language");
      made.lang = code;
      made.dir = dir;
      made.append(make("strong", {}, many ? name : kiosk.start), many ? make("span", {}, kiosk.start) : "");
      return made;
    });
    dress(first.kiosk, first.code, () => [first.title, first.kiosk.choose]);
    put(
      first.title,
      "start",
      [
        make("div", { class: "welcome" }, heading, many && paragraph(first.kiosk.choose, { class: "lead" })),
        make("div", { class: "languages" }, ...buttons),
        phone(first.kiosk, survey.openLink),
        notice && paragraph(first.kiosk[notice], { class: "notice" }),
      ],
      heading,
    );
  }

  /** @param {Session} session @param {Acts} act @param {Language} language */
  function ask(session, act, language) {
    const { texts, kiosk } = language;
    const { item } = session;
    const { number, total } = session.step;
    const { element, heading, tell } = question(item, texts, session.value, act.give);
    const go = () => {
      const wrong = problem(item, session.value, texts);
      tell(wrong);
      if (!wrong) act.next();
    };
    const last = number === total;
    const step = fill(fill(kiosk.step, "number", number), "total", total);
    dress(kiosk, language.code, () => spoken(item, texts), act.stop);
    put(
      `${step}: ${item.text}`,
      "ask",
      [
        paragraph(step, { class: "step" }),
        element,
        make(
          "div",
          { class: "moves" },
          button(kiosk.back, act.back, "back"),
          button(last ? kiosk.send : kiosk.next, go, "go"),
        ),
      ],
      heading,
    );
  }

  /** @param {string} kind @param {Language} language @param {string} title @param {string} words @param {Node[]} more */
  function message(kind, language, title, words, ...more) {
    const heading = plainHeading(title);
    dress(language.kiosk, language.code, () => [title, words]);
    put(
      title,
      `message ${kind}`,
      [
        make(
          "div",
          { class: "card" },
          make("span", { "aria-hidden": true, class: `sign ${kind}` }),
          heading,
          paragraph(words),
          ...more,
        ),
      ],
      heading,
    );
  }

  /** The bar at the bottom. Heard once, when it comes; the seconds are for the eye.
   * @param {View} view @param {Acts} act @param {Language} language */
  function count({ seconds }, act, { kiosk }) {
    if (seconds === undefined) {
      countdown.hidden = true;
      countdown.replaceChildren();
      return;
    }
    const words = fill(kiosk.countdown, "seconds", seconds);
    if (countdown.hidden) {
      countdown.hidden = false;
      countdown.replaceChildren(
        make("p", { role: "status" }, kiosk.stillThere),
        make("p", { class: "seconds", "aria-hidden": true }, words),
        button(kiosk.stay, act.stay),
      );
      return;
    }
    const left = countdown.querySelector(".seconds");
    if (left) left.textContent = words;
  }

  return {
    /** @param {View} view @param {Acts} act */
    show(view, act) {
      last = [view, act];
      const { screen, session, survey } = view;
      const language = survey.languages.find(({ code }) => code === view.language) ?? survey.languages[0];
      // Drawn again only when something else is to be seen: a countdown must not take away what is typed.
      const key = [screen, view.language, session?.item.code, survey.etag, notice].join(" ");
      if (key !== seen) {
        seen = key;
        speak(language.code, language.dir);
        const { kiosk } = language;
        if (screen === "start") start(view, act);
        else if (screen === "question" && session) ask(session, act, language);
        else if (screen === "thanks") message("thanks", language, kiosk.thanksTitle, kiosk.thanks);
        else if (screen === "notSaved")
          message(
            "not-saved",
            language,
            kiosk.notSavedTitle,
            kiosk.notSaved,
            button(kiosk.again, act.again, "go"),
            phone(kiosk, survey.openLink),
          );
        else message("busy", language, kiosk.saving, "");
      }
      const waiting = screen === "waiting" && main.querySelector(".card p");
      if (waiting) waiting.textContent = fill(language.kiosk.waiting, "seconds", view.wait);
      count(view, act, language);
    },

    /** A short word to who looks after the kiosk, on the first screen. @param {Word | ""} name */
    tell(name) {
      if (notice === name) return;
      notice = name;
      if (last?.[0].screen === "start") this.show(...last);
    },

    /** All that a resident changed about how the screen looks. */
    forget() {
      root.classList.remove("larger", "contrast");
    },

    /** A screen for who looks after the kiosk.
     * @param {"pair" | "offline" | "operator"} name @param {Language} language @param {string} [code] @param {string} [link] */
    operator(name, language, code, link) {
      const key = `operator ${name} ${code}`;
      if (key === seen) return;
      seen = key;
      const { kiosk } = language;
      speak(language.code, language.dir);
      // In two groups of four it is read and typed with fewer mistakes; the command takes both spellings.
      const groups = code && `${code.slice(0, 4)}-${code.slice(4)}`;
      const shown =
        groups &&
        make("p", { class: "code", dir: "ltr" }, make("span", { class: "unseen" }, `${kiosk.pairCode}: `), groups);
      const command = groups && make("p", {}, make("code", { dir: "ltr" }, `meetpunt kiosk enrol ${groups}`));
      const more = [shown, command, code && paragraph(kiosk.pairWaiting), link && phone(kiosk, link)];
      message(
        "operator",
        language,
        kiosk[`${name}Title`],
        kiosk[name],
        .../** @type {Node[]} */ (more.filter(Boolean)),
      );
    },

    /** Nothing can be kept here. The page says so itself, and over whatever stands on the screen. */
    storage() {
      main.replaceChildren(...noStorage);
      document.body.classList.add("no-storage");
    },

    onVoices: () =>
      onVoices(() => {
        for (const made of tools.querySelectorAll("[data-tool=read]"))
          made.toggleAttribute("hidden", !canRead(root.lang));
      }),
  };
}
