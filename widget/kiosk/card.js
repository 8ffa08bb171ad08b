/** Whoever sets the tablet up holds a bank card on the screen, and so tells how large a millimetre is here. */

import { make, paragraph } from "../shared/dom.js";
import { CARD, fit, scale, setScale } from "./sizes.js";

/** @import { KioskTexts } from "./contract.js" */

/** Without a touch for so long nobody is there to do it: the usual size holds. In ms. */
const PATIENCE = 120_000;
/** What one press changes, of the whole; a finger that stays goes on. */
const STEP = 1.01;
const REPEAT = 80;

/**
 * Resolves with the pixels in one millimetre; nothing where nobody did it.
 * @param {HTMLElement} main @param {KioskTexts} texts @returns {Promise<number | undefined>}
 */
export const measure = (main, texts) =>
  new Promise((resolve) => {
    const before = scale();
    const shape = make("div", { class: "bank-card" });
    const draw = () => {
      shape.style.inlineSize = `${CARD.width * scale()}px`;
      shape.style.blockSize = `${CARD.height * scale()}px`;
    };
    let patience = setTimeout(skip, PATIENCE);
    /** @param {string} words @param {number} factor */
    function sizer(words, factor) {
      const made = make("button", { type: "button" }, words);
      let repeat = 0;
      const change = () => {
        clearTimeout(patience);
        patience = setTimeout(skip, PATIENCE);
        // From a telephone to a wall of light.
        setScale(Math.min(20, Math.max(1, scale() * factor)));
        draw();
      };
      made.addEventListener("pointerdown", () => {
        repeat = setInterval(change, REPEAT);
      });
      for (const end of ["pointerup", "pointerleave", "pointercancel"])
        made.addEventListener(end, () => clearInterval(repeat));
      made.addEventListener("click", change);
      return made;
    }
    function over(/** @type {number | undefined} */ millimetre) {
      clearTimeout(patience);
      resolve(millimetre);
    }
    function skip() {
      setScale(before);
      over(undefined);
    }
    const [done, later] = [texts.cardDone, texts.skip].map((words, at) =>
      make("button", { type: "button", class: at ? "later" : "go" }, words),
    );
    done?.addEventListener("click", () => over(scale()));
    later?.addEventListener("click", skip);
    main.className = "message measure";
    main.replaceChildren(
      make("h1", {}, texts.cardTitle),
      paragraph(texts.card),
      shape,
      make("div", { class: "sizers" }, sizer(texts.cardSmaller, 1 / STEP), sizer(texts.cardLarger, STEP), done, later),
    );
    draw();
    fit();
  });
