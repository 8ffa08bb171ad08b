/**
 * The page's own style, read from the custom properties of the NL Design System where it has them;
 * else the municipality's, else ours. A colour that could not be read against what lies behind is dropped.
 *
 * All of it goes through the CSSOM of a sheet of our own: no style attribute, no text that becomes CSS.
 * @import { Survey } from "./contract.js"
 */

import { CONTROL, TEXT, isDark, legible, opacity } from "./contrast.js";
import { make } from "./dom.js";
import css from "./style.css";

const BUTTONS = ["nl-button-primary", "utrecht-button-primary-action", "utrecht-button"];

/** Names of custom properties without their `--`, best first. */
const CHAINS = {
  font: "utrecht-document-font-family basis-text-font-family-default rhc-text-font-family-default",
  text: "utrecht-document-color basis-color-default-color-document",
  background: "utrecht-document-background-color basis-color-default-bg-document",
  accent: BUTTONS.map((button) => `${button}-background-color`).join(" ") + " basis-color-action-1-inverse-bg-default",
  onAccent: BUTTONS.map((button) => `${button}-color`).join(" ") + " basis-color-action-1-inverse-color-default",
  border:
    "utrecht-form-control-border-color utrecht-textarea-border-color utrecht-textbox-border-color utrecht-form-input-border-color basis-form-control-border-color",
  checked: "utrecht-radio-button-checked-background-color basis-form-control-accent-color",
  link: "utrecht-link-color nl-link-color",
  focus: "utrecht-focus-outline-color basis-focus-outline-color",
  error:
    "utrecht-form-field-error-message-color utrecht-feedback-invalid-color utrecht-form-field-invalid-border-inline-start-color",
  radius: "nl-button-border-radius utrecht-button-border-radius",
  weight: "utrecht-form-fieldset-legend-font-weight utrecht-form-label-font-weight",
};

/** @typedef {keyof typeof CHAINS} Role */

/** Ours, for a light and for a dark page. */
const OWN = ["#1f2328 #154273 #154273 #6a7078 #b4005a #b3141b", "#f0f2f5 #9ec5ff #9ec5ff #9299a3 #ffd33d #ff9c94"].map(
  (colours) => {
    const [text, accent, link, border, focus, error] = colours.split(" ");
    return { text, accent, link, border, focus, error };
  },
);

/** What every survey on the page shares; parsed once. */
const shared = new CSSStyleSheet();
shared.replaceSync(css);

/**
 * Dress a shadow root; gives what to call when the survey is there or the page's colours changed.
 * @param {HTMLElement} host
 * @param {ShadowRoot} root
 */
export function look(host, root) {
  const own = new CSSStyleSheet();
  /** @param {string} selector */
  const rule = (selector) => /** @type {CSSStyleRule} */ (own.cssRules[own.insertRule(`${selector}{}`)]).style;
  const variables = rule(".look");
  const probing = rule(".probe");
  const hosting = rule(":host");
  root.adoptedStyleSheets = [shared, own];
  const probe = make("i", { class: "probe", hidden: true });
  root.append(probe);
  const page = getComputedStyle(host);
  const probed = getComputedStyle(probe);

  /** The colour as red, green and blue; nothing when it is none. @param {string | undefined} colour */
  const computed = (colour) => {
    probing.color = "";
    probing.color = `color-mix(in srgb,${colour},${colour})`;
    return probing.color && probed.color;
  };

  /** What the page sets for this role. @param {Role} role */
  const set = (role) => CHAINS[role].split(" ").map((name) => page.getPropertyValue(`--${name}`));

  /** What lies behind the survey; nothing behind a picture or what is half transparent. */
  const behind = () => {
    /** @type {any} */
    let node = host;
    for (; node && node !== document; node = node.assignedSlot ?? node.parentNode ?? node.host) {
      if (!(node instanceof Element)) continue;
      const { backgroundColor, backgroundImage } = getComputedStyle(node);
      const colour = computed(backgroundColor);
      if (backgroundImage !== "none") return "";
      if (opacity(colour)) return opacity(colour) === 1 ? colour : "";
    }
    // The colour of a page that sets none: white, or the dark that its color-scheme asks for.
    return computed("Canvas");
  };

  return {
    /** Whether the element is a block of its own, or as its link was. @param {boolean} block */
    block(block) {
      hosting.setProperty("display", block ? "block" : "", "important");
    },

    /** @param {Survey} survey */
    dress({ style = {} }) {
      const background = behind() || [...set("background"), style.background, "white"].map(computed).find(Boolean) || "";
      const dark = isDark(background);
      /** @param {Role} role @param {number} least @param {string} [on] @param {Role} [otherwise] */
      const colour = (role, least, on = background, otherwise = role) => {
        const ours = [dark && style.dark, style, OWN[+dark]].map((each) => each && /** @type {any} */ (each)[otherwise]);
        const chosen = computed(legible([...set(role), ...ours].map(computed), on, least));
        variables.setProperty(`--${role}`, chosen);
        return chosen;
      };
      variables.setProperty("--background", background);
      variables.setProperty("--scheme", dark ? "dark" : "light");
      colour("text", TEXT);
      colour("link", TEXT);
      colour("error", TEXT);
      colour("border", CONTROL);
      colour("focus", CONTROL);
      colour("checked", CONTROL, background, "accent");
      colour("onAccent", TEXT, colour("accent", CONTROL));

      /** The browser leaves out what is no font, length or weight. @param {Role} role @param {"font-family" | "border-radius" | "font-weight"} property @param {string} [ours] */
      const taken = (role, property, ours = "") => {
        for (const value of [ours, ...set(role).reverse()]) probing.setProperty(property, value || probing.getPropertyValue(property));
        variables.setProperty(`--${role}`, probing.getPropertyValue(property));
      };
      taken("font", "font-family", style.font && `${style.font},system-ui,sans-serif`);
      taken("radius", "border-radius");
      taken("weight", "font-weight");
    },
  };
}
