"""The pages where a resident asks for no more messages, and that on which we say that it is done.

None of them tells whether we knew the number or address: they are made of what was typed alone.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from ingest.asgi.compression import StaticPage, compressed
from ingest.municipalities.municipality import Municipality
from ingest.pages.pages import Pages
from ingest.pages.survey_form import UNSHOWABLE
from ingest.texts.page_texts import OptOut, page_texts, texts_in

type_of_way = Literal["typed", "linked"]
"""How somebody came: where one types a number or address, or by the link in a mail."""

type_of_sentence = Literal["unreadable", "expired", "too_many", "unavailable"]
"""Why nothing was written down, though nothing that was typed is wrong."""

FIELDS = ("tel", "email")
"""Names of the fields; each is also its type, and what a browser fills in by itself."""


DONE = "afgemeld"
"""In the query of a GET: the page that says that it is done, again in another language."""


def languages_of(municipality: Municipality) -> tuple[str, ...]:
    """All that we have, because all can end messages: first its own, in the order of its file."""
    ours = page_texts()
    return tuple(dict.fromkeys((*(each for each in municipality.languages if each in ours), *ours)))


class OptOutState(msgspec.Struct, frozen=True, kw_only=True):
    """What one request adds: what was typed, which fields are wrong, or why it did not work.

    `nothing`: both were left empty. `action` is where to send the form instead of to its address.
    """

    values: Mapping[str, str] = {}
    wrong: tuple[str, ...] = ()
    nothing: bool = False
    sentence: type_of_sentence | None = None
    action: str | None = None

    def __repr__(self) -> str:
        return "OptOutState()"


class _Field(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    label: str
    help: str
    written: str
    error: str


class OptOutPages:
    """Builds them; those without anything of a request once for everybody."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._kept: dict[tuple[str, str, str], StaticPage] = {}

    def form(self, municipality: Municipality, language: str, way: type_of_way) -> StaticPage:
        """The page as everybody gets it. Raises LanguageUnknown."""
        key = (municipality.slug, language, way)
        page = self._kept.get(key)
        if page is None:
            built = self.form_again(municipality, language, way, OptOutState())
            page = self._kept[key] = compressed(built)
        return page

    def form_again(
        self, municipality: Municipality, language: str, way: type_of_way, state: OptOutState
    ) -> bytes:
        """The page of one request. Raises LanguageUnknown."""
        texts = texts_in(language)
        said = texts.opt_out
        fields = tuple(_field(name, said, state) for name in FIELDS) if way == "typed" else ()
        wrong = tuple(field for field in fields if field.error)
        problem = getattr(said, state.sentence) if state.sentence else wrong
        title = texts.problems.title.format(title=said.title) if problem else said.title
        return self._pages.of_template(
            "opt_out.html",
            municipality=municipality,
            language=language,
            offered=languages_of(municipality),
            title=title,
            problem=problem,
            said=said.typed if way == "typed" else said.linked,
            fields=fields,
            action=state.action,
        )

    def done(self, municipality: Municipality, language: str) -> bytes:
        """That it is written down: the same for everybody. Raises LanguageUnknown.

        Its language links ask for this page by `DONE`, which writes nothing down.
        """
        return self._pages.of_template(
            "opted_out.html",
            municipality=municipality,
            language=language,
            offered=languages_of(municipality),
            query={DONE: "ja"},
        )


def _field(name: str, said: OptOut, state: OptOutState) -> _Field:
    error = getattr(said, f"wrong_{name}") if name in state.wrong else ""
    if state.nothing and name == FIELDS[0]:
        error = said.nothing
    return _Field(
        name=name,
        label=getattr(said, name),
        help=getattr(said, f"{name}_help"),
        written=state.values.get(name, "").translate(UNSHOWABLE),
        error=error,
    )
