/**
 * Pieces of which the screens are made.
 * @import { Acts, KioskTexts, Language, View } from "./contract.js"
 */

import { fill } from "../shared/checks.js";
import { make, paragraph, set } from "../shared/dom.js";

/** @param {string} words @param {() => void} press @param {string} [kind] */
export function button(words, press, kind = "") {
  const made = make("button", { type: "button", class: kind }, words);
  made.addEventListener("click", press);
  return made;
}

/** The same questions on one's own telephone. @param {string} touchpoint @param {KioskTexts} texts @param {string} [link] written out where there is room for it */
export function phone(touchpoint, texts, link) {
  const address = link && make("bdi", { class: "address", dir: "ltr" }, link.replace(/^https?:\/\//, ""));
  return make(
    "aside",
    { class: "phone" },
    make("img", { src: `/kiosk/qr/${touchpoint}.svg`, alt: texts.phoneCode, width: 148, height: 148 }),
    make("p", {}, texts.phone, " ", address || ""),
  );
}

/** Every language by its own name, below the first question. @param {View} view @param {Acts} act @param {Language} now */
export function languages({ survey }, act, now) {
  if (survey.languages.length < 2) return undefined;
  const row = make("div", { class: "languages", role: "group", "aria-label": now.kiosk.choose });
  for (const { code, name, dir } of survey.languages) {
    const made = button(name, () => act.choose(code), "language");
    set(made, { lang: code, dir, "aria-pressed": `${code === now.code}` });
    row.append(made);
  }
  return row;
}

/** Where one stands: a dot for each question, and words for who cannot see them.
 * @param {number} number @param {number} total @param {string} words */
export function progress(number, total, words) {
  const dots = Array.from({ length: total }, () => make("span", { "aria-hidden": true, class: "dot" }));
  for (const dot of dots.slice(0, number)) dot.classList.add("done");
  dots[number - 1]?.classList.add("now");
  return make("p", { class: "step" }, make("span", { class: "unseen" }, words), ...dots);
}

/** What was improved here, with its date in words. @param {Language} language */
export function improved({ code, kiosk, improvement }) {
  if (!improvement) return undefined;
  const { date, text, language } = improvement;
  // Noon, so that no time zone makes another day of it.
  const day = new Intl.DateTimeFormat(code, { dateStyle: "long" }).format(new Date(`${date}T12:00:00`));
  const told = paragraph(text, { lang: language });
  told.dir = "auto";
  return make("div", { class: "improved" }, paragraph(fill(kiosk.improved, "date", day), { class: "when" }), told);
}
