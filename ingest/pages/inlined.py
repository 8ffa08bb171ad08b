"""What residents' pages hold in themselves: a style for each municipality, and two small scripts.

A survey is one request so. The policy of a page allows each by its hash, so the text in the page is
to the byte the text that was hashed: both come from here, once, when the service starts.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ingest.asgi import headers
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.house_style import HouseStyle
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.pages.stylesheets import stylesheet
from ingest.questionnaires.questionnaire import Questionnaire

_DIRECTORY = Path(__file__).resolve().parent / "templates"


class Inlined:
    """The styles and scripts of all municipalities' pages, and the header lines that allow them."""

    def __init__(self, catalogue: Catalogue) -> None:
        base = (_DIRECTORY / "survey.css").read_text("utf-8")
        self.script = _within_script((_DIRECTORY / "survey.js").read_text("utf-8"))
        self.frame_script = _within_script((_DIRECTORY / "embedded.js").read_text("utf-8"))
        self._plain_style = _within_style(stylesheet(base, HouseStyle(), ()))
        self._plain_lines = headers.whole_page(style=self._plain_style, scripts=())
        municipalities = catalogue.municipalities.values()
        self._styles = {
            each.slug: _within_style(stylesheet(base, each.style, asked_by(each, catalogue)))
            for each in municipalities
        }
        self._lines = {
            slug: headers.whole_page(style=style, scripts=(self.script,))
            for slug, style in self._styles.items()
        }
        self._frame_lines = {
            touchpoint.number: headers.embedded_page(
                style=self._styles[each.slug],
                scripts=(self.script, self.frame_script),
                origins=touchpoint.allowed_origins,
            )
            for each in municipalities
            for touchpoint in each.touchpoints
        }

    def style_of(self, municipality: Municipality | None) -> str:
        """The style of a municipality, or the plain one where there is none."""
        return self._styles[municipality.slug] if municipality else self._plain_style

    def lines(self, slug: str | None) -> headers.PageLines:
        """The header lines of pages in the style of this municipality, or in the plain one."""
        return self._lines[slug] if slug else self._plain_lines

    def frame_lines(self, touchpoint: Touchpoint) -> headers.PageLines:
        """The header lines of this touchpoint's pages in an iframe."""
        return self._frame_lines[touchpoint.number]


def asked_by(municipality: Municipality, catalogue: Catalogue) -> Iterator[Questionnaire]:
    """Every version of every questionnaire that a municipality's touchpoints ask, each once.

    Replaced versions too: a form that was open while the version changed may come back with errors.
    """
    touchpoints = {touchpoint.questionnaire: touchpoint for touchpoint in municipality.touchpoints}
    for code, version in sorted(catalogue.questionnaires):
        if code in touchpoints:
            yield catalogue.questionnaire(touchpoints[code], version)


# A municipality's style is the same until its file changes, however often a service begins.
@lru_cache(maxsize=1024)
def _within_style(css: str) -> str:
    """Our CSS without what only its authors need. It holds no string with two spaces in a row."""
    short = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    short = re.sub(r"\s+", " ", short)
    short = re.sub(r" ?([{};>]) ?", r"\1", short)
    short = re.sub(r"(?<=[ (])0(?=\.\d)", "", short)
    short = re.sub(r"([:,]) ", r"\1", short).replace(";}", "}").strip()
    return _closed_by("style", short)


def _within_script(script: str) -> str:
    """Our script without comments and indents. No string of ours holds what begins a comment."""
    short = re.sub(r"/\*.*?\*/", "", script, flags=re.DOTALL)
    short = re.sub(r"^\s*//.*$", "", short, flags=re.MULTILINE)
    return _closed_by("script", re.sub(r"\s*\n\s*", "\n", short).strip())


def _closed_by(element: str, content: str) -> str:
    """Content that stands in a page as it is. Raises ValueError where it would end the element."""
    if "</" in content or "<!--" in content:
        raise ValueError(f"this cannot stand in a <{element}>")
    return content
