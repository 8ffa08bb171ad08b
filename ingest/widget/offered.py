"""What a widget asks the service for: the items of a touchpoint in one language, and their words.

All of it but the token is the same for everybody, so it is built and compressed once.
"""

import msgspec

from ingest.asgi.compression import Spliced
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.house_style import HouseStyle, dark_colours
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.pages.survey_form import what_to_expect
from ingest.questionnaires.items import NOT_APPLICABLE, Item
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.texts.page_texts import Texts, ends, labels, page_texts, texts_in, wording
from ingest.texts.widget_texts import widget_texts_in
from ingest.tokens.response_tokens import LIFETIMES
from ingest.widget.item_messages import OfferedAskIf, OfferedItem, OfferedOption, OfferedValue
from ingest.widget.messages import (
    OfferedLanguage,
    OfferedQuestionnaire,
    OfferedStyle,
    OfferedTexts,
)

_END = b'"}'


class Offers:
    """The replies to `GET /api/v1/touchpoints/...`, without the token each ends in.

    `base_url` stands in for every municipality's own.
    """

    def __init__(self, catalogue: Catalogue, base_url: str | None = None) -> None:
        self._catalogue = catalogue
        self._base_url = base_url
        self._starts: dict[tuple[int, str], Spliced] = {}

    def start(self, touchpoint: Touchpoint, language: str) -> Spliced:
        """The reply up to its token, compressed. Raises LanguageUnknown."""
        key = (touchpoint.number, language)
        start = self._starts.get(key)
        if start is None:
            whole = msgspec.json.encode(self.offered(touchpoint, language, token=""))
            start = self._starts[key] = Spliced(whole.removesuffix(_END))
        return start

    @staticmethod
    def end(token: str) -> bytes:
        """What follows on `start`: the token, which needs no escapes."""
        return token.encode("ascii") + _END

    def offered(self, touchpoint: Touchpoint, language: str, *, token: str) -> OfferedQuestionnaire:
        """What one touchpoint asks, in one language. Raises LanguageUnknown."""
        municipality = self._catalogue.municipality(touchpoint.municipality)
        questionnaire = self._catalogue.questionnaire(touchpoint)
        texts = texts_in(language)
        base_url = self._base_url or municipality.base_url
        return OfferedQuestionnaire(
            touchpoint=touchpoint.path,
            questionnaire=questionnaire.code,
            version=questionnaire.version,
            language=language,
            dir=texts.dir,
            title=wording(questionnaire.title, language),
            items=tuple(_item(item, texts) for item in questionnaire.items),
            texts=_texts(municipality, touchpoint, questionnaire, texts),
            style=_style(municipality.style),
            languages=tuple(
                OfferedLanguage(code=code, name=page_texts()[code].name, dir=page_texts()[code].dir)
                for code in touchpoint.languages
            ),
            link=f"{base_url}/o/{touchpoint.path}",
            token_lifetime_seconds=int(LIFETIMES["embed"].total_seconds()),
            token=token,
        )


def _item(item: Item, texts: Texts) -> OfferedItem:
    language = texts.language
    return OfferedItem(
        code=item.code,
        kind=item.kind,
        control=item.declared.control,
        layout=item.declared.layout,
        text=wording(item.text, language),
        help=wording(item.help, language),
        required=item.required,
        not_applicable=item.not_applicable,
        ask_if=None
        if item.ask_if is None
        else OfferedAskIf(item=item.ask_if.item, values=item.ask_if.values),
        # Where "not applicable" may be chosen stands apart, and its words come once.
        values=tuple(
            OfferedValue(value=value, label=label)
            for value, label in labels(item, texts)
            if value != NOT_APPLICABLE
        ),
        ends=ends(item, texts),
        options=tuple(
            OfferedOption(code=option.code, label=wording(option.label, language))
            for option in item.options
        ),
        low=wording(item.low, language),
        high=wording(item.high, language),
    )


def _texts(
    municipality: Municipality, touchpoint: Touchpoint, questionnaire: Questionnaire, texts: Texts
) -> OfferedTexts:
    """Only words that these items can need: every letter goes to every visitor of a page."""
    own = widget_texts_in(texts.language)
    survey, sentences = texts.survey, texts.problems.sentences
    items = questionnaire.items
    kinds = {item.kind for item in items}
    has_text = any(item.declared.holds == "text" for item in items)
    needed = {item.kind for item in items if item.required}
    errors: dict[str, str] = {
        kind: error for kind, error in sentences["required"].items() if kind in needed
    }
    if has_text:
        errors["tooLong"] = sentences["too-long"]["any"]
    return OfferedTexts(
        intro=_intro(touchpoint, questionnaire, texts),
        send=own.send,
        send_first=own.send_first,
        next=own.next,
        close=own.close,
        sending=own.sending,
        thanks_title=own.thanks_title,
        thanks=own.thanks,
        thanks_first=own.thanks_first,
        failed=own.failed,
        again=own.again,
        link=own.link,
        error_heading=own.error_heading,
        private=survey.private,
        leave_empty=survey.leave_empty,
        privacy=survey.privacy,
        privacy_url=municipality.privacy_url,
        accessibility=survey.accessibility,
        accessibility_url=municipality.accessibility_url,
        errors=errors,
        optional="" if all(item.required for item in items) else survey.optional,
        not_applicable=survey.not_applicable if any(item.not_applicable for item in items) else "",
        anchor=survey.anchor if any(ends(item, texts) for item in items) else "",
        characters_left=survey.characters_left if has_text else "",
        characters_over=survey.characters_over if has_text else "",
        # Read by widgets of before items had their values beside them, which sites have pinned.
        agreement=tuple(texts.words["agreement"].values()) if "agreement" in kinds else (),
        smileys=tuple(texts.words["smileys"].values()) if "smileys" in kinds else (),
        yes_partly_no=texts.words["yes_partly_no"] if "yes_partly_no" in kinds else {},
    )


def _intro(touchpoint: Touchpoint, questionnaire: Questionnaire, texts: Texts) -> str:
    """What every widget shows before the first question, also one that a site pinned long ago."""
    expectation = what_to_expect(questionnaire, texts)
    return f"{expectation} {texts.survey.small_group}" if touchpoint.small_group else expectation


def _style(style: HouseStyle) -> OfferedStyle:
    """Both sets: only the widget sees whether the page that it stands in is dark."""
    both = msgspec.structs.replace(style, dark=dark_colours(style))
    return msgspec.convert(both, OfferedStyle, from_attributes=True)
