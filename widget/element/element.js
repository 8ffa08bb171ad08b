/** `<meetpunt-survey>`: what the browser and the page may call. */

import { presence } from "./presence.js";

/**
 * The element, for the service that sent this script.
 * @param {string} api ends in a slash
 */
export const surveyElement = (api) =>
  class extends HTMLElement {
    #presence = presence(this, api);

    connectedCallback() {
      this.#presence.enter();
    }

    disconnectedCallback() {
      this.#presence.leave();
    }

    /** Show the survey now, also where that moves what stands below it; resolves when it shows, or cannot. */
    open() {
      return this.#presence.open();
    }
  };
