/**
 * What counts as a press of a button, for fingers that tremble, stay or slide, and for keys that are held.
 * @import { createStrikes } from "./strikes.js"
 */

/** How long a click of the browser's own may take after the finger went up, in ms. */
const PATIENCE = 80;
const CAPTURE = { capture: true };

/** @param {ReturnType<typeof createStrikes>} strikes */
export function hearPresses(strikes) {
  addEventListener(
    "click",
    (click) => {
      if (strikes.counts({ x: click.clientX, y: click.clientY })) return;
      click.preventDefault();
      click.stopImmediatePropagation();
    },
    CAPTURE,
  );
  addEventListener(
    "keydown",
    (key) => {
      // Held, it presses once; in a text it writes on.
      if (key.repeat && !(key.target instanceof HTMLTextAreaElement)) key.preventDefault();
    },
    CAPTURE,
  );
  hearLongPresses();
}

/**
 * A finger that stays long, or slides a little, presses as well: a browser takes the first for a request for a menu and
 * the second for scrolling, and then no click comes.
 */
function hearLongPresses() {
  /** @type {Element | null} */
  let pressed = null;
  const buttonAt = (/** @type {Element | null} */ element) => element?.closest("button") ?? null;
  addEventListener("pointerdown", ({ pointerType, target }) => {
    pressed = pointerType === "touch" ? buttonAt(/** @type {Element} */ (target)) : null;
  });
  addEventListener("click", () => (pressed = null), CAPTURE);
  addEventListener("pointerup", ({ clientX, clientY }) => {
    const button = pressed;
    // Where it slid off the button, the person changed their mind.
    if (!button || buttonAt(document.elementFromPoint(clientX, clientY)) !== button) return;
    setTimeout(() => {
      if (pressed !== button || !button.isConnected) return;
      button.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1, clientX, clientY }));
    }, PATIENCE);
  });
}
