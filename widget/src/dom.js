/** Make elements without a line of HTML: nothing that comes from outside is ever parsed. */

/**
 * An element with attributes and children; an attribute that is undefined or false is left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | undefined>} [attributes]
 * @param {(Node | string | undefined | false)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  return fitted(document.createElement(tag), attributes, children);
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * The same for a drawing.
 * @param {"svg" | "circle" | "path"} tag
 * @param {Record<string, string | number>} attributes
 * @param {Node[]} children
 */
export function draw(tag, attributes, ...children) {
  return fitted(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * @template {Element} Fitted
 * @param {Fitted} element
 * @param {Record<string, string | number | boolean | undefined>} attributes
 * @param {(Node | string | undefined | false)[]} children
 */
function fitted(element, attributes, children) {
  set(element, attributes);
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/**
 * @param {Element} element
 * @param {Record<string, string | number | boolean | undefined>} attributes
 */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : `${value}`);
  }
}

/** The paragraphs of a text that may have several. @param {string | string[] | undefined} text */
export const paragraphs = (text) =>
  [text ?? []].flat().map((each) => make("p", {}, each));
