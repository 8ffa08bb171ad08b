/** Where the script begins: make the element known, once a page, for the service it came from. */

import { surveyElement } from "./element.js";

const NAME = "meetpunt-survey";
const script = document.currentScript;

// The address as the script tag has it: a <base> of the page or a second copy changes nothing.
if (script instanceof HTMLScriptElement && !customElements.get(NAME))
  customElements.define(NAME, surveyElement(`${new URL("api/v1/", script.src)}`));
