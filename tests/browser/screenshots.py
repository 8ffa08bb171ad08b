"""Photograph the survey page for the documentation: `python -m tests.browser.screenshots`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Browser

from ingest.files.resources import example_directory, questionnaires_directory
from ingest.municipalities.catalogue import load_catalogue
from ingest.pages.pages import FormState, Pages
from ingest.responses.answers import AnswersRejected, answers_from_form, check_answers
from tests.browser.chromium import chromium
from tests.browser.pages_server import PagesServer, serving
from tests.browser.small_png import small_png

DIRECTORY = Path(__file__).resolve().parents[2] / "docs" / "img"
WIDTHS = (360, 1280)
TYPED: Mapping[str, Sequence[str]] = {
    "geholpen": ["ja"],
    "vriendelijk": ["5"],
    "wachttijd": ["2"],
    "toelichting": ["Ik ben vriendelijk geholpen. Het wachten duurde wel lang."],
}


def photographed(pages: Pages, server: PagesServer) -> None:
    """Put the pages that are photographed on the server: `/vragenlijst`, `/fout` and so on."""
    catalogue = load_catalogue(example_directory(), questionnaires_directory())
    municipality = catalogue.municipality("molensloot")
    touchpoint = catalogue.touchpoint("molensloot", "balie-hal")
    questionnaire = catalogue.questionnaire(touchpoint)
    try:
        check_answers(questionnaire, answers_from_form(questionnaire, TYPED))
    except AnswersRejected as refused:
        state = FormState(values=TYPED, reasons=refused.reasons)
    thanks = pages.message("thanks", municipality=municipality, touchpoint=touchpoint)
    shown = {
        "/vragenlijst": pages.survey(touchpoint, questionnaire, "nl").identity,
        "/fout": pages.survey_again(touchpoint, questionnaire, "nl", state),
        "/bedankt": thanks,
        "/arabisch": pages.survey_again(touchpoint, questionnaire, "ar", state),
    }
    server.pages.update({path: lambda body=body: body for path, body in shown.items()})  # type: ignore[misc]


def photograph(browser: Browser, server: PagesServer, directory: Path) -> None:
    """Every page at every width, light and dark, as `vragenlijst-360-licht.png`."""
    for path in server.pages:
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 720})
            page.goto(server.url + path)
            for scheme, called in (("light", "licht"), ("dark", "donker")):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                file = directory / f"{path[1:]}-{width}-{called}.png"
                file.write_bytes(small_png(page.screenshot(full_page=True)))
            page.close()


def main() -> None:
    """Write all photographs to docs/img."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    catalogue = load_catalogue(example_directory(), questionnaires_directory())
    pages = Pages(catalogue)
    with serving(pages) as server, chromium() as browser:
        photographed(pages, server)
        photograph(browser, server, DIRECTORY)
    for file in sorted(DIRECTORY.glob("*.png")):
        print(f"{file.stat().st_size:>8} {file.name}")  # noqa: T201


if __name__ == "__main__":
    main()
