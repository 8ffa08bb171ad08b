/** Where the script begins: make the element known, once a page, for the service it came from. */

import { surveyElement } from "./element.js";

const NAME = "meetpunt-survey";
// The address as the script tag has it: a <base> of the page or a second copy changes nothing.
const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);

if (!customElements.get(NAME)) customElements.define(NAME, surveyElement(`${new URL("api/v1/", src)}`));
