"""Make the pictures of the widget in docs/img: `python -m tests.browser.widget_screenshots`.

The example site of the demo in its three house styles, and the states a resident may see.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import chromium
from tests.browser.running_demo import RunningDemo, running_demo
from tests.browser.small_png import small_png

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "img"
WIDE, NARROW = 1000, 320


def survey_of(page: Page) -> Locator:
    """The widget, once it asks something."""
    survey = page.locator("meetpunt-survey")
    expect(survey.get_by_role("radio").first).to_be_visible()
    return survey


def as_it_opens(page: Page) -> None:
    """The first question, nothing chosen."""
    survey_of(page)


def a_mark_chosen(page: Page) -> None:
    """An 8 is chosen, not yet sent."""
    survey_of(page).get_by_role("radio").nth(7).check()
    # Not with the ring of the focus, which is a state of its own.
    page.locator("h1").click()


def all_questions(page: Page) -> None:
    """A mark is chosen and sent; the other questions came after it."""
    survey = survey_of(page)
    survey.get_by_role("radio").nth(7).check()
    survey.get_by_role("button").first.click()
    expect(survey.get_by_role("radio")).to_have_count(18)
    page.wait_for_load_state("networkidle")


def an_error(page: Page) -> None:
    """Sent without a mark: by Enter, for the button comes with the mark."""
    survey = survey_of(page)
    survey.get_by_role("radio").first.press("Enter")
    expect(survey.get_by_role("alert")).not_to_be_empty()


def in_a_dialog(page: Page) -> None:
    """Opened by its button, with the page behind it."""
    page.locator("meetpunt-survey").get_by_role("button").click()
    survey_of(page)


# Name of the picture -> page of the site, width, what is done first, and whether all of it is seen.
type_of_shot = tuple[str, int, Callable[[Page], None], bool]
SHOTS: dict[str, type_of_shot] = {
    "widget-polder": ("polder/paspoort", WIDE, as_it_opens, True),
    "widget-polder-vragen": ("polder/uittreksel?verstuurd=ja", WIDE, all_questions, True),
    "widget-polder-fout": ("polder/uittreksel?verstuurd=ja", WIDE, an_error, True),
    "widget-polder-320": ("polder/uittreksel?verstuurd=ja", NARROW, all_questions, True),
    "widget-nacht": ("nacht/contact", WIDE, in_a_dialog, False),
    "widget-nacht-vragen": ("nacht/uittreksel?verstuurd=ja", WIDE, all_questions, True),
    "widget-haven": ("haven/paspoort", WIDE, a_mark_chosen, True),
    "widget-haven-vragen": ("haven/uittreksel?verstuurd=ja", WIDE, all_questions, True),
    "widget-haven-320-fout": ("haven/uittreksel?verstuurd=ja", NARROW, an_error, True),
}


def photograph(browser: Browser, demo: RunningDemo, name: str, directory: Path) -> None:
    """Make one picture of `SHOTS`."""
    path, width, act, whole = SHOTS[name]
    context = browser.new_context(
        viewport={"width": width, "height": 760}, reduced_motion="reduce", locale="nl-NL"
    )
    page = context.new_page()
    page.goto(f"{demo.site}/voorbeeldsite/{path}")
    act(page)
    (directory / f"{name}.png").write_bytes(small_png(page.screenshot(full_page=whole)))
    context.close()


def main() -> None:
    """Make them all."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_demo(Path(folder) / "data") as demo,
        chromium() as browser,
    ):
        for name in SHOTS:
            photograph(browser, demo, name, PICTURES)


if __name__ == "__main__":
    main()
