"""The kiosk in a real browser: pair it, answer, cut the network, fill the disk, walk away."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, Route, expect

from ingest.texts.kiosk_texts import kiosk_texts
from tests.browser.kiosk.stand import Stand
from tests.browser.kiosk.tablet import ANSWER, PORTRAIT, Tablet, until_true
from tests.example import example_directory

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NL = kiosk_texts()["nl"]
ROOT = Path(__file__).resolve().parents[3]


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def until_stored(counter: Stand, tablet_page: Page, count: int) -> list[dict[str, object]]:
    """The rows, once there are so many."""
    for _ in range(200):
        rows = counter.responses()
        if len(rows) >= count:
            return rows
        tablet_page.clock.run_for(500)
    raise AssertionError(f"{len(rows)} stored, not {count}")


def test_an_operator_makes_a_kiosk_of_a_tablet_and_what_is_answered_is_stored(
    playwright: Playwright, counter: Stand, tmp_path: Path
) -> None:
    before = len(counter.responses())
    tablet = Tablet(playwright, tmp_path)
    page = tablet.page
    page.goto(counter.kiosk)
    heading(page, NL.pair_title)
    code = page.locator(".code").inner_text().split()[-1]
    assert re.fullmatch("[A-Z0-9]{4}-[A-Z0-9]{4}", code)
    enrolled = subprocess.run(
        (sys.executable, "-m", "ingest", "kiosk", "enrol", code, "--name", "Hal links"),
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "MEETPUNT_DATA": str(counter.service.data),
            "MEETPUNT_CONFIG": str(example_directory()),
        },
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert enrolled.returncode == 0, enrolled.stderr
    heading(page, NL.card_title)
    page.get_by_role("button", name=NL.card_larger).click()
    page.get_by_role("button", name=NL.card_done).click()
    heading(page, "Welk cijfer geeft u dit bezoek?")
    larger = page.evaluate("parseFloat(document.documentElement.style.getPropertyValue('--mm'))")
    assert larger == pytest.approx(96 / 25.4 * 1.01)
    expect(page.get_by_role("button", name=NL.back)).to_have_count(0)
    page.get_by_role("button", name="8", exact=True).click()
    heading(page, "Is het gelukt waarvoor u kwam?")
    page.get_by_role("button", name="Deels").click()
    heading(page, "De medewerker was vriendelijk.")
    page.get_by_role("button", name=NL.back).click()
    expect(page.get_by_role("button", name="Deels")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Ja").click()
    left = True
    # At another place each time: a second touch at the same place within half a second is none.
    while "ask" in str(page.locator("#screen").get_attribute("class")):
        onward = page.locator(".moves button").last
        box = onward.bounding_box()
        assert box
        page.mouse.click(box["x"] + (10 if left else box["width"] - 10), box["y"] + 20)
        left = not left
    heading(page, NL.thanks_title)
    page.locator("#screen .card").click()
    page.locator(".first").wait_for()
    tablet.until_handed_in()
    tablet.stop()
    assert len(counter.responses()) == before + 1
    newest = [row for row in counter.responses() if row["complete"] and row["language"] == "nl"]
    assert newest


def test_starts_asks_and_thanks_without_a_network_and_hands_in_when_it_is_back(
    counter: Stand, tablet: Tablet, kiosk: Page
) -> None:
    before = len(counter.responses())
    counter.gate.shut()
    kiosk.reload()
    kiosk.locator(".first").wait_for()
    assert kiosk.locator(".phone img").evaluate("(image) => image.decode().then(() => true)")
    kiosk.evaluate(ANSWER, "Zonder netwerk")
    heading(kiosk, NL.thanks_title)
    kiosk.clock.run_for(8500)
    kiosk.locator(".first").wait_for()
    assert len(counter.responses()) == before
    counter.reconnect(kiosk)
    until_stored(counter, kiosk, before + 1)
    assert counter.texts().count("Zonder netwerk") == 1


# Which the drill of kiosks needs too (`make faults ARGS=kiosk`).
@pytest.mark.long
def test_asks_for_strict_durability_and_for_storage_that_stays(
    counter: Stand, tablet: Tablet, kiosk: Page
) -> None:
    kiosk.add_init_script(
        """window.writes = []; window.asked = 0;
        const {transaction} = IDBDatabase.prototype;
        IDBDatabase.prototype.transaction = function (stores, mode, options) {
          if (mode === "readwrite") writes.push(options?.durability);
          return transaction.call(this, stores, mode, options);
        };
        const {persist} = StorageManager.prototype;
        StorageManager.prototype.persist = function () {
          asked += 1;
          return persist.call(this);
        };"""
    )
    kiosk.reload()
    kiosk.locator(".first").wait_for()
    kiosk.evaluate(ANSWER, "Op de schijf")
    heading(kiosk, NL.thanks_title)
    writes = kiosk.evaluate("writes")
    assert writes
    assert set(writes) == {"strict"}
    assert kiosk.evaluate("asked") == 1


# A full disk is told late, when the transaction ends, or at once; a closed database at once.
REFUSALS = {
    "late": "const asked = add.apply(this, given); this.transaction.abort(); return asked;",
    "at once": "throw new DOMException('full', 'QuotaExceededError');",
}


# How a disk refuses is Chromium's; either way nobody is thanked.
@pytest.mark.parametrize("refusal", ["at once", pytest.param("late", marks=pytest.mark.long)])
def test_a_disk_that_refuses_thanks_nobody(kiosk: Page, refusal: str) -> None:
    kiosk.evaluate(
        f"""() => {{
          window.full = true;
          const {{add}} = IDBObjectStore.prototype;
          IDBObjectStore.prototype.add = function (...given) {{
            if (window.full) {{ {REFUSALS[refusal]} }}
            return add.apply(this, given);
          }};
        }}"""
    )
    kiosk.evaluate(ANSWER, f"Vol {refusal}")
    heading(kiosk, NL.not_saved_title)
    expect(kiosk.get_by_role("img", name=NL.phone_code)).to_be_visible()
    kiosk.evaluate("full = false")
    kiosk.get_by_role("button", name=NL.again).click()
    heading(kiosk, NL.thanks_title)


# A disk that is full for questions and has room for answers is rare.
@pytest.mark.long
def test_a_disk_that_takes_no_new_questions_still_hands_in(counter: Stand, kiosk: Page) -> None:
    before = len(counter.responses())

    def changed(route: Route) -> None:
        reply = route.fetch(headers={**route.request.headers, "if-none-match": ""})
        route.fulfill(response=reply, json=reply.json() | {"etag": "another"})

    kiosk.route("**/survey*", changed)
    kiosk.add_init_script(
        """const {put} = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (value, key) {
          if (key === "survey") throw new DOMException("full", "QuotaExceededError");
          return put.call(this, value, key);
        };"""
    )
    kiosk.reload()
    kiosk.locator(".first").wait_for()
    kiosk.evaluate(ANSWER, "Bij een volle schijf")
    until_stored(counter, kiosk, before + 1)
    kiosk.unroute("**/survey*")


def test_who_walks_away_leaves_nothing_on_the_screen_and_no_free_text(
    counter: Stand, kiosk: Page
) -> None:
    before = len(counter.responses())
    kiosk.locator("button[lang=en]").click()
    kiosk.locator("[data-tool=help]").click()
    kiosk.locator("[data-tool=larger]").click()
    kiosk.locator("[data-tool=contrast]").click()
    kiosk.locator("[data-tool=help]").click()
    while not kiosk.locator("textarea").is_visible():
        kiosk.locator(".cell").last.click()
        kiosk.clock.run_for(600)
    kiosk.locator("textarea").fill("My name is Jansen")
    kiosk.clock.run_for(48_000)
    expect(kiosk.locator("#countdown")).to_contain_text("Are you still there?")
    expect(kiosk.locator("#countdown .seconds")).to_have_text(
        re.compile(r"again in 1[0-9] seconds")
    )
    kiosk.get_by_role("button", name="I am still here").click()
    expect(kiosk.locator("#countdown")).to_be_hidden()
    kiosk.clock.run_for(63_000)
    expect(kiosk.locator("#countdown")).to_be_visible()
    kiosk.clock.run_for(3_000)
    kiosk.locator(".first").wait_for()
    assert kiosk.evaluate("document.documentElement.className") == ""
    assert kiosk.evaluate("document.documentElement.lang") == "nl"
    assert "Jansen" not in kiosk.content()
    row = until_stored(counter, kiosk, before + 1)[-1]
    assert not row["complete"]
    assert not [text for text in counter.texts() if "Jansen" in text]


# `between-responses.test.js` shows it of the pause alone.
@pytest.mark.long
def test_a_second_answer_within_the_interval_waits_for_its_turn(kiosk: Page) -> None:
    kiosk.clock.pause_at(kiosk.evaluate("Date.now() + 500"))
    kiosk.evaluate(ANSWER, "Eerste")
    heading(kiosk, NL.thanks_title)
    kiosk.clock.run_for(1000)
    kiosk.locator("#screen .card").click()
    kiosk.locator(".first").wait_for()
    kiosk.evaluate(ANSWER, "Tweede")
    expect(kiosk.get_by_text("Wij bewaren uw antwoorden over")).to_be_visible()
    kiosk.clock.run_for(4500)
    heading(kiosk, NL.thanks_title)


def test_asks_in_every_language_in_its_direction_and_keeps_the_question(kiosk: Page) -> None:
    kiosk.locator(".cell").nth(4).click()
    kiosk.clock.run_for(600)
    kiosk.get_by_role("button", name=NL.back).click()
    buttons = kiosk.locator(".language")
    languages = [buttons.nth(at).get_attribute("lang") for at in range(buttons.count())]
    assert sorted(map(str, languages)) == sorted(kiosk_texts())
    for language in map(str, languages):
        kiosk.locator(f"button[lang={language}]").click()
        texts = kiosk_texts()[language]
        expect(kiosk.locator("[data-tool=help]")).to_have_text(texts.display)
        root = kiosk.locator("html")
        expect(root).to_have_attribute("lang", language)
        expect(root).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        expect(kiosk.locator(".cell").nth(4)).to_have_attribute("aria-pressed", "true")
    kiosk.get_by_role("button", name=kiosk_texts()[str(languages[-1])].stop).click()
    expect(kiosk.locator("html")).to_have_attribute("lang", "nl")


def test_two_keys_are_enough(kiosk: Page) -> None:
    """Tab and Enter alone, as with two switches: every answer is a stop of its own."""

    def press(name: str) -> None:
        kiosk.clock.run_for(600)
        for _ in range(40):
            kiosk.keyboard.press("Tab")
            if kiosk.evaluate("document.activeElement.textContent.trim()") == name:
                outline = kiosk.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline == "solid"
                kiosk.keyboard.press("Enter")
                return
        raise AssertionError(f"Tab never came to {name}")

    press("7")
    heading(kiosk, "Is het gelukt waarvoor u kwam?")
    press("Ja")
    while "ask" in str(kiosk.locator("#screen").get_attribute("class")):
        press(kiosk.locator(".moves button").last.inner_text())
    heading(kiosk, NL.thanks_title)


def test_a_trembling_finger_and_a_key_that_is_held_answer_once(kiosk: Page) -> None:
    tile = kiosk.locator(".cell").nth(4).bounding_box()
    assert tile
    place = (tile["x"] + tile["width"] / 2, tile["y"] + tile["height"] / 2)
    kiosk.mouse.dblclick(*place)
    heading(kiosk, "Is het gelukt waarvoor u kwam?")
    kiosk.clock.run_for(600)
    kiosk.locator(".cell").first.focus()
    kiosk.keyboard.down("Enter")
    for _ in range(5):
        kiosk.keyboard.down("Enter")
    kiosk.keyboard.up("Enter")
    heading(kiosk, "De medewerker was vriendelijk.")


# The finger of a person with a tremor. A browser makes a menu of a long press, and scrolling of a
# slide.
FINGER = """([x, y, slide]) => {
  const at = (type, x) => document.elementFromPoint(x, y).dispatchEvent(
    new PointerEvent(type, {bubbles: true, pointerType: "touch", clientX: x, clientY: y}),
  );
  at("pointerdown", x);
  at("pointerup", x + slide);
}"""


@pytest.mark.parametrize(
    ("slide", "answers"),
    [
        pytest.param(0, True, marks=pytest.mark.long),
        (20, True),
        pytest.param(300, False, marks=pytest.mark.long),
    ],
)
def test_a_long_press_and_a_small_slide_answer_too(kiosk: Page, slide: int, answers: bool) -> None:
    tile = kiosk.locator(".cell").nth(4).bounding_box()
    assert tile
    kiosk.evaluate(FINGER, [tile["x"] + tile["width"] / 2, tile["y"] + 50, slide])
    kiosk.clock.run_for(200)
    asked = "Is het gelukt waarvoor u kwam?" if answers else "Welk cijfer geeft u dit bezoek?"
    heading(kiosk, asked)


# test_listening.py hears the whole questionnaire.
@pytest.mark.long
def test_reads_aloud_with_a_voice_of_the_device_alone(kiosk: Page) -> None:
    kiosk.add_init_script(
        """window.spoken = [];
        const voices = [
          {lang: "nl-NL", localService: true, name: "hier"},
          {lang: "en-GB", localService: false, name: "elders"},
        ];
        speechSynthesis.getVoices = () => voices;
        speechSynthesis.speak = (said) => spoken.push(said.text);
        const {set} = Object.getOwnPropertyDescriptor(SpeechSynthesisUtterance.prototype, "voice");
        Object.defineProperty(SpeechSynthesisUtterance.prototype, "voice", {set() {}});"""
    )
    kiosk.reload()
    kiosk.locator("button[lang=en]").click()
    kiosk.locator("[data-tool=help]").click()
    expect(kiosk.locator("[data-tool=larger]")).to_be_visible()
    expect(kiosk.locator("[data-tool=read]")).to_be_hidden()
    kiosk.locator("button[lang=nl]").click()
    kiosk.locator("[data-tool=help]").click()
    kiosk.get_by_role("button", name=NL.read).click()
    assert kiosk.evaluate("spoken")[0] == "Welk cijfer geeft u dit bezoek?"
    expect(kiosk.locator("[data-tool=read]")).to_have_text(NL.read_stop)


# A tablet of a counter has one tab.
@pytest.mark.long
def test_of_two_tabs_one_hands_in(tablet: Tablet, counter: Stand, kiosk: Page) -> None:
    tablet.page.goto(counter.kiosk)
    tablet.page.locator(".first").wait_for()
    until_true(
        kiosk,
        """async () => {
          const {held, pending} = await navigator.locks.query();
          const ours = (locks) => locks.filter(({name}) => name.endsWith("/sync")).length;
          return ours(held) === 1 && ours(pending) === 1;
        }""",
    )
    tablet.page.goto("about:blank")


def test_works_upright_too(kiosk: Page) -> None:
    kiosk.set_viewport_size(PORTRAIT)  # type: ignore[arg-type]
    for tile in kiosk.locator(".cell").all():
        expect(tile).to_be_in_viewport(ratio=1)
    expect(kiosk.locator(".language").last).to_be_in_viewport(ratio=1)
