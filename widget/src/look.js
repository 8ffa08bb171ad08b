/**
 * The page's own style, read from the custom properties of the NL Design System where it has them;
 * else the municipality's, else ours. A colour that could not be read against what lies behind is dropped.
 *
 * All of it goes through the CSSOM of a sheet of our own: no style attribute, no text that becomes CSS.
 * @import { Survey } from "./contract.js"
 */

import { CONTROL, TEXT, channels, isDark, legible } from "./contrast.js";
import { make } from "./dom.js";
import css from "./style.css";

/** Names of custom properties without their `--`, best first. */
const CHAINS = {
  font: "utrecht-document-font-family basis-text-font-family-default rhc-text-font-family-default",
  text: "utrecht-document-color basis-color-default-color-document",
  background: "utrecht-document-background-color basis-color-default-bg-document",
  accent:
    "nl-button-primary-background-color utrecht-button-primary-action-background-color utrecht-button-background-color basis-color-action-1-inverse-bg-default",
  onAccent:
    "nl-button-primary-color utrecht-button-primary-action-color utrecht-button-color basis-color-action-1-inverse-color-default",
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

/** Ours, for a light and for a dark page: text, accent, border, focus, error. */
const OWN = [
  { text: "#1f2328", accent: "#154273", link: "#154273", border: "#6a7078", focus: "#b4005a", error: "#b3141b" },
  { text: "#f0f2f5", accent: "#9ec5ff", link: "#9ec5ff", border: "#9299a3", focus: "#ffd33d", error: "#ff9c94" },
];

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

  /** The colour as red, green and blue; undefined when it is none. @param {string | undefined} colour */
  const computed = (colour) => {
    probing.color = "";
    probing.color = `color-mix(in srgb,${colour},${colour})`;
    return probing.color && probed.color;
  };

  /** What the page sets for this role. @param {Role} role */
  const set = (role) =>
    CHAINS[role].split(" ").map((name) => page.getPropertyValue(`--${name}`).trim()).filter(Boolean);

  /** What lies behind the survey; undefined behind a picture or something half transparent. */
  const behind = () => {
    /** @type {Node | null} */
    let node = host;
    for (; node; node = /** @type {Element} */ (node).assignedSlot ?? node.parentNode ?? /** @type {ShadowRoot} */ (node).host ?? null) {
      if (!(node instanceof Element)) continue;
      const { backgroundColor, backgroundImage } = getComputedStyle(node);
      const opacity = channels(backgroundColor)?.opacity;
      if (backgroundImage !== "none" || (opacity && opacity < 1)) return undefined;
      if (opacity) return backgroundColor;
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
      const background = behind() ?? [...set("background"), style.background].map(computed).find(Boolean) ?? "#ffffff";
      const dark = isDark(background);
      const sets = [dark && style.dark, style, OWN[+dark]];
      /** @param {Role} role @param {string} on @param {number} least @param {Role} [also] */
      const colour = (role, on, least, also = role) =>
        legible(
          [...set(role), ...sets.map((each) => each && /** @type {any} */ (each)[also])].map(computed),
          on,
          least,
        );
      const accent = colour("accent", background, CONTROL);
      const chosen = {
        background,
        accent,
        text: colour("text", background, TEXT),
        "on-accent": colour("onAccent", accent, TEXT),
        border: colour("border", background, CONTROL),
        checked: colour("checked", background, CONTROL, "accent"),
        link: colour("link", background, TEXT),
        focus: colour("focus", background, CONTROL),
        error: colour("error", background, TEXT),
        scheme: dark ? "dark" : "light",
      };
      for (const [name, value] of Object.entries(chosen)) variables.setProperty(`--${name}`, value);
      /** What is no font, length or weight is left out by the browser. @param {Role} role @param {"fontFamily" | "borderRadius" | "fontWeight"} property @param {string} name */
      const taken = (role, property, name, fallback = "") => {
        for (const value of [...set(role), fallback]) {
          probing[property] = "";
          probing[property] = value;
          if (!probing[property] || /var\(|url\(/.test(value)) continue;
          variables.setProperty(`--${name}`, probing[property]);
          return;
        }
      };
      taken("font", "fontFamily", "font", style.font && `${style.font},system-ui,sans-serif`);
      taken("radius", "borderRadius", "radius");
      taken("weight", "fontWeight", "weight");
    },
  };
}
