"""The page where a resident asks to be called, and those that say what became of it.

They are made of the touchpoint and of what was typed on them: none knows of an answer.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from ingest.asgi.compression import Gapped
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.pages.kept_pages import PLACEHOLDER, with_gap
from ingest.pages.links import call_back_link
from ingest.pages.opt_out_pages import languages_of
from ingest.pages.pages import Pages
from ingest.pages.survey_form import UNSHOWABLE
from ingest.texts.callback_texts import CallbackTexts
from ingest.texts.page_texts import texts_in

type_of_sentence = Literal[
    "unreadable", "open_too_long", "too_many", "too_many_today", "unavailable"
]
"""Why nothing was taken in, though nothing that was typed is wrong."""

NUMBER, MOMENT = "tel", "wanneer"
"""Names of the fields. The first is also its type, and what a browser fills in by itself."""

MOMENTS = {"altijd": "always", "ochtend": "morning", "middag": "afternoon"}
"""What may be chosen, and the name of its words; the first is chosen until something else is."""

DONE = "gevraagd"
"""In the query of a GET: the page that says that it is done."""


class CallbackState(msgspec.Struct, frozen=True, kw_only=True):
    """What one request adds: what was typed, which fields are wrong, or why it did not work.

    `wrong` has a code for each field that is: of a number that of `RecipientUnusable`.
    """

    values: Mapping[str, str] = {}
    wrong: Mapping[str, str] = {}
    sentence: type_of_sentence | None = None

    def __repr__(self) -> str:
        return "CallbackState()"


class CallbackPages:
    """Builds them; the page as it is first seen once for everybody, but for its token."""

    def __init__(self, pages: Pages, token_characters: int) -> None:
        """`token_characters`: how long the tokens are that fill the gap."""
        self._pages = pages
        self._length = token_characters
        self._kept: dict[tuple[int, str], Gapped] = {}

    def form(self, municipality: Municipality, touchpoint: Touchpoint, language: str) -> Gapped:
        """The page as everybody gets it; a token in ASCII fills its gap. Raises LanguageUnknown."""
        key = (touchpoint.number, language)
        page = self._kept.get(key)
        if page is None:
            state = CallbackState()
            built = self.form_again(municipality, touchpoint, language, PLACEHOLDER, state)
            page = self._kept[key] = with_gap(built, self._length, quickly=False)
        return page

    def form_again(
        self,
        municipality: Municipality,
        touchpoint: Touchpoint,
        language: str,
        token: str,
        state: CallbackState,
    ) -> bytes:
        """The page of one request, to be sent under this token. Raises LanguageUnknown."""
        texts = texts_in(language)
        said = texts.callback
        errors = {name: _error(name, said, state) for name in (NUMBER, MOMENT)}
        problem = getattr(said, state.sentence) if state.sentence else any(errors.values())
        chosen = state.values.get(MOMENT, "")
        return self._pages.of_template(
            "callback.html",
            municipality=municipality,
            language=language,
            offered=languages_of(municipality),
            form="bellen",
            action="",
            title=texts.problems.title.format(title=said.title) if problem else said.title,
            problem=problem,
            # Whoever cannot ask for it today has another way.
            to_contact=state.sentence == "too_many_today",
            errors=errors,
            paragraphs=_with_days(said.text, touchpoint),
            number=NUMBER,
            moment=MOMENT,
            token=token,
            written=state.values.get(NUMBER, "").translate(UNSHOWABLE),
            chosen=chosen if chosen in MOMENTS else next(iter(MOMENTS)),
            moments={value: getattr(said, name) for value, name in MOMENTS.items()},
        )

    def done(self, municipality: Municipality, touchpoint: Touchpoint, language: str) -> bytes:
        """That somebody will call: the same for everybody. Raises LanguageUnknown."""
        said = texts_in(language).callback
        return self._said(municipality, language, said.done, _with_days(said.done_text, touchpoint))

    def again(self, municipality: Municipality, touchpoint: Touchpoint, language: str) -> bytes:
        """For who sent the same form before, with whatever number. Raises LanguageUnknown."""
        said = texts_in(language).callback
        other = call_back_link(touchpoint, language)
        return self._said(municipality, language, said.again, said.again_text, other)

    def _said(
        self,
        municipality: Municipality,
        language: str,
        title: str,
        paragraphs: tuple[str, ...],
        other: str = "",
    ) -> bytes:
        return self._pages.of_template(
            "called_back.html",
            municipality=municipality,
            language=language,
            offered=() if other else languages_of(municipality),
            query={DONE: "ja"},
            title=title,
            paragraphs=paragraphs,
            other=other,
        )


def _error(name: str, said: CallbackTexts, state: CallbackState) -> str:
    if name not in state.wrong:
        return ""
    if name == MOMENT:
        return said.wrong_when
    if not state.values.get(NUMBER):
        return said.nothing
    sentences = {"abroad": said.abroad_tel, "costs-more": said.costly_tel}
    return sentences.get(state.wrong[NUMBER], said.wrong_tel)


def _with_days(paragraphs: tuple[str, ...], touchpoint: Touchpoint) -> tuple[str, ...]:
    days = touchpoint.callback.working_days if touchpoint.callback else 0
    return tuple(each.format(days=days) for each in paragraphs)
