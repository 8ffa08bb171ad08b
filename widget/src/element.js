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
import { afterwards, somethingInSight } from "./page.js";
import { preselected } from "./preselect.js";
import { steps } from "./steps.js";

/** How far from being seen the survey is fetched. */
const NEAR = { rootMargin: "800px" };

let surveys = 0;
let warned = false;
const nothing = () => {};

/**
 * The element, for the service that sent this script.
 * @param {string} api ends in a slash
 */
export const surveyElement = (api) =>
  class extends HTMLElement {
    #root = this.attachShadow({ mode: "open" });
    #look = look(this, this.#root);
    #slot = make("slot");
    /** @type {Promise<void> | undefined} */
    #loading;
    /** @type {Survey | undefined} */
    #survey;
    /** @type {HTMLElement | undefined} the survey, in its box or its dialog */
    #view;
    /** Stop looking at the page. */
    #leave = nothing;

    constructor() {
      super();
      this.#root.append(this.#slot);
      // What is typed in a question is no short cut of the page.
      for (const type of ["keydown", "keypress", "keyup"])
        this.#root.addEventListener(type, (event) => event.stopPropagation());
      // The link opens the survey here, once it is there; in a new tab it remains a link.
      this.addEventListener("click", (event) => {
        const { target, button, ctrlKey, metaKey, shiftKey } = event;
        if (!this.#view || target === this || button || ctrlKey || metaKey || shiftKey) return;
        event.preventDefault();
        this.#show();
      });
    }

    connectedCallback() {
      const view = this.#view;
      this.#dress();
      if (view?.isConnected) {
        // Moved on the page: a dialog that was open lost its place above it.
        if (view instanceof HTMLDialogElement && view.open) {
          view.close();
          view.showModal();
        }
        return;
      }
      const after = this.getAttribute("after");
      const near = new IntersectionObserver(([entry]) => {
        if (!entry?.isIntersecting) return;
        near.disconnect();
        this.#load().then(() => after || this.#offer(), nothing);
      }, NEAR);
      near.observe(this);
      const stop = after ? afterwards(after, () => this.#load().then(() => this.#offer(true), nothing)) : nothing;
      this.#leave = () => {
        near.disconnect();
        stop();
      };
    }

    disconnectedCallback() {
      this.#leave();
    }

    /** Show the survey now, also where that moves what stands below it. */
    open() {
      return this.#load().then(() => this.#show(), nothing);
    }

    #load() {
      return (this.#loading ??= this.#fetch().catch((error) => {
        // open() may try again.
        this.#loading = undefined;
        if (!warned) console.warn(`Meetpunt: no survey, the link stays. ${error.message}`);
        warned = true;
        this.#tell("failed");
        throw error;
      }));
    }

    async #fetch() {
      /** @type {HTMLElement | null} */
      const speaking = this.closest("[lang]");
      const survey = (this.#survey = await fetchSurvey(api, `${this.getAttribute("touchpoint")}`, speaking?.lang));
      const id = `meetpunt${++surveys}`;
      /** @type {Record<string, string>} */
      const dimensions = {};
      for (const name of ["product", "location", "form"]) {
        const value = this.getAttribute(name);
        if (value) dimensions[name] = value;
      }
      const view = steps(
        survey,
        id,
        preselected(location.search, survey.items),
        courier(api, survey, dimensions),
        (...what) => this.#tell(...what),
      );
      this.#view =
        this.getAttribute("mode") === "button"
          ? dialogAround(view, `${id}t`, survey.texts.close)
          : make("div", { class: "look root boxed" }, view);
      this.#dress();
    }

    #dress() {
      if (this.#survey) this.#look.dress(this.#survey);
    }

    /** Put the survey, or the button that opens it, in the link's place. @param {boolean} [now] open the dialog too */
    #offer(now) {
      if (!(this.#view instanceof HTMLDialogElement)) return this.#show(true);
      const link = this.querySelector("a");
      // A link that the page made into a block is a button of its own; it opens the dialog as it is.
      if (link && getComputedStyle(link).display === "inline") {
        const button = make("button", { class: "look opener", "aria-haspopup": "dialog" }, link.textContent ?? "");
        button.addEventListener("click", () => this.#show());
        this.#slot.replaceWith(button);
      }
      if (now) this.#show();
    }

    /** @param {boolean} [gently] not if that moves anything in sight */
    #show(gently) {
      const view = /** @type {HTMLElement} */ (this.#view);
      if (!this.isConnected) return;
      if (view instanceof HTMLDialogElement) {
        this.#root.append(view);
        if (view.open) return;
        this.#dress();
        view.showModal();
      } else {
        if (view.isConnected) return;
        const { bottom } = this.getBoundingClientRect();
        this.#slot.replaceWith(view);
        this.#look.block(true);
        if (gently && this.getBoundingClientRect().bottom > bottom + 1 && somethingInSight(this)) {
          view.replaceWith(this.#slot);
          this.#look.block(false);
          return;
        }
        if (!gently) view.querySelector("h2")?.focus();
      }
      this.#tell("open");
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
