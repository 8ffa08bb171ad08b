"""The pages that residents see. A survey page is built once; all others are built per request."""

from collections.abc import Mapping, Sequence
from functools import cache
from urllib.parse import urlencode

import msgspec
from jinja2 import Environment

from ingest.asgi.compression import StaticPage, compressed
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.pages.assets import Asset, Assets
from ingest.pages.stylesheets import form_class
from ingest.pages.survey_form import (
    FormState,
    questions,
    stray_errors,
    what_is_required,
    what_to_expect,
)
from ingest.pages.templating import templates_of
from ingest.questionnaires.kinds import MOST_CHARACTERS
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.texts.page_texts import Texts, page_texts, texts_in, wording

__all__ = ["Asset", "FormState", "Frame", "Pages", "StaticPage"]

_MOST_WITH_QUERY = 500
_SWITCHED = ("expired", "thanks")
"""Messages at an address of their own, where `?lang=` asks for another language."""

_Key = tuple[int, str, int, str]  # touchpoint, questionnaire, version, language


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Where a resident can go for help."""

    href: str
    label: str


class LanguageLink(msgspec.Struct, frozen=True, kw_only=True):
    """One language of the switch, under the name that its own speakers use."""

    code: str
    name: str
    dir: str
    href: str
    current: bool


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What a page in an iframe needs besides: the sites that may hold it, and its token.

    The token cannot be in the address, because the address of an iframe is the same for everybody.
    """

    origins: Sequence[str]
    script: str
    token: str = ""


class Pages:
    """Builds every page of every municipality, and keeps survey pages, which hold no token."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._assets = Assets(catalogue)
        self._surveys: dict[_Key, StaticPage] = {}
        self._with_query: dict[tuple[object, ...], StaticPage] = {}
        self._not_found = self._build_not_found()

    def survey(
        self,
        touchpoint: Touchpoint,
        questionnaire: Questionnaire,
        language: str,
        query: Mapping[str, str] = {},
    ) -> StaticPage:
        """The survey for whoever opens the link, without anything of one person.

        Everybody gets the same bytes, so their compressed length cannot reveal a secret. `query` is
        what the language links keep of the address. It must hold only values that files list, or
        anybody could fill the memory with pages. Raises LanguageUnknown.
        """
        key = (touchpoint.number, questionnaire.code, questionnaire.version, language)
        if query:
            return self._survey_with(key, touchpoint, questionnaire, query)
        page = self._surveys.get(key)
        if page is None:
            page = compressed(self.survey_again(touchpoint, questionnaire, language, FormState()))
            self._surveys[key] = page
        return page

    def _survey_with(
        self,
        key: _Key,
        touchpoint: Touchpoint,
        questionnaire: Questionnaire,
        query: Mapping[str, str],
    ) -> StaticPage:
        """As `survey`, but compressed quickly: there are many combinations of values."""
        with_query = (*key, *sorted(query.items()))
        page = self._with_query.get(with_query)
        if page is None:
            state = FormState(query=query)
            built = self.survey_again(touchpoint, questionnaire, key[-1], state)
            page = compressed(built, quickly=True)
            if len(self._with_query) >= _MOST_WITH_QUERY:
                self._with_query.clear()
            self._with_query[with_query] = page
        return page

    def survey_again(
        self,
        touchpoint: Touchpoint,
        questionnaire: Questionnaire,
        language: str,
        state: FormState,
        frame: Frame | None = None,
    ) -> bytes:
        """The survey of one request: with what was typed, errors, and why to send it again."""
        texts = texts_in(language)
        municipality = self._catalogue.municipality(touchpoint.municipality)
        offered = [code for code in touchpoint.languages if code in questionnaire.languages]
        shown_questions = questions(questionnaire, texts, state)
        strays = stray_errors(questionnaire, texts, state.reasons)
        notice = texts.notices[state.notice] if state.notice else None
        heading = wording(questionnaire.title, language)
        title = f"{heading} - {texts.asker.format(municipality=municipality.name)}"
        if state.reasons:
            title = texts.problems.title.format(title=title)
        elif notice:
            title = f"{notice.title} - {title}"
        return _render(
            "embedded.html" if frame else "survey.html",
            frame=frame,
            texts=texts,
            municipality=municipality,
            languages=_language_links(offered, language, state.query),
            stylesheet=self._assets.style_of(municipality).path,
            script=self._assets.script.path,
            title=title,
            heading=heading,
            intro=wording(questionnaire.intro, language),
            what_to_expect=what_to_expect(questionnaire, texts),
            small_group=touchpoint.small_group,
            what_is_required=what_is_required(questionnaire, texts),
            questions=shown_questions,
            wrong=sum(len(question.errors) for question in shown_questions) + len(strays),
            stray_errors=strays,
            notice=notice,
            action=state.action,
            response_id=state.response_id,
            form_class=form_class(questionnaire),
            version=questionnaire.version,
            limit=MOST_CHARACTERS,
            links=_help_links(municipality, texts),
        )

    def message(
        self,
        name: str,
        *,
        municipality: Municipality | None = None,
        language: str = "nl",
        touchpoint: Touchpoint | None = None,
        frame: Frame | None = None,
        scanned: bool = False,
    ) -> bytes:
        """A page without questions: `name` is a key of the texts' messages. Raises LanguageUnknown.

        `not-found` is always the same page, in every language at once: it must not reveal whether a
        municipality or a touchpoint exists. `expired` links to the open link of a `touchpoint` that
        is not retired (`scanned`: to that of its QR code), except in a `frame`, where that link
        does not open.
        """
        if name == "not-found":
            return self._not_found
        texts = texts_in(language)
        still_open = touchpoint is not None and not touchpoint.retired and frame is None
        # Only on these a language link works: the other messages are replies to a form.
        offered = touchpoint.languages if touchpoint and name in _SWITCHED else ()
        query = {"meetpunt": touchpoint.path} if touchpoint and name == "thanks" else {}
        return _render(
            "embedded_message.html" if frame else "message.html",
            frame=frame,
            texts=texts,
            municipality=municipality,
            languages=_language_links(offered, language, query),
            stylesheet=self._assets.style_of(municipality).path,
            message=texts.messages[name],
            open_link=_open_link(touchpoint, language, scanned)
            if touchpoint and still_open
            else "",
        )

    def of_template(
        self,
        template: str,
        *,
        municipality: Municipality,
        language: str,
        offered: Sequence[str] = (),
        query: Mapping[str, str] = {},
        **shown: object,
    ) -> bytes:
        """A page of another template, in the municipality's style. Raises LanguageUnknown.

        It links to itself in the `offered` languages, with `query`.
        """
        texts = texts_in(language)
        return _render(
            template,
            texts=texts,
            municipality=municipality,
            languages=_language_links(offered, language, query),
            stylesheet=self._assets.style_of(municipality).path,
            links=_help_links(municipality, texts),
            **shown,
        )

    def frame(self, touchpoint: Touchpoint, token: str = "") -> Frame:
        """What the pages of this touchpoint hold when they stand in an iframe."""
        return Frame(
            origins=touchpoint.allowed_origins,
            script=self._assets.frame_script.path,
            token=token,
        )

    def asset(self, path: str) -> Asset | None:
        """The stylesheet or script at this path; its content never changes under its name."""
        return self._assets.at(path)

    def _build_not_found(self) -> bytes:
        every_language = tuple(page_texts().values())
        return _render(
            "not_found.html",
            texts=every_language[0],
            every_language=every_language,
            municipality=None,
            languages=(),
            stylesheet=self._assets.plain_style.path,
        )


def _open_link(touchpoint: Touchpoint, language: str, scanned: bool) -> str:
    return f"/o/{touchpoint.path}?{'via=qr&' if scanned else ''}lang={language}"


def _language_links(
    offered: Sequence[str], language: str, query: Mapping[str, str]
) -> Sequence[LanguageLink]:
    known = page_texts()
    parameters = {name: value for name, value in query.items() if name != "lang"}
    return tuple(
        LanguageLink(
            code=code,
            name=known[code].name,
            dir=known[code].dir,
            href="?" + urlencode({**parameters, "lang": code}, errors="replace"),
            current=code == language,
        )
        for code in offered
        if code in known
    )


def _help_links(municipality: Municipality, texts: Texts) -> Sequence[Link]:
    return (
        Link(href=municipality.contact_url, label=texts.survey.contact),
        Link(href=municipality.privacy_url, label=texts.survey.privacy),
        Link(href=municipality.accessibility_url, label=texts.survey.accessibility),
    )


def _render(template: str, **shown: object) -> bytes:
    # What was typed can hold half a surrogate pair, which has no place in UTF-8.
    return _templates().get_template(template).render(**shown).encode("utf-8", "replace")


@cache
def _templates() -> Environment:
    return templates_of("ingest.pages")
