// Follows what comes in while somebody looks. Without this script a link refreshes the page.
(() => {
  const list = document.getElementById("responses");
  const count = document.getElementById("count");
  const announce = document.getElementById("announce");
  const follows = document.getElementById("follows");
  const template = document.getElementById("response").content.querySelector("li");
  const words = list.dataset;
  const unhurt = follows.textContent;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  const element = (name, value) => {
    const made = document.createElement(name);
    made.textContent = value || words.empty;
    made.classList.toggle("empty", !value);
    return made;
  };

  const mark = (response) => (response.cijfer ? fill(words.mark, response) : words.noMark);

  const draw = (item, response) => {
    const part = (selector) => item.querySelector(selector);
    item.dataset.id = response.id;
    part(".channel").textContent = response.kanaal;
    part(".channel").className = `channel ${response.kanaal}`;
    part(".mark").textContent = mark(response);
    part(".badge").textContent = response.new ? words.new : words.earlier;
    part(".badge").classList.toggle("new", response.new);
    part("p.view").textContent = response.view;
    part("caption.view").textContent = response.answers_view;
    part("dl").replaceChildren(
      ...Object.entries(response.reactie).map(([column, value]) => {
        const pair = document.createElement("div");
        pair.append(element("dt", column), element("dd", value));
        return pair;
      }),
    );
    part("tbody").replaceChildren(
      ...response.antwoorden.map((answer) => {
        const row = document.createElement("tr");
        row.append(...Object.values(answer).map((value) => element("td", value)));
        return row;
      }),
    );
    return item;
  };

  const tellCount = (arrived) => {
    if (arrived === 0) count.textContent = count.dataset.none;
    else if (arrived === 1) count.textContent = count.dataset.one;
    else count.textContent = fill(count.dataset.many, { count: arrived });
  };

  const show = ({ arrived, responses }) => {
    const there = new Map([...list.children].map((item) => [item.dataset.id, item]));
    const wanted = responses.map((response) => response.id);
    const fresh = responses.filter((response) => !there.has(response.id));
    for (const response of fresh) there.set(response.id, draw(template.cloneNode(true), response));
    const newest = fresh.find((response) => response.new);
    if (newest) {
      // What was opened for somebody closes again; never what they are busy with.
      for (const details of list.querySelectorAll("details[open]")) {
        if (!details.contains(document.activeElement)) details.open = false;
      }
      there.get(newest.id).classList.add("arrived");
      announce.textContent = fill(announce.dataset.words, { ...newest, mark: mark(newest) });
    }
    // The first shows its columns. From the second on, several are worth more than those of one.
    for (const { id } of fresh) {
      there.get(id).firstElementChild.open = id === newest?.id && arrived === 1;
    }
    for (const [id, item] of there) {
      if (wanted.includes(id)) continue;
      item.remove();
      drawn.delete(id);
    }
    wanted.forEach((id, place) => {
      const item = there.get(id);
      if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
    });
    tellCount(arrived);
  };

  let etag = words.etag;
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
          show(await reply.json());
          etag = reply.headers.get("ETag");
        }
        follows.textContent = unhurt;
      } catch {
        follows.textContent = follows.dataset.lost;
      }
    }
    clearTimeout(timer);
    timer = setTimeout(look, 1000);
  };

  document.getElementById("refresh").hidden = true;
  follows.hidden = false;
  document.addEventListener("visibilitychange", look);
  look();
})();
