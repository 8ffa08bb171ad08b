"""The pages of the demo: its start page, and the example site of a municipality."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from jinja2 import Environment

from ingest.demo.arrivals import ANSWER_COLUMNS, Arrivals, no_response
from ingest.demo.charts import Charts, charts_of
from ingest.demo.example_site import STYLES, WIDGETS
from ingest.demo.figures import Figures
from ingest.demo.neighbours.signalen import ReportSystem
from ingest.demo.played import PAGES
from ingest.demo.told import Delivered as Told
from ingest.demo.written import Written
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.house_style import HouseStyle, custom_properties, dark_colours
from ingest.municipalities.municipality import Municipality
from ingest.pages.assets import Asset
from ingest.pages.templating import templates_of
from ingest.senders.file import WrittenMessage
from ingest.senders.mail_html import Piece, pieces
from ingest.texts.text_messages import ONE_PART, septets

LANGUAGES = ("nl", "en")
KIOSK = "balie-zuil"
"""The touchpoint whose tablet the start page opens: the one with faces."""

STEPS = 3
"""Of the form on the example site."""

_PACKAGE = Path(__file__).resolve().parent
_TEMPLATES = _PACKAGE / "templates"


class DrawnMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as a telephone or a mailbox shows it: paragraphs of pieces.

    `septets` is how long a text message is, as a network counts.
    """

    written: WrittenMessage
    paragraphs: tuple[tuple[Piece, ...], ...]
    septets: int


class DemoPages:
    """Builds the pages. `base_url` is where surveys are; the example site is on another origin."""

    def __init__(
        self,
        catalogue: Catalogue,
        base_url: str,
        *,
        shown: str,
        list_file: Path,
        pairs_tablet: bool = False,
        reports: ReportSystem | None = None,
    ) -> None:
        """`shown`: the slug of the one that is played; `list_file`: a list of residents.

        `pairs_tablet`: a button of the start page does it, instead of an operator. `reports` knows
        what became of a report whose mail is shown.
        """
        self._reports = reports or ReportSystem()
        self._pairs_tablet = pairs_tablet
        self._list_file = list_file
        self._catalogue = catalogue
        self._shown = catalogue.municipality(shown)
        self.base_url = base_url
        self.site_url = another_origin(base_url)
        style = _read("demo.css")
        self._script = Asset("demo", "js", "text/javascript; charset=utf-8", _read("live.js"))
        self._start_style = _stylesheet(
            "demo",
            custom_properties(HouseStyle())
            + style
            + _read("start.css")
            + _read("figures.css")
            + _read("told.css")
            + _colours(catalogue),
        )
        self._styles = {
            slug: _stylesheet(
                "voorbeeld", custom_properties(each.style) + style + _read("site.css")
            )
            for slug, each in catalogue.municipalities.items()
        }
        self._icon = Asset("meetpunt", "svg", "image/svg+xml", _read("icon.svg"))
        files = (self._script, self._start_style, *self._styles.values(), self._icon)
        self.files = {_place(file): file for file in files}

    def start(
        self,
        language: str,
        *,
        arrivals: Arrivals,
        etag: str,
        messages: Mapping[str, WrittenMessage],
        listed: Sequence[WrittenMessage] = (),
        figures: Figures | None = None,
        written: Sequence[Written] = (),
        trouble: str | None = None,
    ) -> bytes:
        """The start page. `messages` are those that it shows, by touchpoint; `listed` of a list.

        `trouble` is the key of the words for what went wrong: `away` or `not_sent`.
        """
        texts = texts_in(language)
        shown = {name: message.reference for name, message in messages.items()}
        if listed:
            shown["lijst"] = " ".join(each.reference for each in listed)
        # A new address each time: with the same one, a browser would only scroll to #live.
        again = {**shown, "lang": language, "ververs": token_hex(4)}
        return self._render(
            "start.html",
            language,
            style=self._start_style,
            query=shown,
            script=_place(self._script),
            texted={name: _drawn(messages.get(name)) for name in ("telefonie", "terugbelverzoek")},
            mails={name: _drawn(messages.get(name)) for name in ("melding", "vergunning")},
            shown=shown,
            listed=listed,
            list_file=self._list_file,
            list_of=f"{self._shown.slug}/telefonie",
            one_part=ONE_PART,
            arrivals=arrivals,
            charts=_charts(figures or Figures(), texts),
            written=written,
            etag=etag,
            no_response=no_response(),
            answer_columns=ANSWER_COLUMNS,
            refresh=f"/?{urlencode(again)}#live",
            municipalities=self._played_first(),
            open_link=lambda slug, municipality=self._shown.slug: (
                f"/o/{municipality}/{slug}?lang={language}"
            ),
            kiosk=f"/kiosk/{self._shown.slug}/{KIOSK}",
            pairs_tablet=self._pairs_tablet,
            site=f"{self.site_url}/voorbeeld/verhuizing/1?lang={language}",
            styled_site=f"{self.site_url}/voorbeeldsite",
            styled_pages={style: tuple(WIDGETS) for style in STYLES},
            trouble=trouble,
        )

    def site(self, language: str, step: int) -> bytes:
        """A page of the example site's form; `step` is 1 to 3."""
        hints = {"product": "verhuizing", "form": "verhuizing-doorgeven", "lang": language}
        return self._render(
            "site.html",
            language,
            style=self._styles[self._shown.slug],
            query={},
            step=step,
            survey=f"{self.base_url}/o/{self._shown.slug}/online?{urlencode(hints)}",
        )

    def municipal(self, language: str, slug: str, page: str) -> bytes:
        """One of `PAGES` of a municipality's site. Raises `MunicipalityUnknown`, `KeyError`."""
        texts, key = texts_in(language)["municipal"], PAGES[page]
        return self._render(
            "municipal.html",
            language,
            style=self._styles[self._catalogue.municipality(slug).slug],
            query={},
            owner=texts["owner"].format(name=self._catalogue.municipality(slug).name),
            words=texts[page],
            key=key,
            others=[(other, texts[other]["title"]) for other in PAGES if other != page],
            start=self.base_url,
        )

    def told(
        self, language: str, delivered: Told | None, mails: Sequence[WrittenMessage], **more: Any
    ) -> bytes:
        """Who was told of signals: `delivered` to their own program, and by mail; and `more`."""
        return self._render(
            "told.html",
            language,
            style=self._start_style,
            query={},
            delivered=delivered,
            mails=[_drawn(each) for each in mails],
            refresh=f"/opvolging?{urlencode({'lang': language, 'ververs': token_hex(4)})}",
            **more,
        )

    def _played_first(self) -> list[Municipality]:
        """The one that is played, then those of its region, then the others."""
        own = self._shown
        every = self._catalogue.municipalities.values()
        return sorted(every, key=lambda m: (m is not own, m.region != own.region, m.name))

    def _render(
        self, template: str, language: str, *, style: Asset, query: Mapping[str, str], **shown: Any
    ) -> bytes:
        languages = [
            {
                "code": code,
                "name": texts_in(code)["name"],
                "href": "?" + urlencode({**query, "lang": code}),
                "current": code == language,
            }
            for code in LANGUAGES
        ]
        page = _templates().get_template(template)
        return page.render(
            t=texts_in(language),
            languages=languages,
            stylesheet=_place(style),
            icon=_place(self._icon),
            reports=self._reports,
            departments=self._shown.departments,
            **shown,
        ).encode()


def _drawn(message: WrittenMessage | None) -> DrawnMessage | None:
    if message is None:
        return None
    said = (message.text or message.plain).strip().split("\n\n")
    return DrawnMessage(
        written=message,
        paragraphs=tuple(
            tuple(pieces(each, language=message.language, way_out=message.unsubscribe_url))
            for each in said
        ),
        septets=septets(message.text),
    )


def another_origin(base_url: str) -> str:
    """The same machine under its other name, which a browser takes for another site.

    Where surveys are not on localhost there is no other name to be sure of, and it stays the same.
    """
    parts = urlsplit(base_url)
    if parts.hostname != "localhost":
        return base_url
    return f"{parts.scheme}://{parts.netloc.replace('localhost', '127.0.0.1', 1)}"


@cache
def texts_in(language: str) -> Mapping[str, Any]:
    """The words of the demo in one of `LANGUAGES`."""
    return tomllib.loads((_PACKAGE / "texts" / f"{language}.toml").read_text("utf-8"))


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


def _stylesheet(name: str, css: str) -> Asset:
    return Asset(name, "css", "text/css; charset=utf-8", css)


def _place(asset: Asset) -> str:
    """Where the demo serves a file: apart from those that residents' pages have."""
    return "/demo" + asset.path.removeprefix("/static")


def _colours(catalogue: Catalogue) -> str:
    """Each municipality's colour, as `--own`, by day and in the dark."""
    every = catalogue.municipalities.values()
    light = "".join(f".of-{m.slug} {{ --own: {m.style.accent}; }}\n" for m in every)
    dark = "".join(f".of-{m.slug} {{ --own: {dark_colours(m.style).accent}; }}\n" for m in every)
    return f"{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _charts(figures: Figures, texts: Mapping[str, Any]) -> Charts:
    """The pictures, each channel under the name that the rest of the page has for it."""
    return charts_of(figures, lambda code, name: texts.get(code, {}).get("channel", name))


def _mark(mark: float, language: str) -> str:
    """A mark with one decimal, as it is written in that language."""
    return f"{mark:.1f}".replace(".", "," if language == "nl" else ".")


def _short(number: float, language: str) -> str:
    """A number without a decimal that says nothing: 8, and 7,5."""
    return _mark(number, language).removesuffix(",0").removesuffix(".0")


@cache
def _templates() -> Environment:
    environment = templates_of("ingest.demo")
    environment.filters["mark"] = _mark
    environment.filters["short"] = _short
    return environment
