/**
 * One survey on one page: when it is fetched, where it is shown, and what the page is told.
 *
 * The link inside the element stays until the survey can take its place, and whenever anything fails.
 * @import { Answers } from "../shared/contract.js"
 * @typedef {ReturnType<typeof presence>} Presence
 */

import { courier, fetchSurvey } from "./client.js";
import { dialogAround } from "./dialog.js";
import { askable } from "../shared/checks.js";
import { make } from "../shared/dom.js";
import { look } from "./look.js";
import { afterwards, somethingInSight } from "./page.js";
import { preselected } from "./preselect.js";
import { steps } from "./steps.js";

/** The survey is fetched when it is this close to being visible. */
const NEAR = { rootMargin: "800px" };

/** What may move without a hand of the visitor: this share of the window's height. Browsers ask for under 0.1. */
const UNSEEN = 0.02;

let surveys = 0;
let warned = false;
const nothing = () => {};

/** Once a page: true the first time. The link stays, whatever is wrong. @param {string} why */
const warn = (why) => {
  if (warned) return false;
  console.warn(`Meetpunt: ${why}`);
  return (warned = true);
};

/**
 * @param {HTMLElement} host
 * @param {string} api ends in a slash
 */
export function presence(host, api) {
  const root = host.attachShadow({ mode: "open" });
  const dress = look(host, root);
  const slot = make("slot");
  /** @type {Promise<void> | undefined} */
  let loading;
  /** @type {HTMLElement | undefined} the survey, in its box or its dialog */
  let view;
  /** The same survey in a dialog. @type {() => HTMLDialogElement} */
  let inDialog;
  /** Work out its colours again, because the page may have changed. */
  let redress = nothing;
  /** Stop waiting for the form or element that the attribute `after` names. */
  let leave = nothing;

  /**
   * @param {"open" | "answered" | "submitted" | "failed"} name
   * @param {object} [more]
   * @param {Answers} [answers] only for a page that asked for them
   */
  const tell = (name, more, answers) => {
    const detail = { ...more, ...(host.hasAttribute("answers") && { answers }) };
    host.dispatchEvent(new CustomEvent(`meetpunt-${name}`, { bubbles: true, composed: true, detail }));
  };

  const fetched = async () => {
    /** @type {HTMLElement | null} */
    const speaking = host.closest("[lang]");
    const survey = await fetchSurvey(api, `${host.getAttribute("touchpoint")}`, speaking?.lang);
    if (!askable(survey.items)) throw new Error("old service");
    const id = `meetpunt${++surveys}`;
    // What is undefined is not sent.
    /** @type {Record<string, string | undefined>} */
    const dimensions = {};
    for (const name of ["product", "location", "form"]) dimensions[name] = host.getAttribute(name) || undefined;
    const asking = steps(
      survey,
      id,
      preselected(location.search, survey.items),
      courier(api, survey, dimensions),
      tell,
    );
    inDialog = () => dialogAround(asking, `${id}t`, survey.texts.close);
    view =
      host.getAttribute("mode") === "button"
        ? inDialog()
        : make("div", {}, make("div", { class: "look root boxed" }, asking));
    redress = () => dress(survey);
    redress();
  };

  const load = () =>
    (loading ??= fetched().catch((/** @type {Error} */ error) => {
      // open() may try again.
      loading = undefined;
      warn(`no survey. ${error.message}`);
      tell("failed");
      throw error;
    }));

  /**
   * @param {boolean} [gently] only if nothing visible moves
   * @param {boolean} [quietly] leave the focus where it is
   */
  const show = (gently, quietly) => {
    if (!view || !host.isConnected) return;
    if (view instanceof HTMLDialogElement) {
      if (view.open) return;
      root.append(view);
      redress();
      view.showModal();
    } else {
      if (view.isConnected) return;
      // A block of its own around the link, and around the room that came with it, tells how high they are together.
      const room = make("div");
      slot.replaceWith(room);
      room.append(slot);
      const { bottom } = host.getBoundingClientRect();
      view.style.minBlockSize = `${room.offsetHeight}px`;
      room.replaceWith(view);
      const grown = host.getBoundingClientRect().bottom - bottom;
      if (gently && grown > UNSEEN * innerHeight && somethingInSight(host)) {
        view.replaceWith(slot);
        return intoTheCorner();
      }
    }
    if (!quietly) view.querySelector("h2")?.focus();
    tell("open");
  };

  /** A button that opens it, in the words of the link. @param {string} name its class */
  const opener = (name) => {
    const button = make(
      "button",
      { class: `look ${name}`, "aria-haspopup": "dialog" },
      host.querySelector("a")?.textContent ?? "",
    );
    button.addEventListener("click", () => show());
    return button;
  };

  /** There is no room where the element stands: a button in a corner of the window moves nothing. */
  const intoTheCorner = () => {
    view = inDialog();
    if (!warn("no room here, so in the corner.")) return;
    const button = opener("corner");
    root.append(button);
    // It lies over nothing at the end of a page that scrolls.
    addEventListener("scroll", () => {
      button.hidden = document.body.scrollHeight - scrollY < 1.2 * innerHeight;
    });
  };

  /**
   * Put the survey, or the button that opens it, in the link's place.
   * @param {boolean} [now] the page asked for it now: open the dialog too, and allow things to move
   */
  const offer = (now) => {
    if (!(view instanceof HTMLDialogElement)) return show(!now, true);
    const link = host.querySelector("a");
    // A link that the page styled as a block looks like a button; it stays, and opens the dialog.
    if (link && getComputedStyle(link).display === "inline") slot.replaceWith(opener("opener"));
    if (now) show();
  };

  root.append(slot);
  // Keys that are typed in a question must not trigger the page's keyboard shortcuts.
  for (const type of ["keydown", "keypress", "keyup"]) root.addEventListener(type, (event) => event.stopPropagation());
  // Once the survey is fetched, the link opens it here; with a modifier key it stays a link.
  host.addEventListener("click", (event) => {
    const { target, button, ctrlKey, metaKey, shiftKey } = event;
    if (!view || target === host || button || ctrlKey || metaKey || shiftKey) return;
    event.preventDefault();
    show();
  });
  const near = new IntersectionObserver(([entry]) => {
    if (!entry?.isIntersecting) return;
    near.disconnect();
    load().then(() => host.hasAttribute("after") || offer(), nothing);
  }, NEAR);
  near.observe(host);

  return {
    enter() {
      redress();
      if (view instanceof HTMLDialogElement && view.open) {
        // The element was moved on the page, so the dialog is no longer modal.
        view.close();
        view.showModal();
      }
      const after = host.getAttribute("after");
      if (after && !view?.isConnected) leave = afterwards(after, () => load().then(() => offer(true), nothing));
    },
    leave: () => leave(),
    open: () => load().then(() => show(), nothing),
  };
}
