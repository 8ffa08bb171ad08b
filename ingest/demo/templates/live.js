// Follows what comes in while somebody looks. Without this script a link refreshes the page.
/**
 * @typedef {{
 *   id: string, new: boolean, kanaal: string, cijfer: string, view: string, answers_view: string,
 *   reactie: Record<string, string>, antwoorden: Record<string, string>[],
 * }} Response
 * @typedef {{ arrived: number, responses: Response[] }} Arrivals
 */
(() => {
  const part = (/** @type {ParentNode} */ of, /** @type {string} */ selector) =>
    /** @type {HTMLElement} */ (of.querySelector(selector));
  const list = part(document, "#responses");
  const count = part(document, "#count");
  const announce = part(document, "#announce");
  const follows = part(document, "#follows");
  const mould = /** @type {HTMLTemplateElement} */ (document.querySelector("template#response"));
  const words = list.dataset;
  const unhurt = follows.textContent;

  /** @param {string | undefined} text @param {Record<string, unknown>} values */
  const fill = (text, values) =>
    `${text}`.replace(/\{(\w+)\}/g, (whole, /** @type {string} */ name) => `${values[name] ?? whole}`);

  /** @param {"dt" | "dd" | "td"} name @param {string} value */
  const element = (name, value) => {
    const made = document.createElement(name);
    made.textContent = value || `${words.empty}`;
    made.classList.toggle("empty", !value);
    return made;
  };

  const mark = (/** @type {Response} */ response) => (response.cijfer ? fill(words.mark, response) : `${words.noMark}`);

  const draw = (/** @type {Response} */ response) => {
    const item = /** @type {HTMLElement} */ (part(mould.content, "li").cloneNode(true));
    item.dataset.id = response.id;
    part(item, ".channel").textContent = response.kanaal;
    part(item, ".channel").className = `channel ${response.kanaal}`;
    part(item, ".mark").textContent = mark(response);
    part(item, ".badge").textContent = `${response.new ? words.new : words.earlier}`;
    part(item, ".badge").classList.toggle("new", response.new);
    part(item, "p.view").textContent = response.view;
    part(item, "caption.view").textContent = response.answers_view;
    part(item, "dl").replaceChildren(
      ...Object.entries(response.reactie).map(([column, value]) => {
        const pair = document.createElement("div");
        pair.append(element("dt", column), element("dd", value));
        return pair;
      }),
    );
    part(item, "tbody").replaceChildren(
      ...response.antwoorden.map((answer) => {
        const row = document.createElement("tr");
        row.append(...Object.values(answer).map((value) => element("td", value)));
        return row;
      }),
    );
    return item;
  };

  const tellCount = (/** @type {number} */ arrived) => {
    if (arrived === 0) count.textContent = `${count.dataset.none}`;
    else if (arrived === 1) count.textContent = `${count.dataset.one}`;
    else count.textContent = fill(count.dataset.many, { count: arrived });
  };

  /** Say what came in, and make room for it. @param {Response} response @param {HTMLElement} item */
  const welcome = (response, item) => {
    // What was opened for somebody closes again; never what they are busy with.
    for (const details of list.querySelectorAll("details"))
      if (!details.contains(document.activeElement)) details.open = false;
    item.classList.add("arrived");
    announce.textContent = fill(announce.dataset.words, { ...response, mark: mark(response) });
  };

  const show = (/** @type {Arrivals} */ { arrived, responses }) => {
    const before = new Map([...list.children].map((item) => [item.getAttribute("data-id"), item]));
    const fresh = responses.filter(({ id }) => !before.has(id));
    const drawn = new Map(fresh.map((response) => [response.id, draw(response)]));
    const newest = fresh.find((response) => response.new);
    const welcomed = newest && drawn.get(newest.id);
    if (welcomed) welcome(newest, welcomed);
    // The first shows its columns. From the second on, several are worth more than those of one.
    for (const [id, item] of drawn) part(item, "details").toggleAttribute("open", id === newest?.id && arrived === 1);
    const wanted = responses.flatMap(({ id }) => before.get(id) ?? drawn.get(id) ?? []);
    for (const item of before.values()) if (!wanted.includes(item)) item.remove();
    for (const [place, item] of wanted.entries())
      if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
    tellCount(arrived);
  };

  let etag = `${words.etag}`;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const look = async () => {
    clearTimeout(timer);
    if (!document.hidden) {
      try {
        const reply = await fetch("/binnengekomen.json", {
          cache: "no-store",
          headers: { "If-None-Match": etag },
        });
        if (reply.ok) {
          show(/** @type {Arrivals} */ (await reply.json()));
          etag = reply.headers.get("ETag") ?? "";
        }
        follows.textContent = unhurt;
      } catch {
        follows.textContent = `${follows.dataset.lost}`;
      }
    }
    clearTimeout(timer);
    timer = setTimeout(look, 1000);
  };

  part(document, "#refresh").hidden = true;
  follows.hidden = false;
  document.addEventListener("visibilitychange", look);
  look();
})();
