// The page works without this script. With it a repeated send is recognised, a double tap sends
// once, Enter is no button, a choice can be taken back, text is counted, and another language
// keeps the rest of the address.
(() => {
  const form = /** @type {HTMLFormElement} */ (document.forms[0]);
  if (!form.elements.namedItem("_response") && crypto.randomUUID) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "_response", value: crypto.randomUUID() });
    form.append(field);
  }

  // The page of an open link says where its form goes. All others go to their own address.
  const goal = new URL(form.getAttribute("action") ?? "", location.href);

  // Not for ever: when the first try hangs, a second is welcome, and harmless by its _response.
  let sent = -Infinity;
  form.addEventListener("submit", (event) => {
    if (event.timeStamp - sent < 4000) event.preventDefault();
    else sent = event.timeStamp;
    // Who comes back asks for the page anew, under the token that was sent: an open link would give
    // another, and that a second response. Nor may #question take the focus from the next summary.
    history.replaceState(null, "", goal);
  });

  // Who presses Enter on an answer is still answering.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    if (event.target instanceof HTMLInputElement) event.preventDefault();
  });

  // A browser lets nobody take back the choice of a radio button.
  for (const group of form.querySelectorAll("[role=radiogroup]:not([aria-required])")) {
    const clear = document.createElement("button");
    const chosen = () => /** @type {HTMLInputElement?} */ (group.querySelector(":checked"));
    const look = () => {
      clear.hidden = !chosen();
    };
    Object.assign(clear, { type: "button", className: "clear" });
    clear.textContent = `${form.dataset.clear}`;
    clear.addEventListener("click", () => {
      const was = chosen();
      if (!was) return;
      was.checked = false;
      was.focus();
      look();
    });
    group.append(clear);
    group.addEventListener("change", look);
    look();
  }

  for (const text of form.querySelectorAll("textarea")) {
    const count = /** @type {HTMLElement} */ (text.nextElementSibling);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let pause;
    const tell = () => {
      const left = Number(count.dataset.limit) - [...text.value.normalize()].length;
      const words = `${left < 0 ? count.dataset.over : count.dataset.left}`;
      count.textContent = words.replace("{count}", `${Math.abs(left)}`);
    };
    text.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(tell, 400);
    });
    tell();
  }

  /** @type {NodeListOf<HTMLButtonElement>} */
  const languages = document.querySelectorAll("nav [name]");
  for (const button of languages) {
    const there = new URL(goal);
    there.searchParams.set("lang", button.value);
    button.formAction = `${there}`;
  }
})();
