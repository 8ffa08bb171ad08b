/** What happens on the page around the element. */

/** Whether anything that comes after it on the page can be seen. @param {HTMLElement} element */
export function somethingInSight(element) {
  if (element.getBoundingClientRect().top > innerHeight) return false;
  const after = document.createRange();
  after.setStartAfter(element);
  after.setEndAfter(/** @type {Node} */ (element.getRootNode().lastChild));
  return [...after.getClientRects()].some(
    ({ width, height, bottom, top }) => width * height && bottom > 0 && top < innerHeight,
  );
}

/**
 * Call `then` once: when a form that matches `selector` was sent and the page stayed, or when another
 * element that matches it is visible. Returns a function that stops the waiting.
 * @param {string} selector
 * @param {() => void} then
 */
export function afterwards(selector, then) {
  const over = () => {
    stop();
    then();
  };
  /** @param {Event} event */
  const sent = (event) => {
    // After the page's own listeners: if none of them prevented the default, the page is left.
    if (/** @type {Element} */ (event.target).matches(selector)) setTimeout(() => event.defaultPrevented && over());
  };
  const look = () => {
    const target = document.querySelector(selector);
    if (target && target.tagName !== "FORM" && target.getClientRects().length) over();
  };
  const watching = new MutationObserver(look);
  const stop = () => {
    watching.disconnect();
    removeEventListener("submit", sent);
  };
  addEventListener("submit", sent);
  watching.observe(document, { subtree: true, childList: true, attributes: true });
  look();
  return stop;
}
