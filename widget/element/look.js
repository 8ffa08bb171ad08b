/**
 * Colours and letters for the survey: from the custom properties of the NL Design System where the page has them,
 * else as the page writes its own text and links, else the municipality's, else black or white. A colour with too
 * little contrast is not used.
 *
 * All of it goes through the CSSOM of a sheet of our own: no style attribute, no text that becomes CSS.
 * @import { Survey } from "../shared/contract.js"
 */

import { CONTROL, TEXT, isDark, legible, opacity } from "./contrast.js";
import { make } from "../shared/dom.js";
import css from "./style.css";

/** Names of custom properties without their `--`, best first. What is no colour has its chain in the style sheet. */
const CHAINS = {
  text: "utrecht-document-color basis-color-default-color-document ams-color-text",
  link: "utrecht-link-color nl-link-color ams-color-interactive",
  accent:
    "nl-button-primary-background-color utrecht-button-primary-action-background-color utrecht-button-background-color ams-color-interactive",
  onAccent: "nl-button-primary-color utrecht-button-primary-action-color utrecht-button-color",
  border:
    "utrecht-form-control-border-color utrecht-textbox-border-color basis-form-control-border-color ams-color-interactive",
  focus: "utrecht-focus-outline-color basis-focus-outline-color",
  error: "utrecht-form-field-error-message-color ams-color-feedback-error",
};

/** @typedef {keyof typeof CHAINS} Role */
/** @typedef {Node & Partial<Pick<Element, "assignedSlot"> & Pick<ShadowRoot, "host">>} Inside has a parent, a slot or a host */

/** What every survey on the page shares; parsed once. */
const shared = new CSSStyleSheet();
shared.replaceSync(css);

/**
 * Style a shadow root; returns a function to call when a survey comes, and when the page may have changed.
 * @param {HTMLElement} host
 * @param {ShadowRoot} root
 */
export function look(host, root) {
  const own = new CSSStyleSheet();
  /** @param {string} selector */
  const rule = (selector) => /** @type {CSSStyleRule} */ (own.cssRules[own.insertRule(`${selector}{}`)]).style;
  const variables = rule(".look");
  const probing = rule(".probe");
  root.adoptedStyleSheets = [shared, own];
  const probe = make("i", { class: "probe", hidden: true });
  root.append(probe);
  const page = getComputedStyle(host);
  const probed = getComputedStyle(probe);
  /** Of our own link, as the page last painted it. @type {string | false | null | undefined} */
  let painted;

  /** The colour as numbers; nothing when it is none. @param {string | false | null | undefined} colour */
  const computed = (colour) => {
    probing.color = "";
    probing.color = `color-mix(in srgb,${colour},${colour})`;
    return probing.color && probed.color;
  };

  /** What the page sets for this role. @param {Role} role */
  const set = (role) => CHAINS[role].split(" ").map((name) => page.getPropertyValue(`--${name}`));

  /** The background colour of the page around the survey; empty for a picture or a half transparent colour. */
  const pageBackground = () => {
    /** @type {Inside | null | undefined} */
    let node = host;
    for (; node; node = node.assignedSlot ?? node.parentNode ?? /** @type {Inside} */ (node).host) {
      if (!(node instanceof Element)) continue;
      const { backgroundColor, backgroundImage } = getComputedStyle(node);
      const colour = computed(backgroundColor);
      if (backgroundImage !== "none") return "";
      if (opacity(colour)) return opacity(colour) === 1 ? colour : "";
    }
    // A page that sets no colour is white, or dark if its color-scheme says so.
    return computed("Canvas");
  };

  /** @param {Survey} survey */
  return ({ style = {} }) => {
    const background = pageBackground() || computed(style.background) || computed("Canvas");
    const dark = isDark(background);
    // What can be pressed has that colour on this page. A link that a button replaced has none any more.
    const anchor = host.querySelector("a");
    painted = computed(anchor && getComputedStyle(anchor).color) || painted;
    const link = painted !== computed("LinkText") && painted;
    /** @param {Role} role @param {number} least @param {string | false | null} [own] of the page @param {string} [on] */
    const colour = (role, least, own, on = background) => {
      const candidates = [...set(role), own, dark && style.dark?.[role], style[role]];
      const chosen = computed(legible(candidates.map(computed), on, least));
      variables.setProperty(`--${role}`, chosen);
      return chosen;
    };
    variables.setProperty("--background", background);
    variables.setProperty("--font", style.font ?? "system-ui");
    probing.fontFamily = "initial";
    // Empty where the page leaves it to the browser: then the next in the style sheet's row is taken.
    variables.setProperty("--letters", page.fontFamily === probed.fontFamily ? "" : page.fontFamily);
    colour("text", TEXT, page.color);
    colour("link", TEXT, link);
    colour("error", TEXT);
    colour("border", CONTROL);
    colour("focus", CONTROL, link);
    colour("onAccent", TEXT, "", colour("accent", CONTROL, link));
  };
}
