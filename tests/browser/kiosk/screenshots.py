"""Photograph the kiosk for the documentation: `python -m tests.browser.kiosk.screenshots`."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.kiosk.stand import stand
from tests.browser.kiosk.tablet import LANDSCAPE, PORTRAIT, Tablet, tablets
from tests.browser.kiosk.test_screens import ask, ask_with_smileys, counting, refused, text, thanks
from tests.browser.small_png import small_png

PICTURES = Path(__file__).resolve().parents[3] / "docs" / "img"


def main() -> None:
    """A tablet that is paired by hand, then every screen, each on a kiosk that starts anew."""
    with (
        tempfile.TemporaryDirectory() as folder,
        tablets() as playwright,
        stand(Path(folder)) as counter,
    ):
        tablet = Tablet(playwright, Path(folder) / "profile")
        page = tablet.page
        page.clock.install()
        page.goto(counter.kiosk)
        page.locator(".code").wait_for()
        _take(page, "koppelen")
        counter.pair(tablet)
        for name, size, go in _screens(page):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.reload()
            page.locator(".first").wait_for()
            page.evaluate("document.querySelector('.phone img').decode()")
            go()
            for tool, word in (("contrast", "contrast"), ("larger", "groot")):
                if word in name:
                    page.locator(f"[data-tool={tool}]").click()
            _take(page, name)
        tablet.stop()


def _screens(page: Page) -> list[tuple[str, Mapping[str, int], Callable[[], None]]]:
    """The name of each picture, how the tablet hangs, and how to come there."""
    return [
        ("begin", LANDSCAPE, lambda: None),
        ("vraag", LANDSCAPE, lambda: _marked(page, "nl")),
        ("stelling", LANDSCAPE, lambda: ask(page, "nl", 2)),
        ("aftellen", LANDSCAPE, lambda: counting(page, "nl")),
        ("toelichting", LANDSCAPE, lambda: text(page, "nl")),
        ("bedankt", LANDSCAPE, lambda: thanks(page, "nl")),
        ("niet-bewaard", LANDSCAPE, lambda: refused(page, "nl")),
        ("arabisch", LANDSCAPE, lambda: _marked(page, "ar")),
        ("arabisch-staand", PORTRAIT, lambda: ask(page, "ar", 2)),
        ("begin-staand", PORTRAIT, lambda: None),
        ("contrast", LANDSCAPE, lambda: _marked(page, "nl")),
        ("contrast-groot-staand", PORTRAIT, lambda: ask(page, "nl", 2)),
        # The last: the questions stay like that.
        ("smileys", LANDSCAPE, lambda: _smileys(page)),
    ]


def _marked(page: Page, language: str) -> None:
    ask(page, language)
    page.locator(".cell").nth(7).click()


def _smileys(page: Page) -> None:
    ask_with_smileys(page, "nl")
    page.locator(".cell").nth(3).click()


def _take(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    file = PICTURES / f"kiosk-{name}.png"
    file.write_bytes(small_png(page.screenshot()))


if __name__ == "__main__":
    main()
