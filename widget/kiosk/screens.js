/**
 * Draws the screens from a `View` of the module `resident`. Every text is set as text, so that nothing from outside
 * is parsed as HTML.
 * @import { Acts, Language, Survey, View, Word } from "./contract.js"
 */

import { fill, problem } from "../shared/checks.js";
import { make, paragraph } from "../shared/dom.js";
import { chime } from "./chime.js";
import { counted } from "./counted.js";
import { forgetLooks, help } from "./help.js";
import { button, improved, languages, phone, progress } from "./pieces.js";
import { question, spoken } from "./question.js";
import { fit, smallestTile } from "./sizes.js";
import { canRead, hush, onVoices } from "./voice.js";
import { voiceless } from "./voiceless.js";

/**
 * `moved` is called when something else comes to stand under a finger. `keyboard` makes what a text is typed with in a
 * language; `helpers` are what else lies behind the button that helps; `shown` is told of each screen that stands there.
 * @param {{
 *   touchpoint: string,
 *   moved?: () => void,
 *   keyboard?: (area: HTMLTextAreaElement, language: Language) => Node | undefined,
 *   helpers?: (language: Language) => HTMLElement[],
 *   shown?: (language: Language, main: HTMLElement) => void,
 * }} parts `touchpoint` is whose page this is
 */
export function createScreens({ touchpoint, moved = () => {}, keyboard, helpers = () => [], shown = () => {} }) {
  const root = document.documentElement;
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const [main, tools, panel, countdown] = [part("screen"), part("tools"), part("help"), part("countdown")];
  // From the page as it was loaded: the message where nothing can be stored.
  const noStorage = [...main.querySelectorAll(".when-no-storage")];
  let seen = "";
  /** @type {Word | ""} */
  let notice = "";
  /** @type {[View, Acts] | undefined} */
  let last;
  /** Of the screen that stands there. @type {Language | undefined} */
  let dressed;
  /** In mm, of all that was on the screen since the start. @type {number | undefined} */
  let tile;

  /** @param {string} code @param {string} dir */
  function speak(code, dir) {
    root.lang = code;
    root.dir = dir;
    for (const element of document.querySelectorAll("#asker, #fictional"))
      element.textContent = element.getAttribute(`data-${code}`) ?? element.textContent;
  }

  /** @param {Language} language @param {() => string[]} sentences @param {Acts} [act] */
  function dress(language, sentences, act) {
    dressed = language;
    tools.replaceChildren(help(panel, language, sentences, () => act?.alter(), helpers(language)));
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
    resize();
    moved();
    heading?.focus({ preventScroll: true });
    if (dressed) shown(dressed, main);
  }

  function resize() {
    fit();
    // Larger letters leave less room, and are no reason to warn.
    if (root.classList.contains("larger")) return;
    const side = smallestTile();
    if (side !== undefined) tile = Math.min(side, tile ?? side);
  }
  addEventListener("resize", () => {
    tile = undefined;
    resize();
  });

  const plainHeading = (/** @type {string} */ words) => make("h1", { tabindex: -1 }, words);

  /** @param {View} view @param {Acts} act @param {Language} language */
  function ask(view, act, language) {
    const { session, survey, leaving } = view;
    const { texts, kiosk } = language;
    const { item, first, value } = session;
    const { number, total } = session.step;
    const { give, answer } = act;
    const to = {
      give,
      answer: answer.bind(act),
      keyboard: keyboard && ((/** @type {HTMLTextAreaElement} */ area) => keyboard(area, language)),
    };
    const { element, heading, tell } = question(item, texts, value, to);
    const go = () => {
      const wrong = problem(item, session.value, texts);
      tell(wrong);
      fit();
      if (!wrong) act.next();
    };
    // One touch answers and moves on; only where several may be chosen, or nothing, there is something else to press.
    const several = item.control !== "radio";
    const onward = number === total ? kiosk.send : kiosk.next;
    const skips = !several && value === undefined;
    const stop = button(kiosk.stop, act.stop, "stop");
    stop.hidden = !leaving;
    const step = fill(fill(kiosk.step, "number", number), "total", total);
    dress(language, () => spoken(item, texts), act);
    put(
      `${step}: ${item.text}`,
      first ? "ask first" : "ask",
      [
        progress(number, total, step),
        element,
        make(
          "div",
          { class: "moves" },
          !first && button(kiosk.back, act.back, "back"),
          stop,
          !(skips && item.required) && button(skips ? kiosk.skip : onward, go, skips ? "skip" : "go"),
        ),
        first && paragraph(kiosk.invite, { class: "invite", "aria-hidden": true }),
        first && make("div", { class: "foot" }, languages(view, act, language), phone(touchpoint, kiosk)),
        first && notice && paragraph(survey.languages[0].kiosk[notice], { class: "notice" }),
      ],
      heading,
    );
  }

  /** @param {string} kind @param {Language} language @param {string} title @param {string} words @param {(Node | undefined | "")[]} more */
  function message(kind, language, title, words, ...more) {
    const heading = plainHeading(title);
    dress(language, () => [title, words], last?.[1]);
    const sign = make("span", { "aria-hidden": true, class: `sign ${kind}` });
    put(
      title,
      `message ${kind}`,
      [make("div", { class: "card" }, sign, heading, paragraph(words), ...more.map((each) => each || undefined))],
      heading,
    );
  }

  /** The bar at the top. Heard once, when it comes; the seconds are for the eye.
   * @param {View} view @param {Acts} act @param {Language} language */
  function count({ seconds }, act, { kiosk, code }) {
    if (seconds === undefined) {
      countdown.hidden = true;
      countdown.replaceChildren();
      return;
    }
    const words = counted(kiosk.countdown, code, "seconds", seconds);
    if (countdown.hidden) {
      chime();
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
    main,

    /** The shorter side of the smallest tile that was seen, in mm. */
    get tile() {
      return tile;
    },

    /** @param {View} view @param {Acts} act */
    show(view, act) {
      last = [view, act];
      const { screen, session, survey, begun } = view;
      const language = survey.languages.find(({ code }) => code === view.language) ?? survey.languages[0];
      // Drawn again only when something else is to be seen: a countdown must not take away what is typed.
      const key = [screen, view.language, session.item.code, begun, survey.etag, begun || notice].join(" ");
      if (key !== seen) {
        seen = key;
        speak(language.code, language.dir);
        const { kiosk } = language;
        if (screen === "question") ask(view, act, language);
        else if (screen === "thanks") {
          message("thanks", language, kiosk.thanksTitle, kiosk.thanks, improved(language));
          // Whoever has read it may go on at once.
          main.firstElementChild?.addEventListener("click", act.stop);
        } else if (screen === "notSaved")
          message(
            "not-saved",
            language,
            kiosk.notSavedTitle,
            kiosk.notSaved,
            button(kiosk.again, act.again, "go"),
            phone(touchpoint, kiosk, survey.openLink),
          );
        else message("busy", language, kiosk.saving, "");
      }
      main.classList.toggle("inviting", view.inviting);
      // Shown and not drawn anew: what is being typed stays as it is.
      main.querySelector(".stop")?.toggleAttribute("hidden", !view.leaving);
      const waiting = screen === "waiting" && main.querySelector(".card p");
      if (waiting) waiting.textContent = counted(language.kiosk.waiting, language.code, "seconds", view.wait ?? 0);
      count(view, act, language);
    },

    /** A short word to who looks after the kiosk, on the first screen. @param {Word | ""} name */
    tell(name) {
      if (notice === name) return;
      notice = name;
      if (last?.[0].screen === "question") this.show(...last);
    },

    /** All that a resident changed about how the screen looks. */
    forget() {
      forgetLooks();
      seen = "";
    },

    /** A screen for who looks after the kiosk.
     * @param {"pair" | "offline" | "operator"} name @param {Survey["languages"]} languages @param {string} [code]
     * @param {string} [link] */
    operator(name, languages, code, link) {
      const [language] = languages;
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
      const waits = code && paragraph(kiosk.pairWaiting);
      message(
        "operator",
        language,
        kiosk[`${name}Title`],
        kiosk[name],
        shown,
        command,
        waits,
        voiceless(languages),
        link && phone(touchpoint, kiosk, link),
      );
    },

    /** Nothing can be kept here. The page says so itself, and over whatever stands on the screen. */
    storage() {
      main.replaceChildren(...noStorage);
      document.body.classList.add("no-storage");
    },

    onVoices: () =>
      onVoices(() => {
        for (const made of panel.querySelectorAll("[data-tool=read]"))
          made.toggleAttribute("hidden", !canRead(root.lang));
      }),
  };
}
