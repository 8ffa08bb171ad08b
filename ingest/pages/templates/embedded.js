// In an <iframe> on a municipal site: tells the page around it how high the survey is, whenever that
// changes, up or down. Without the site's script, or with this one blocked, the frame just scrolls.
//
// Only the window around us is told, and only at an origin that the municipality lists: it says
// hello first, and we answer to exactly that origin.
(() => {
  // What went wrong, or the thanks: a browser heeds autofocus only outside a frame of another site.
  /** @type {HTMLElement | null} */
  const first = document.querySelector("[autofocus]");
  first?.focus();

  const { dataset } = /** @type {HTMLScriptElement} */ (document.currentScript);
  const origins = `${dataset.origins}`.split(" ");
  const LOWEST = 100;
  const HIGHEST = 4000;
  /** Where we stand, once it said hello. @type {string | undefined} */
  let site;
  /** @type {number | undefined} */
  let told;

  const tell = () => {
    // The box of the content: a document's own scrollHeight is never less than the frame is high.
    const { height } = document.documentElement.getBoundingClientRect();
    const wanted = Math.min(HIGHEST, Math.max(LOWEST, Math.ceil(height)));
    if (!site || wanted === told) return;
    told = wanted;
    parent.postMessage({ meetpunt: "height", height: wanted }, site);
  };

  addEventListener("message", (/** @type {MessageEvent<unknown>} */ { data, origin, source }) => {
    if (source !== parent || parent === window || !origins.includes(origin)) return;
    if (typeof data !== "object" || data === null) return;
    if (!("meetpunt" in data) || data.meetpunt !== "hello") return;
    site = origin;
    told = undefined;
    tell();
  });
  new ResizeObserver(tell).observe(document.documentElement);
})();
