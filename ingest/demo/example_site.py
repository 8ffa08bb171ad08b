"""The example municipal site: three pages in three house styles, each with the widget in its way.

It stands on another origin than the surveys, under the strictest policy that a site may have.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from ingest.demo.reader_roles import SHOWN
from ingest.municipalities.catalogue import Catalogue
from ingest.pages.assets import Asset
from ingest.pages.templating import templates_of
from ingest.widget.snippet import widget_snippet

STYLES = {"polder": "nl", "nacht": "nl", "haven": "ar"}
"""House styles, and the language of the site in each: light, dark, and right to left."""

SITES = {"polder": SHOWN, "nacht": SHOWN, "haven": "waterakker"}
"""Whose site each is. Molensloot asks in two languages; Waterakker in all, Arabic among them."""

WIDGETS: Mapping[str, Mapping[str, str]] = {
    "paspoort": {"product": "paspoort"},
    "uittreksel": {
        "after": "#ontvangen",
        "product": "uittreksel",
        "form": "uittreksel-aanvragen",
    },
    "contact": {"mode": "button"},
}
"""Pages, and the attributes of the widget on each: inline, behind a form, and as a button."""

FILES = "/voorbeeldsite/bestanden"

_PACKAGE = Path(__file__).resolve().parent
_TEMPLATES = _PACKAGE / "templates"


class ExampleSite:
    """Builds the pages, for surveys of each municipality's touchpoint `online` at `base_url`."""

    def __init__(self, base_url: str, catalogue: Catalogue) -> None:
        self._base_url = base_url
        self._catalogue = catalogue
        site = _read("voorbeeldsite/site.css")
        self._stylesheets = {
            style: Asset(style, "css", "text/css", _read(f"voorbeeldsite/{style}.css") + site)
            for style in STYLES
        }
        self._icon = Asset("molen", "svg", "image/svg+xml", _read("icon.svg"))
        self.files = {_name(file): file for file in (*self._stylesheets.values(), self._icon)}

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of every page; it allows the widget's origin alone."""
        return (
            f"default-src 'none'; script-src {self._base_url}; connect-src {self._base_url};"
            " style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
            " frame-ancestors 'none'; require-trusted-types-for 'script'"
        )

    def page(self, style: str, name: str, *, sent: bool = False) -> bytes:
        """One of `WIDGETS` in one of `STYLES`; `sent`: as it is after its form."""
        language, online = STYLES[style], self._catalogue.touchpoint(SITES[style], "online")
        snippet = widget_snippet(
            self._base_url,
            online.path,
            language,
            self._catalogue.questionnaire(online).title[language],
            attributes=WIDGETS[name],
        )
        page = _templates().get_template("voorbeeldsite/page.html")
        return page.render(
            t=texts_of(language),
            style=style,
            styles=list(STYLES),
            name=name,
            names=list(WIDGETS),
            sent=sent,
            snippet=snippet,
            stylesheet=f"{FILES}/{_name(self._stylesheets[style])}",
            icon=f"{FILES}/{_name(self._icon)}",
            start=self._base_url,
        ).encode()


@cache
def texts_of(language: str) -> Mapping[str, Any]:
    """The words of the site in one of the languages of `STYLES`."""
    file = _PACKAGE / "texts" / "voorbeeldsite" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))


def _name(asset: Asset) -> str:
    return asset.path.rpartition("/")[2]


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


@cache
def _templates() -> Environment:
    return templates_of("ingest.demo")
