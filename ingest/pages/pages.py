"""The pages that residents see. A survey page is built once; all others are built per request."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from ingest.asgi.compression import StaticPage, compressed
from ingest.asgi.headers import PageLines
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.improvements import latest_improvement
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.pages.host_pages import HostPages
from ingest.pages.inlined import Inlined
from ingest.pages.links import (
    THANKED_FOR_REPORT,
    call_back_link,
    help_links,
    language_links,
    open_link,
    site_of,
)
from ingest.pages.rendering import render
from ingest.pages.report_questions import report_questions
from ingest.pages.stylesheets import form_class
from ingest.pages.survey_form import (
    FormState,
    questions,
    stray_errors,
    what_is_required,
    what_to_expect,
)
from ingest.questionnaires.kinds import MOST_CHARACTERS
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.texts.page_texts import Texts, in_words, texts_in, wording

__all__ = ["FormState", "Frame", "Pages", "StaticPage"]

_MOST_WITH_QUERY = 500
_THANKS: Mapping[str, Mapping[str, str]] = {"thanks": {}, "report-thanks": THANKED_FOR_REPORT}
"""Each with what its address has beside its touchpoint and language."""
_SWITCHED = ("expired", *_THANKS)
"""Messages at an address of their own, where `?lang=` asks for another language."""
_OFFERING_A_CALL = (*_THANKS, "spent")
"""Messages for who answered: it is offered whatever that was."""

# Touchpoint, questionnaire, version, which items are asked of others, language.
_Key = tuple[int, str, int, frozenset[str], str]


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
        self._inlined = Inlined(catalogue)
        self._surveys: dict[_Key, StaticPage] = {}
        self._with_query: dict[tuple[object, ...], StaticPage] = {}
        self.hosts = HostPages(catalogue, self._inlined)

    def survey(
        self,
        touchpoint: Touchpoint,
        questionnaire: Questionnaire,
        language: str,
        query: Mapping[str, str] = {},
    ) -> StaticPage:
        """The survey for whoever opens the link, without anything of one person.

        Everybody gets the same bytes, or everybody of a sample and everybody else, so their
        compressed length cannot reveal a secret. `query` is
        what its languages keep of the address. It must hold only values that files list, or
        anybody could fill the memory with pages. Raises LanguageUnknown.
        """
        asked = (questionnaire.code, questionnaire.version, questionnaire.left_out)
        key = (touchpoint.number, *asked, language)
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
        report = report_questions(texts, state) if state.asks_report else ()
        notice = texts.notices[state.notice] if state.notice else None
        heading = wording(questionnaire.title, language)
        title = f"{heading} - {texts.asker.format(municipality=municipality.name)}"
        if state.reasons:
            title = texts.problems.title.format(title=title)
        elif notice:
            title = f"{notice.title} - {title}"
        return render(
            "embedded.html" if frame else "survey.html",
            frame=frame,
            texts=texts,
            municipality=municipality,
            # What was filled in goes along, so the languages are buttons of the form.
            form="vragen",
            languages=language_links(offered, language, state.query),
            style=self._inlined.style_of(municipality),
            script=self._inlined.script,
            title=title,
            heading=heading,
            intro=touchpoint.intro.get(language) or wording(questionnaire.intro, language),
            what_to_expect=what_to_expect(questionnaire, texts, report),
            small_group=touchpoint.small_group,
            what_is_required=what_is_required(questionnaire, texts, len(report)),
            questions=shown_questions,
            report=report,
            wrong=sum(len(each.errors) for each in (*shown_questions, *report)) + len(strays),
            stray_errors=strays,
            notice=notice,
            action=state.action,
            response_id=state.response_id,
            form_class=form_class(questionnaire),
            version=questionnaire.version,
            limit=MOST_CHARACTERS,
            links=help_links(municipality, texts),
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
        today: date | None = None,
    ) -> bytes:
        """A page without questions: `name` is a key of the texts' messages. Raises LanguageUnknown.

        `not-found` is always the same page, in every language at once, whatever is asked for: see
        `HostPages.not_found`. `expired` links to the open link of a `touchpoint` that
        is not retired (`scanned`: to that of its QR code), except in a `frame`, where that link
        does not open. Those who are thanked read what was improved last,
        as of `today`, and may ask to be called where the touchpoint has that.
        """
        if name == "not-found":
            return self.hosts.not_found("")[0]
        texts = texts_in(language)
        still_open = touchpoint is not None and not touchpoint.retired and frame is None
        thanked = name in _THANKS
        # Only on these a language link works: the other messages are replies to a form.
        offered = touchpoint.languages if touchpoint and name in _SWITCHED else ()
        query = {"meetpunt": touchpoint.path, **_THANKS[name]} if touchpoint and thanked else {}
        return render(
            "embedded_message.html" if frame else "message.html",
            frame=frame,
            texts=texts,
            municipality=municipality,
            languages=language_links(offered, language, query),
            style=self._inlined.style_of(municipality),
            message=texts.messages[name],
            open_link=open_link(touchpoint, language, scanned=scanned)
            if touchpoint and still_open
            else "",
            thanked=thanked,
            call_back=call_back_link(touchpoint, language) if name in _OFFERING_A_CALL else "",
            improvement=_improved(municipality, touchpoint, today, texts) if thanked else None,
            links=help_links(municipality, texts) if municipality else (),
            site=site_of(municipality) if municipality else "",
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
        return render(
            template,
            texts=texts,
            municipality=municipality,
            languages=language_links(offered, language, query),
            style=self._inlined.style_of(municipality),
            links=help_links(municipality, texts),
            **shown,
        )

    def frame(self, touchpoint: Touchpoint, token: str = "") -> Frame:
        """What the pages of this touchpoint hold when they stand in an iframe."""
        return Frame(
            origins=touchpoint.allowed_origins,
            script=self._inlined.frame_script,
            token=token,
        )

    def lines(self, slug: str | None = None) -> PageLines:
        """The header lines of this municipality's pages; None: of pages in nobody's style."""
        return self._inlined.lines(slug)

    def frame_lines(self, touchpoint: Touchpoint) -> PageLines:
        """The header lines of this touchpoint's pages in an iframe."""
        return self._inlined.frame_lines(touchpoint)


def _improved(
    municipality: Municipality | None,
    touchpoint: Touchpoint | None,
    today: date | None,
    texts: Texts,
) -> Mapping[str, str] | None:
    """What was improved last, in which language that is, and its day for programs and people."""
    if municipality is None or touchpoint is None or today is None:
        return None
    found = latest_improvement(municipality.improvements, touchpoint.channel, today)
    if found is None:
        return None
    is_translated = texts.language in found.text
    return {
        "said": wording(found.text, texts.language),
        "language": texts.language if is_translated else next(iter(found.text)),
        "date": found.date.isoformat(),
        "in_words": in_words(found.date, texts),
    }
