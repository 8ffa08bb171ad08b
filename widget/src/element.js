/**
 * `<meetpunt-survey>`: when the survey is fetched, where it is shown, and what the page is told.
 *
 * The link inside stays until the survey can take its place, and whenever anything fails.
 * @import { Answers, Survey } from "./contract.js"
 */

import { courier, fetchSurvey } from "./client.js";
import { dialogAround } from "./dialog.js";
import { make } from "./dom.js";
import { look } from "./look.js";
import { preselected } from "./preselect.js";
import { steps } from "./steps.js";

/** How far from being seen the survey is fetched, in pixels. */
const NEAR = "800px";

let elements = 0;
let warned = false;

/**
 * The element, for the service that sent this script.
 * @param {URL} api ends in a slash
 */
export const surveyElement = (api) =>
  class extends HTMLElement {
    #root = this.attachShadow({ mode: "open" });
    #slot = make("slot");
    #look;
    /** @type {Promise<void> | undefined} */
    #loading;
    /** @type {HTMLElement | undefined} what is shown in the link's place, or opens from there */
    #view;
    #opened = false;
    /** @type {Survey | undefined} */
    #survey;
    /** @type {() => void} */
    #unwatch = () => {};

    constructor() {
      super();
      this.#look = look(this, this.#root);
      this.#root.append(this.#slot);
      // Keys that are typed in a question are no short cuts of the page.
      for (const type of ["keydown", "keypress", "keyup"])
        this.#root.addEventListener(type, (event) => event.stopPropagation());
      this.addEventListener("click", (event) => this.#follow(event));
      matchMedia("(prefers-color-scheme:dark)").addEventListener("change", () => this.#dress());
    }

    connectedCallback() {
      const view = this.#view;
      // Moved on the page: a dialog that was open lost its place above it.
      if (view instanceof HTMLDialogElement && view.open) {
        view.close();
        view.showModal();
      }
      this.#dress();
      if (this.#opened || this.#view) return;
      const after = this.getAttribute("after");
      const near = new IntersectionObserver(
        ([entry]) => {
          if (!entry?.isIntersecting) return;
          near.disconnect();
          this.#load().then(() => after || this.#offer(), () => {});
        },
        { rootMargin: NEAR },
      );
      near.observe(this);
      const stop = after ? whenOver(after, () => this.#load().then(() => this.#offer(true), () => {})) : () => {};
      this.#unwatch = () => {
        near.disconnect();
        stop();
      };
    }

    disconnectedCallback() {
      this.#unwatch();
    }

    /** Show the survey now, also where that moves what stands below. Stays as it is when it cannot be had. */
    async open() {
      await this.#load().then(() => this.#show(), () => {});
    }

    get #inDialog() {
      return this.getAttribute("mode") === "button";
    }

    #load() {
      return (this.#loading ??= this.#fetch().catch((error) => {
        this.#loading = undefined;
        // Not at once again, and not in a loop: open() tries anew.
        if (!warned) console.warn("Meetpunt: the survey could not be fetched; its link stays.", `${error}`);
        warned = true;
        this.#tell("failed");
        throw error;
      }));
    }

    async #fetch() {
      const language = /** @type {HTMLElement | null} */ (this.closest("[lang]"))?.lang;
      const survey = await fetchSurvey(api, this.getAttribute("touchpoint") ?? "", language);
      this.#survey = survey;
      const id = `meetpunt${++elements}`;
      const dimensions = Object.fromEntries(
        ["product", "location", "form"].flatMap((name) => {
          const value = this.getAttribute(name);
          return value ? [[name, value]] : [];
        }),
      );
      let website = "";
      const send = courier(api, survey, () => ({
        ...(Object.keys(dimensions).length && { dimensions }),
        ...(website && { website }),
      }));
      const view = steps(
        survey,
        id,
        preselected(location.search, survey.items),
        async (answers, complete, trapped) => {
          website = trapped;
          try {
            await send(answers, complete);
          } catch (error) {
            this.#tell("failed");
            throw error;
          }
          this.#tell("submitted", { complete }, answers);
        },
        (item, answers) => this.#tell("answered", { item }, answers),
      );
      this.#view = this.#inDialog
        ? dialogAround(view, `${id}t`, survey.texts.close)
        : make("div", { class: "look root boxed" }, view);
      this.#dress();
    }

    #dress() {
      if (this.#survey && this.isConnected) this.#look.dress(this.#survey);
    }

    /** Put the survey, or the button that opens it, in the link's place, if nothing in sight moves. */
    #offer(now = false) {
      if (!this.#inDialog) return this.#show(true);
      const link = this.querySelector("a");
      // A link that the page dressed as a button stays, and opens the dialog.
      if (link && getComputedStyle(link).display === "inline") {
        const button = make("button", { type: "button", class: "look opener", "aria-haspopup": "dialog" }, link.textContent ?? "");
        button.addEventListener("click", () => this.#show());
        this.#slot.replaceWith(button);
      }
      if (now) this.#show();
    }

    #show(gently = false) {
      const view = this.#view;
      if (!view || !this.isConnected || (this.#opened && !this.#inDialog)) return;
      if (view instanceof HTMLDialogElement) {
        if (!view.isConnected) this.#root.append(view);
        if (view.open) return;
        this.#dress();
        view.showModal();
      } else {
        const below = this.getBoundingClientRect().bottom;
        this.#slot.replaceWith(view);
        this.#look.block(true);
        if (gently && this.getBoundingClientRect().bottom > below + 0.5 && somethingInSight(this)) {
          view.replaceWith(this.#slot);
          this.#look.block(false);
          return;
        }
        if (!gently) view.querySelector("h2")?.focus();
      }
      this.#opened = true;
      this.#tell("open");
    }

    /** The link opens the survey here, once it is there; in a new tab it remains a link. @param {MouseEvent} event */
    #follow(event) {
      const { button, ctrlKey, metaKey, shiftKey, altKey, target } = event;
      if (!this.#view || button || ctrlKey || metaKey || shiftKey || altKey) return;
      if (!(target instanceof Element) || !target.closest("a") || target === this) return;
      event.preventDefault();
      this.#show();
    }

    /**
     * @param {"open" | "answered" | "submitted" | "failed"} what
     * @param {object} [more]
     * @param {Answers} [answers] only for a page that asked for them
     */
    #tell(what, more, answers) {
      const detail = { touchpoint: this.getAttribute("touchpoint"), ...more, ...(this.hasAttribute("answers") && { answers }) };
      this.dispatchEvent(new CustomEvent(`meetpunt-${what}`, { bubbles: true, composed: true, detail }));
    }
  };

/** Whether anything that comes after it on the page can be seen. @param {HTMLElement} element */
function somethingInSight(element) {
  const { top } = element.getBoundingClientRect();
  if (top > innerHeight) return false;
  const after = document.createRange();
  after.setStartAfter(element);
  after.setEndAfter(/** @type {Node} */ (element.getRootNode().lastChild));
  return [...after.getClientRects()].some(
    (box) => box.width * box.height && box.bottom > top && box.bottom > 0 && box.top < innerHeight,
  );
}

/**
 * Call once when what `selector` names is over: a form was sent and the page stayed, or anything else came in sight.
 * @param {string} selector
 * @param {() => void} then
 * @returns {() => void} stops waiting
 */
function whenOver(selector, then) {
  const done = () => {
    stop();
    then();
  };
  /** @param {Event} event */
  const sent = (event) => {
    const form = /** @type {Element} */ (event.composedPath()[0]);
    // After the page's own listeners: when none kept the browser here, it is leaving.
    if (form.matches(selector)) setTimeout(() => event.defaultPrevented && done());
  };
  const appeared = () => {
    const found = document.querySelector(selector);
    if (found && !(found instanceof HTMLFormElement) && found.getClientRects().length) done();
  };
  const watching = new MutationObserver(appeared);
  const stop = () => {
    watching.disconnect();
    document.removeEventListener("submit", sent, true);
  };
  document.addEventListener("submit", sent, true);
  watching.observe(document, { subtree: true, childList: true, attributes: true });
  appeared();
  return stop;
}
