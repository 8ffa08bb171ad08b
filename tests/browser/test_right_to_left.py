"""A page in Arabic runs from right to left: scales, keys, what is typed, and the error summary."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ingest.pages import pages
from ingest.texts.page_texts import page_texts
from tests.browser.pages_server import serving
from tests.browser.states import answer_of, every_state
from tests.surveys import Example

pytestmark = pytest.mark.browser

LEFT_EDGES = "(fields) => fields.map((field) => field.getBoundingClientRect().left)"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    example = Example()
    with serving(example.pages) as server:
        server.pages.update(
            {f"/{name}": lambda body=body: body for name, body in every_state(example)}  # type: ignore[misc]
        )
        context = browser.new_context(base_url=server.url, viewport={"width": 900, "height": 900})
        yield context.new_page()
        context.close()


def test_a_scale_begins_where_the_reader_begins(page: Page) -> None:
    for state, falling in (("survey-first-ar", True), ("survey-first-nl", False)):
        page.goto(f"/{state}")
        for item in ("cijfer", "sfeer", "geholpen"):
            cells = page.locator(f"#v-{item} .cells [name={item}]")
            edges = cells.evaluate_all(LEFT_EDGES)
            assert edges == sorted(edges, reverse=falling)
            assert len(set(edges)) == len(edges)


@pytest.mark.parametrize(
    ("state", "key"), [("survey-first-ar", "ArrowLeft"), ("survey-first-nl", "ArrowRight")]
)
def test_the_arrow_that_points_to_the_next_answer_goes_there(
    page: Page, state: str, key: str
) -> None:
    page.goto(f"/{state}")
    page.locator("[name=cijfer][value='3']").focus()
    page.keyboard.press(key)
    expect(page.locator("[name=cijfer][value='4']")).to_be_checked()


def test_the_meaning_of_an_end_stands_under_that_end(page: Page) -> None:
    page.goto("/survey-first-ar")
    low, high = page.locator("#l-cijfer"), page.locator("#u-cijfer")
    boxes = [each.bounding_box() for each in (low, high)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["x"] > boxes[1]["x"]
    expect(low).to_contain_text("1")
    expect(high).to_contain_text("10")


def test_what_is_typed_runs_as_it_is_written(page: Page) -> None:
    page.goto("/survey-first-ar")
    looks = page.locator("textarea").evaluate(
        "(field) => [getComputedStyle(field).direction, getComputedStyle(field).unicodeBidi]"
    )
    assert looks == ["rtl", "plaintext"]


def test_the_mark_of_a_mistake_stands_where_the_question_begins(page: Page) -> None:
    page.goto("/survey-error-ar")
    widths = page.locator("#v-cijfer").evaluate(
        """(field) => [getComputedStyle(field).borderRightWidth,
          getComputedStyle(field).borderLeftWidth]"""
    )
    assert widths[0] != "0px"
    assert widths[1] == "0px"
    expect(page.locator(".notice h2")).to_be_focused()


def test_each_language_of_the_switch_runs_in_its_own_direction(page: Page) -> None:
    page.goto("/open-ar")
    switch = page.locator("header nav li > *")
    assert switch.evaluate_all(
        "(names) => names.map((one) => [one.lang, one.dir, getComputedStyle(one).direction])"
    ) == [
        *([code, "ltr", "ltr"] for code in ("nl", "en", "de", "pl", "tr", "uk")),
        ["ar", "rtl", "rtl"],
    ]


def test_who_cannot_run_scripts_is_led_to_the_mistake_and_thanked_in_arabic(
    browser: Browser,
) -> None:
    example = Example()
    texts = page_texts()["ar"]
    with serving(example.pages) as server:
        first = example.pages.survey(example.touchpoint, example.questionnaire, "ar")
        server.pages["/v/token"] = lambda: first.identity
        server.answer = answer_of(example, "ar")
        context = browser.new_context(
            java_script_enabled=False, viewport={"width": 320, "height": 640}
        )
        page = context.new_page()
        page.goto(f"{server.url}/v/token")
        page.get_by_role("button", name=texts.survey.send).click()
        expect(page.get_by_role("heading", name=texts.problems.heading)).to_be_focused()
        page.get_by_role("link", name=example.questionnaire.items[0].text["ar"]).click()
        page.get_by_label("8", exact=True).check()
        page.get_by_label(texts.words["yes_partly_no"]["ja"], exact=True).check()
        page.get_by_role("button", name=texts.survey.send_again).click()
        thanks = page.get_by_role("heading", name=texts.messages["thanks"].title)
        expect(thanks).to_be_visible()
        context.close()
        sent = server.forms[-1]
    assert (sent["cijfer"], sent["geholpen"], sent["_language"]) == (["8"], ["ja"], ["ar"])


def test_no_rule_of_the_stylesheet_names_left_or_right() -> None:
    css = (Path(pages.__file__).parent / "templates" / "survey.css").read_text("utf-8")
    assert "inline-start" in css
    for physical in ("left", "right"):
        assert physical not in css
