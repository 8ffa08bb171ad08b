// For a page that holds our survey in an <iframe>: gives the frame the height of what is in it, so
// that nobody scrolls within it. Put it on the page beside the frame; there is nothing to set.
//
// Of what arrives only this counts: from our own origin, exactly; from a frame of this page that
// shows our survey; and a whole number of pixels within bounds. All else is left alone.
(() => {
  const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);
  const ours = new URL(src).origin;
  const LOWEST = 100;
  const HIGHEST = 4000;

  /** @param {HTMLIFrameElement} frame */
  const isOurs = (frame) => {
    try {
      const address = new URL(frame.src);
      return address.origin === ours && address.pathname.startsWith("/embed/");
    } catch {
      return false; // a frame without an address
    }
  };
  const frames = () => [...document.querySelectorAll("iframe")].filter(isOurs);
  // The frame learns from this message which of its allowed sites it stands on.
  const hello = (/** @type {HTMLIFrameElement} */ frame) =>
    frame.contentWindow?.postMessage({ meetpunt: "hello" }, ours);
  // Until its page is there, a frame is an empty one of the host's own.
  const isThere = (/** @type {HTMLIFrameElement} */ { contentDocument }) => contentDocument?.URL !== "about:blank";

  // Every page that loads within it: the questions, the same with errors, the thanks.
  document.addEventListener(
    "load",
    ({ target }) => {
      if (target instanceof HTMLIFrameElement && isOurs(target)) hello(target);
    },
    true,
  );
  frames().filter(isThere).forEach(hello);

  addEventListener("message", (/** @type {MessageEvent<unknown>} */ { data, origin, source }) => {
    if (origin !== ours || !source) return;
    if (typeof data !== "object" || data === null) return;
    const { meetpunt, height } = /** @type {{ meetpunt?: unknown, height?: unknown }} */ (data);
    if (meetpunt !== "height" || typeof height !== "number" || !Number.isInteger(height)) return;
    if (height < LOWEST || height > HIGHEST) return;
    const frame = frames().find(({ contentWindow }) => contentWindow === source);
    if (!frame) return;
    const borders = getComputedStyle(frame).boxSizing === "border-box" ? frame.offsetHeight - frame.clientHeight : 0;
    frame.style.height = `${height + borders}px`;
  });
})();
