/** Make elements without parsing HTML, so that no text from outside can become markup. */

/** @typedef {Record<string, string | number | boolean | undefined>} Attributes */
/** @typedef {Node | string | number | false | undefined} Child left out when it is nothing */

/**
 * An element with attributes and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {Child[]} children
 */
export const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  set(element, attributes);
  element.append(.../** @type {Node[]} */ (children.filter(Boolean)));
  return element;
};

/** Set attributes; one that is undefined, false or empty is removed. @param {Element} element @param {Attributes} [attributes] */
export const set = (element, attributes = {}) => {
  for (const name in attributes)
    if (attributes[name]) element.setAttribute(name, `${attributes[name]}`);
    else element.removeAttribute(name);
};

/** A paragraph. @param {string | undefined} text @param {Attributes} [attributes] */
export const paragraph = (text, attributes) => make("p", attributes, text);

/** A link to a page of its own, so that what was typed stays; none without an address. @param {string | undefined} href @param {string | undefined} words */
export const link = (href, words) => href && make("a", { href, target: "_blank" }, words);

/** A picture of one line, on 24 by 24, that only repeats the words beside it. @param {string} line */
export const drawing = (line) => {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  set(/** @type {Element} */ (svg), { viewBox: "0 0 24 24", "aria-hidden": true });
  set(/** @type {Element} */ (path), { d: line });
  /** @type {Element} */ (svg).append(/** @type {Element} */ (path));
  return svg;
};
