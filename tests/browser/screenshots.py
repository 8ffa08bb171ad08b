"""Photograph residents' pages: `python -m tests.browser.screenshots`; `--all FOLDER`: every look.

Each is measured before it is taken: no text outside its box, no target under its size, no width to
scroll. Without `--all` the telling ones go to docs/img.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Browser

from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import Catalogue, load_catalogue
from ingest.pages.pages import FormState, Pages
from ingest.responses.answers import AnswersRejected, answers_from_form, check_answers
from tests.browser.chromium import chromium
from tests.browser.fitting import enlarge_text, misfits
from tests.browser.pages_server import PagesServer, serving
from tests.browser.small_png import small_png
from tests.example import example_directory

DIRECTORY = Path(__file__).resolve().parents[2] / "docs" / "img"
TYPED: Mapping[str, Sequence[str]] = {
    "geholpen": ["ja"],
    "vriendelijk": ["5"],
    "wachttijd": ["2"],
    "duidelijk": ["4"],
    "toelichting": ["Ik ben vriendelijk geholpen. Het wachten duurde wel lang."],
}
TODAY = date(2026, 12, 1)


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One screen: its name, its size in pixels, and what its reader prefers."""

    name: str
    width: int
    height: int
    scheme: str = "light"
    forced: bool = False
    large_text: bool = False


TELLING = tuple(
    Look(name=f"{width}-{called}", width=width, height=720, scheme=scheme)
    for width in (360, 1280)
    for scheme, called in (("light", "licht"), ("dark", "donker"))
)
EVERY = (
    *TELLING,
    Look(name="320-groot", width=320, height=640, large_text=True),
    Look(name="768-licht", width=768, height=1024),
    Look(name="1920-licht", width=1920, height=1080),
    Look(name="1080-staand", width=1080, height=1920),
    Look(name="360-contrast", width=360, height=640, forced=True),
)


def shown(catalogue: Catalogue, pages: Pages, slug: str = "molensloot") -> Mapping[str, bytes]:
    """The pages that are photographed, by name."""
    municipality = catalogue.municipality(slug)
    touchpoint = catalogue.touchpoint(slug, "balie-hal")
    questionnaire = catalogue.questionnaire(touchpoint)
    try:
        check_answers(questionnaire, answers_from_form(questionnaire, TYPED))
    except AnswersRejected as refused:
        state = FormState(values=TYPED, reasons=refused.reasons)

    def told(name: str, language: str = "nl") -> bytes:
        return pages.message(
            name,
            municipality=municipality,
            touchpoint=touchpoint,
            language=language,
            today=TODAY,
        )

    return {
        "vragenlijst": pages.survey(touchpoint, questionnaire, "nl").identity,
        "fout": pages.survey_again(touchpoint, questionnaire, "nl", state),
        "bedankt": told("thanks"),
        "arabisch": pages.survey_again(touchpoint, questionnaire, "ar", state),
        "bedankt-arabisch": told("thanks", "ar"),
        "gebruikt": told("spent"),
        "verlopen": told("expired"),
        "onbekend": pages.hosts.not_found(f"kto.{slug}.example")[0],
        "voorpagina": pages.hosts.home("nl", f"kto.{slug}.example")[0],
    }


IN_THE_DOCUMENTATION = ("vragenlijst", "fout", "bedankt", "arabisch")


def photographs(
    browser: Browser, server: PagesServer, names: Sequence[str], looks: Sequence[Look]
) -> Iterator[tuple[str, bytes, list[str]]]:
    """Each page in each look: its name, its picture, and what does not fit on it."""
    for name in names:
        for look in looks:
            page = browser.new_page(viewport={"width": look.width, "height": look.height})
            media: dict[str, Any] = {"color_scheme": look.scheme}
            page.emulate_media(**media, forced_colors="active" if look.forced else "none")
            page.goto(f"{server.url}/{name}")
            if look.large_text:
                enlarge_text(page)
            yield f"{name}-{look.name}", page.screenshot(full_page=True), misfits(page)
            page.close()


def main(arguments: Sequence[str]) -> None:
    """Write the photographs; stop at the first page on which something does not fit."""
    every = list(arguments[:1]) == ["--all"]
    directory = Path(arguments[1]) if every else DIRECTORY
    directory.mkdir(parents=True, exist_ok=True)
    catalogue = load_catalogue(example_directory(), questionnaires_directory())
    pages = Pages(catalogue)
    taken = shown(catalogue, pages)
    with serving(pages) as server, chromium() as browser:
        server.pages.update({f"/{name}": lambda body=body: body for name, body in taken.items()})  # type: ignore[misc]
        names = tuple(taken) if every else IN_THE_DOCUMENTATION
        looks = EVERY if every else TELLING
        for name, picture, wrong in photographs(browser, server, names, looks):
            (directory / f"{name}.png").write_bytes(picture if every else small_png(picture))
            print(name, *wrong, sep="\n  ")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
