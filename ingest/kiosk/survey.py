"""The survey that a kiosk keeps, to ask it without a network: every language, and no token."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from ingest.asgi.compression import StaticPage, compressed
from ingest.clock import today_here
from ingest.kiosk.survey_messages import KioskImprovement, KioskLanguage, KioskSurvey
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.improvements import Improvement, latest_improvement
from ingest.municipalities.municipality import Touchpoint
from ingest.texts.kiosk_texts import sent_in
from ingest.texts.page_texts import texts_in
from ingest.widget.item_messages import OfferedItem
from ingest.widget.messages import OfferedQuestionnaire
from ingest.widget.offered import Offers

_ETAG_CHARACTERS = 24


def _today() -> date:
    return today_here()


class OfferedSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """The reply to `GET /kiosks/{kiosk}/survey`. `etag` is without its quotes."""

    etag: str
    page: StaticPage


class KioskSurveys:
    """The surveys of all touchpoints, each built when it is first asked for.

    `today` says which day it is: an improvement is told from its day on.
    """

    def __init__(
        self, catalogue: Catalogue, offers: Offers, today: Callable[[], date] = _today
    ) -> None:
        self._catalogue = catalogue
        self._offers = offers
        self._today = today
        self._built: dict[tuple[int, date | None], OfferedSurvey] = {}

    def of(self, touchpoint: Touchpoint) -> OfferedSurvey:
        """The survey of one touchpoint. Raises LanguageUnknown."""
        improvements = self._catalogue.municipality(touchpoint.municipality).improvements
        improvement = latest_improvement(improvements, touchpoint.channel, self._today())
        key = (touchpoint.number, None if improvement is None else improvement.date)
        built = self._built.get(key)
        if built is None:
            survey = self._survey(touchpoint, improvement)
            etag = sha256(msgspec.json.encode(survey)).hexdigest()[:_ETAG_CHARACTERS]
            survey = msgspec.structs.replace(survey, etag=etag)
            built = self._built[key] = OfferedSurvey(
                etag=etag, page=compressed(msgspec.json.encode(survey))
            )
        return built

    def _survey(self, touchpoint: Touchpoint, improvement: Improvement | None) -> KioskSurvey:
        offered = {
            language: self._offers.offered(touchpoint, language, token="")  # nobody's token
            for language in touchpoint.languages
        }
        first = offered[touchpoint.languages[0]]
        language_of = {language.code: language for language in first.languages}
        return KioskSurvey(
            touchpoint=touchpoint.path,
            municipality_name=self._catalogue.municipality(touchpoint.municipality).name,
            questionnaire=first.questionnaire,
            version=first.version,
            interval_seconds=touchpoint.kiosk.interval_seconds,
            reset_seconds=touchpoint.kiosk.reset_seconds,
            text=touchpoint.kiosk.text,
            languages=tuple(
                KioskLanguage(
                    code=code,
                    name=language_of[code].name,
                    dir=questionnaire.dir,
                    title=questionnaire.title,
                    touchpoint_name=touchpoint.name.get(code, touchpoint.name["nl"]),
                    items=_items(touchpoint, questionnaire),
                    # A number that is typed here is read by whoever stands behind.
                    texts=msgspec.to_builtins(replace(questionnaire.texts, call="", call_url=None))
                    | {"kiosk": sent_in(code)},
                    improvement=_told(improvement, code),
                )
                for code, questionnaire in offered.items()
            ),
            style=first.style,
            open_link=first.link,
            etag="",
        )


def _told(improvement: Improvement | None, language: str) -> KioskImprovement | None:
    if improvement is None:
        return None
    own = language if language in improvement.text else "nl"
    return KioskImprovement(date=improvement.date, text=improvement.text[own], language=own)


def _items(touchpoint: Touchpoint, questionnaire: OfferedQuestionnaire) -> tuple[OfferedItem, ...]:
    """The items to ask. The warning of a small group goes into the help text of the first one.

    A kiosk has no introduction to hold it. Here it is in the resident's language, and is read aloud
    with the question.
    """
    if not touchpoint.small_group:
        return questionnaire.items
    first, *others = questionnaire.items
    warning = texts_in(questionnaire.language).survey.small_group
    return (msgspec.structs.replace(first, help=f"{first.help} {warning}".strip()), *others)
