"""A newcomer plays the whole demo: four ways to give an opinion, each seen to arrive."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ingest.clock import today_here
from ingest.demo.pages import texts_in
from tests.browser.axe import LOOKS, violations_in
from tests.browser.most import as_most_are_asked
from tests.browser.running_demo import RunningDemo, running_demo
from tests.processes import alive

pytestmark = pytest.mark.browser

WIDER_THAN_THE_SCREEN = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
  .filter((one) => one.checkVisibility() && !one.closest(".unseen"))
  // The headings of a table that is a list on a narrow screen are read, and not seen.
  .filter((one) => getComputedStyle(one.closest("thead") ?? one).clipPath === "none")
  .map((one) => one.outerHTML.slice(0, 80))"""
CUT_BY_ITS_CARD = """() => [...document.querySelectorAll(".way :not(wbr)")]
  .filter((one) => one.checkVisibility() && !one.closest(".unseen"))
  .filter((one) => {
    const [inner, card] = [one, one.closest(".way")].map((each) => each.getBoundingClientRect());
    return inner.left < card.left - 0.5 || inner.right > card.right + 0.5;
  })
  .map((one) => one.outerHTML.slice(0, 80))"""
SITE = "/voorbeeld/verhuizing"
WIDTHS = (320, 360, 1280)  # 320 is a screen of 1280 pixels at 400 % zoom (WCAG 2.2, 1.4.10).


@contextmanager
def visitor(browser: Browser, demo: RunningDemo, **how: Any) -> Iterator[Page]:
    """A newcomer on the start page, for whom every fault of a page counts."""
    context = as_most_are_asked(browser.new_context(locale="nl-NL", **how))
    context.set_default_timeout(10_000)
    faults: list[str] = []
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    context.on(
        "console", lambda said: faults.append(said.text) if "Security Policy" in said.text else None
    )
    page = context.new_page()
    page.goto(demo.url)
    yield page
    context.close()
    assert faults == []


def at_the_desk(start: Page) -> Page:
    return opened(start, lambda: start.locator("#balie .other a").click())


def by_text_message(start: Page) -> Page:
    start.get_by_role("button", name="Beëindig een gesprek").click()
    return opened(start, lambda: start.locator(".bubble").get_by_role("link").click())


def after_a_form(start: Page) -> Page:
    site = opened(start, lambda: start.get_by_role("link", name="Open de voorbeeldsite").click())
    assert "127.0.0.1" in site.url
    site.get_by_label("Postcode").fill("1234 AB")
    site.get_by_role("button", name="Volgende").click()
    site.get_by_label("Vanaf welke dag").fill("1 mei")
    site.get_by_role("button", name="Verstuur").click()
    assert "1234" not in site.url
    site.get_by_role("link", name="Geef uw mening").click()
    return site


def by_mail(start: Page) -> Page:
    start.get_by_role("button", name="Handel de melding af").click()
    survey = opened(start, lambda: start.locator("#melding .mail a").first.click())
    survey.get_by_label("Ja, het is niet opgelost").check()
    survey.get_by_label("Ja", exact=True).last.check()
    return survey


def after_a_case(start: Page) -> Page:
    start.get_by_role("button", name="Sluit de zaak").click()
    return opened(start, lambda: start.locator("#vergunning .mail a").first.click())


def after_a_call_back(start: Page) -> Page:
    start.get_by_role("button", name="Bel de inwoner terug").click()
    return opened(start, lambda: start.locator("#terugbelverzoek .bubble a").first.click())


WAYS: dict[str, Callable[[Page], Page]] = {
    "balie": at_the_desk,
    "telefonie": by_text_message,
    "online": after_a_form,
    "melding": by_mail,
    "vergunning": after_a_case,
    "terugbelverzoek": after_a_call_back,
}


def opened(start: Page, act: Callable[[], None]) -> Page:
    """The tab that opens by this."""
    context: BrowserContext = start.context
    with context.expect_page() as tab:
        act()
    tab.value.wait_for_load_state()
    return tab.value


def test_a_report_that_is_not_solved_is_reopened_on_the_drawn_report_system(
    browser: Browser, demo: RunningDemo
) -> None:
    with visitor(browser, demo) as start:
        survey = by_mail(start)
        report = start.locator(".report.after")
        expect(report).to_contain_text("afgehandeld")
        survey.get_by_label("Wilt u nog iets zeggen").fill("Hij flikkert nog.")
        give_opinion(survey, 4)
        told = "verzoek tot heropenen"
        for _ in range(50):
            start.reload()
            if told in report.inner_text():
                break
        expect(report).to_contain_text(told)
        expect(report).to_contain_text("Hij flikkert nog.")


# Taken at one moment: what came since the start, which rows stand there, and how many are new.
SEEN = """() => {
  const rows = [...document.querySelectorAll("#responses > li")];
  return {
    came: Number(document.getElementById("count").textContent.match(/^\\d+/) ?? 0),
    ids: rows.map((row) => row.dataset.id),
    fresh: rows.map((row) => row.querySelector(".badge").classList.contains("new")),
  };
}"""


def how_many_came(start: Page) -> str:
    """What the page says of how many responses came in."""
    return start.locator("#count").inner_text()


def give_opinion(survey: Page, mark: int) -> None:
    survey.get_by_role("radio", name=re.compile(f"^{mark}\\b")).first.check()
    survey.get_by_role("button", name="Verstuur uw antwoorden").click()
    expect(survey.get_by_role("heading", level=1)).to_have_text("Bedankt voor uw reactie")


def ways(*often: str) -> list[Any]:
    """Every way, those that are not walked `often` for the long tests."""
    return [pytest.param(way, marks=() if way in often else pytest.mark.long) for way in WAYS]


# The telephone is walked below too; the desk and the mail end as these do.
@pytest.mark.parametrize("way", ways("online"))
def test_each_way_ends_in_thanks_and_its_row_appears_by_itself(
    browser: Browser, demo: RunningDemo, way: str
) -> None:
    with visitor(browser, demo) as start:
        before = start.evaluate(SEEN)
        give_opinion(WAYS[way](start), 9)
        expect(start.locator("#announce")).to_have_text(f"Nieuwe reactie: {way}, cijfer 9.")
        first = start.locator("#responses > li").first
        expect(first.locator("summary")).to_contain_text(re.compile(f"{way}.*cijfer 9.*nieuw"))
        expect(first.locator("tbody tr").first).to_contain_text("cijfer")
        # A test before may have sent one that came only now: then there is more than one on top.
        after = start.evaluate(SEEN)
        came, rows = after["came"] - before["came"], len(after["ids"])
        assert came >= 1
        assert after["ids"][came:] == before["ids"][: rows - came]
        assert not set(after["ids"][:came]) & set(before["ids"])
        # This one is new, and none below those that came; what a test before sent may be of before.
        assert after["fresh"][0]
        assert not any(after["fresh"][after["came"] :])
        # One shows what it holds; of several none takes the place of the others.
        expect(start.locator("#responses [open]")).to_have_count(1 if after["came"] == 1 else 0)


def test_one_button_pairs_the_tablet_and_its_first_touch_asks_on(
    browser: Browser, demo: RunningDemo
) -> None:
    with visitor(browser, demo) as start:
        pair = start.get_by_role("button", name="Koppel de tablet")
        tablet = opened(start, pair.click)
        tablet.get_by_role("button", name="Overslaan").click()
        tablet.locator(".first .cell").nth(3).click()
        expect(tablet.get_by_role("heading", level=1)).to_have_text(
            "Is het gelukt waarvoor u kwam?"
        )


# Each step is tried by itself in tests/ingest/demo/test_told.py. Here it is one story, of a tablet
# and all processes; a month is counted once a minute.
@pytest.mark.long
def test_a_low_mark_at_the_tablet_is_told_followed_up_and_in_the_report(
    browser: Browser, demo: RunningDemo
) -> None:
    with visitor(browser, demo) as start:
        tablet = opened(start, start.get_by_role("button", name="Koppel de tablet").click)
        tablet.get_by_role("button", name="Overslaan").click()
        tablet.locator(".first .cell").first.click()
        end = time.monotonic() + 20
        # Whoever answers sooner than a person reads is believed by nobody, so each press is long.
        while not tablet.locator("#screen.thanks").is_visible():
            assert time.monotonic() < end
            for cell in tablet.locator(".cell").all()[:1]:
                cell.click(delay=1_000)
        touched = time.monotonic()
        told = opened(start, start.get_by_role("link", name="Kijk wie dat hoort").click)
        where = "Zuil bij de uitgang"
        for place in ("mail", "webhook"):
            again_until(told, f"section[aria-labelledby={place}]", where, seconds=60)
        assert time.monotonic() - touched < 60
        signal = told.locator("#signalen tbody tr").filter(has_text=where).first
        signal.get_by_role("button", name="Gezien").click()
        signal.get_by_role("button", name="Afgehandeld: verbeterd").click()
        expect(signal).to_contain_text("afgehandeld: verbeterd")
        # Nine were there before this one. The month before has its row already.
        today = today_here()
        month = texts_in("nl")["figures"]["months"][today.month - 1]
        told_of = f"{month} {today.year}Balie"
        again_until(told, "section[aria-labelledby=reports] tbody", told_of, seconds=100)
        row = told.locator("section[aria-labelledby=reports] tbody tr").first
        many = int(row.locator("td").nth(2).inner_text())
        assert many >= 10
        report = opened(told, told.locator("a[href^='/rapport/publiekszaken']").last.click)
        expect(report.locator("body")).to_contain_text(f"{many} signalen")


def again_until(page: Page, part: str, words: str, *, seconds: float) -> None:
    """Look again and again until a part of the page has these words."""
    end = time.monotonic() + seconds
    while words not in (shown := page.locator(part).first.inner_text().replace("\t", "")):
        assert time.monotonic() < end, shown
        page.wait_for_load_state()
        page.reload()


# A row that is none of the last any more; and how often the page said that it lost sight of them.
_OLD_ROW = """() => {
    const row = document.querySelector("#responses > li").cloneNode(true);
    row.dataset.id = "old";
    document.getElementById("responses").append(row);
    window.lost = 0;
    const follows = document.getElementById("follows");
    new MutationObserver(() => {
        if (follows.textContent === follows.dataset.lost) window.lost += 1;
    }).observe(follows, { childList: true });
}"""


# Needs a row too many, which a demo seldom has; that rows come, the tests around it see.
@pytest.mark.long
def test_a_row_that_makes_place_for_a_new_one_is_no_trouble(
    browser: Browser, demo: RunningDemo
) -> None:
    with visitor(browser, demo) as start:
        start.evaluate(_OLD_ROW)
        give_opinion(at_the_desk(start), 5)
        expect(start.locator("#announce")).to_have_text("Nieuwe reactie: balie, cijfer 5.")
        expect(start.locator("#responses > li[data-id=old]")).to_have_count(0)
        assert start.evaluate("window.lost") == 0


# That rows come, and which are new, each way shows; this sends two more.
@pytest.mark.long
def test_several_that_are_new_are_seen_at_once(browser: Browser, demo: RunningDemo) -> None:
    with visitor(browser, demo, viewport={"width": 1280, "height": 720}) as start:
        for mark in (6, 7):
            give_opinion(at_the_desk(start), mark)
            expect(start.locator("#announce")).to_have_text(
                f"Nieuwe reactie: balie, cijfer {mark}."
            )
        # Below these two may be what tests before this one sent.
        for look_again in (False, True):
            if look_again:
                start.reload()
            assert start.locator(".badge.new").count() >= 2
            for badge in start.locator(".badge.new").all()[:2]:
                expect(badge).to_be_in_viewport(ratio=1)


def test_a_row_stays_one_line_on_a_phone(browser: Browser, demo: RunningDemo) -> None:
    with visitor(browser, demo, viewport={"width": 360, "height": 800}) as start:
        summary = start.locator("#responses summary").first
        for part, words in (("channel", "vergunning"), ("mark", "cijfer 9"), ("badge", "nieuw")):
            summary.locator(f".{part}").evaluate("(part, words) => part.textContent = words", words)
        summary.locator(".badge").evaluate("(badge) => badge.classList.add('new')")
        one_line = summary.locator(".channel").evaluate("(one) => one.offsetHeight * 2")
        assert summary.evaluate("(summary) => summary.clientHeight") < one_line + 10


@pytest.mark.parametrize("way", ways("telefonie"))
def test_each_way_works_without_scripts(browser: Browser, demo: RunningDemo, way: str) -> None:
    with visitor(browser, demo, java_script_enabled=False) as start:
        before = how_many_came(start)
        give_opinion(WAYS[way](start), 4)
        # What was sent is published within a second or so; a visitor presses until it is there.
        until = time.monotonic() + 20
        while how_many_came(start) == before and time.monotonic() < until:
            start.get_by_role("link", name="Ververs").click()
        first = start.locator("#responses > li").first
        expect(first.locator("summary")).to_contain_text(re.compile(f"{way}.*cijfer 4.*nieuw"))


def test_a_list_of_ten_sends_ten_and_can_be_done_by_keyboard_without_scripts(
    browser: Browser, demo: RunningDemo
) -> None:
    with visitor(browser, demo, java_script_enabled=False) as start:
        start.get_by_role("button", name="Nodig tien inwoners uit").focus()
        start.keyboard.press("Enter")
        expect(start.locator("#lijst .count")).to_contain_text("10 van de 10 berichten verstuurd")
        expect(start.locator("#lijst li")).to_have_count(10)
        give_opinion(opened(start, start.locator("#lijst li a").first.click), 8)


# `tests/ingest/web` uses a link twice in every way; here it is done on the screen.
@pytest.mark.long
def test_a_link_works_once(browser: Browser, demo: RunningDemo) -> None:
    with visitor(browser, demo) as start:
        give_opinion(by_text_message(start), 8)
        link = start.locator(".bubble").get_by_role("link")
        again = opened(start, link.click)
        again.get_by_role("radio", name=re.compile("^2\\b")).first.check()
        again.get_by_role("button", name="Verstuur uw antwoorden").click()
        expect(again.get_by_role("heading", level=1)).to_contain_text("al gereageerd")


# Of each card: where its picture ends, and where its name, its heading and its first button begin.
TOPS = """() => [...document.querySelectorAll(".way")].map((way) => {
  const bottom = way.querySelector(".scene").getBoundingClientRect().bottom;
  const parts = [".channel", "h3", ".act"].map((part) => way.querySelector(part));
  return [bottom, ...parts.map((part) => part.getBoundingClientRect().top)].map(Math.round);
})"""
HOW_MUCH_OF_ITS_PICTURE = """() => [...document.querySelectorAll(".drawing")].map((drawing) => {
  const [own, all] = [drawing, drawing.closest(".scene")].map((one) => one.clientHeight);
  return own / all;
})"""
LABELS_BESIDE_OR_ABOVE = """() => [...document.querySelectorAll(".mail dl div")].map((row) => {
  const [dt, dd] = [...row.children].map((part) => part.getBoundingClientRect());
  return dd.left >= dt.right ? "beside" : "above";
})"""


# Looks of drawings, after each message.
@pytest.mark.long
def test_neighbours_line_up_whatever_was_sent_and_no_drawing_is_lost_in_its_picture(
    browser: Browser, demo: RunningDemo
) -> None:
    with visitor(browser, demo, viewport={"width": 1280, "height": 900}) as start:
        for press in ("", "#melding button", "#telefonie button", "#terugbelverzoek button"):
            if press:
                start.locator(press).click()
            # A click does not wait for the styles of the page that it leads to.
            start.wait_for_load_state()
            tops = start.evaluate(TOPS)
            assert tops[0] == tops[1], press
            assert tops[2] == tops[3], press
            assert tops[4] == tops[5], press
            assert min(start.evaluate(HOW_MUCH_OF_ITS_PICTURE)) > 0.6, press


# Looks of a drawing, at three widths.
@pytest.mark.long
def test_the_labels_of_a_drawn_mail_are_alike_and_what_a_button_says_is_one_line(
    browser: Browser, demo: RunningDemo
) -> None:
    with visitor(browser, demo) as start:
        for button in ("#melding button", "#telefonie button"):
            start.locator(button).click()
        for width, where in ((320, "above"), (390, "beside"), (1280, "beside")):
            start.set_viewport_size({"width": width, "height": 900})
            assert start.evaluate(LABELS_BESIDE_OR_ABOVE) == [where] * 3, width
            for pressed in start.locator(".way button").all():
                assert pressed.evaluate("(button) => button.clientHeight") < 60, width


# The steps of the form are alike but for their fields, and the start with all open holds what it
# holds before: the long tests look at each.
@pytest.mark.parametrize(
    ("language", "each"),
    [
        ("nl", False),
        pytest.param("nl", True, marks=pytest.mark.long),
        pytest.param("en", True, marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, demo: RunningDemo, language: str, each: bool
) -> None:
    with visitor(browser, demo, reduced_motion="reduce") as page:
        page.goto(f"{demo.url}/?lang={language}")
        steps = [f"{demo.site}{SITE}/{step}?lang={language}" for step in (1, 2, 3)]
        followed_up = f"{demo.url}/opvolging?lang={language}"
        pages = [page.url, *steps, followed_up] if each else [steps[1]]
        for button in ("#telefonie button", "#melding button", "#lijst button"):
            page.locator(button).click()
        pages.append(page.url)
        for address in pages:
            page.goto(address)
            # Colours of a step are those of the others, and of the start those with all open.
            looks = LOOKS if address in (steps[0], pages[-1]) else LOOKS[:1]
            assert violations_in(page, looks) == []
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
                assert page.evaluate(CUT_BY_ITS_CARD) == []
                assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.long
def test_ctrl_c_ends_all_that_was_started_and_a_second_start_knows_the_first(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    with running_demo(data) as first:
        family = first.family()
        assert len(family) > 3, "Postgres and a worker at the least"
        assert first.interrupt() == 0
    assert not [pid for pid in family if alive(pid)]
    with running_demo(data) as second:
        password = re.compile(r"lezer_molensloot:(\S+)@")
        assert password.findall(first.lines[1]) == password.findall(second.lines[1]) != []
        assert second.interrupt() == 0
