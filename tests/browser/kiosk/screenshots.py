"""Photograph the kiosk for the documentation: `python -m tests.browser.kiosk.screenshots`."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.kiosk.stand import Stand, stand, without_card
from tests.browser.kiosk.tablet import LANDSCAPE, Tablet, tablets
from tests.browser.kiosk.test_screens import SETTLED, ask, counting, helping, refused, text, thanks
from tests.browser.small_png import small_png

PICTURES = Path(__file__).resolve().parents[3] / "docs" / "img"
TOTEM = {"width": 1080, "height": 1920}
SMALL = {"width": 768, "height": 1024}
WALL = {"width": 1920, "height": 1080}
PILLAR = "molensloot/balie-zuil"
DESK = "molensloot/balie-hal"

Screen = tuple[str, Mapping[str, int], Callable[[Page], None]]


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
        for touchpoint, screens in ((PILLAR, _of_the_pillar()), (DESK, _of_the_desk())):
            _pair(page, counter, touchpoint, pictures=touchpoint == PILLAR)
            for screen in screens:
                _picture(page, *screen)
        tablet.stop()


def _pair(page: Page, counter: Stand, touchpoint: str, *, pictures: bool) -> None:
    page.set_viewport_size(LANDSCAPE)  # type: ignore[arg-type]
    page.goto(f"{counter.gate.url}/kiosk/{touchpoint}")
    page.locator(".code").wait_for()
    if pictures:
        _take(page, "koppelen")
    counter.enrol(page.locator(".code").inner_text().split()[-1])
    page.locator(".measure").wait_for()
    if pictures:
        _take(page, "bankpas")
    without_card(page)


def _of_the_pillar() -> list[Screen]:
    """The name of each picture, how the tablet hangs, and how to come there."""
    return [
        ("begin", LANDSCAPE, lambda _: None),
        ("begin-staand", TOTEM, lambda _: None),
        ("begin-klein", SMALL, lambda _: None),
        ("begin-groot-scherm", WALL, lambda _: None),
        ("ja-deels-nee", LANDSCAPE, lambda page: ask(page, "nl", 1)),
        ("gezichten", LANDSCAPE, _faces_again),
        ("hulp", LANDSCAPE, lambda page: helping(page, "nl")),
        ("aftellen", LANDSCAPE, lambda page: counting(page, "nl")),
        ("bedankt", LANDSCAPE, lambda page: thanks(page, "nl")),
        ("arabisch", LANDSCAPE, lambda page: ask(page, "ar")),
        ("arabisch-staand", TOTEM, lambda page: ask(page, "ar", 2)),
        ("contrast", LANDSCAPE, _faces_again),
        ("contrast-groot-staand", TOTEM, lambda page: ask(page, "nl", 2)),
        ("groot", LANDSCAPE, lambda page: ask(page, "nl", 2)),
        ("donker", LANDSCAPE, lambda _: None),
    ]


def _of_the_desk() -> list[Screen]:
    return [
        ("cijfer", LANDSCAPE, lambda _: None),
        ("cijfer-staand", TOTEM, lambda _: None),
        ("stelling", LANDSCAPE, lambda page: ask(page, "nl", 2)),
        ("toelichting", LANDSCAPE, lambda page: text(page, "nl")),
        ("niet-bewaard", LANDSCAPE, lambda page: refused(page, "nl")),
    ]


def _faces_again(page: Page) -> None:
    """Somebody came back to what they had answered."""
    page.locator(".cell").nth(3).click()
    page.clock.run_for(600)
    page.locator(".back").click()


def _picture(page: Page, name: str, size: Mapping[str, int], go: Callable[[Page], None]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    # The wave over the answers would be somewhere else in every picture.
    page.emulate_media(
        color_scheme="dark" if name == "donker" else "light", reduced_motion="reduce"
    )
    page.reload()
    page.locator(".first").wait_for()
    page.evaluate("document.querySelector('.phone img').decode()")
    page.clock.run_for(600)
    go(page)
    for tool, word in (("contrast", "contrast"), ("larger", "groot")):
        if word in name.split("-") and "scherm" not in name:
            page.evaluate("(name) => document.documentElement.classList.add(name)", tool)
    page.evaluate(SETTLED)
    _take(page, name)


def _take(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    file = PICTURES / f"kiosk-{name}.png"
    file.write_bytes(small_png(page.screenshot()))


if __name__ == "__main__":
    main()
