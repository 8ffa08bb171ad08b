"""Builds what a widget gets from the service: the items of a touchpoint in one language, and texts.

All of it except the token is the same for everybody, so it is built and compressed once.
"""

import msgspec

from ingest.asgi.compression import Spliced
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.house_style import HouseStyle, dark_colours
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.pages.links import call_back_link
from ingest.pages.survey_form import what_to_expect
from ingest.questionnaires.items import NOT_APPLICABLE, Item
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.questionnaires.sampling import id_on, is_sampled, path_of
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
    """The replies to `GET /api/v1/touchpoints/...`, without the token at their end.

    `base_url` stands in for every municipality's own.
    """

    def __init__(self, catalogue: Catalogue, base_url: str | None = None) -> None:
        self._catalogue = catalogue
        self._base_url = base_url
        self._starts: dict[tuple[int, str, bool], Spliced] = {}

    def start(self, touchpoint: Touchpoint, language: str, *, sampled: bool = False) -> Spliced:
        """The reply up to its token, compressed. Raises LanguageUnknown."""
        key = (touchpoint.number, language, sampled)
        start = self._starts.get(key)
        if start is None:
            offered = self.offered(touchpoint, language, token="", sampled=sampled)  # nobody's
            whole = msgspec.json.encode(offered)
            start = self._starts[key] = Spliced(whole.removesuffix(_END))
        return start

    def side(self, touchpoint: Touchpoint, before: bool | None) -> tuple[bytes | None, bool]:
        """The id for a token, and whether its resident is one of a sample.

        As it was `before`, for a form that was shown; None: as chance decides. Without a sample any
        id will do, and the first is None.
        """
        questionnaire = self._catalogue.questionnaire(touchpoint)
        if questionnaire.asked_of is None:
            return None, False
        token_id = id_on(questionnaire, sampled=before)
        return token_id, is_sampled(questionnaire, token_id)

    @staticmethod
    def end(token: str) -> bytes:
        """What follows on `start`: the token, which needs no escapes."""
        return token.encode("ascii") + _END

    def offered(
        self, touchpoint: Touchpoint, language: str, *, token: str, sampled: bool = False
    ) -> OfferedQuestionnaire:
        """What one touchpoint asks, in one language: of a sample or, as kiosks do, of all others.

        Raises LanguageUnknown.
        """
        municipality = self._catalogue.municipality(touchpoint.municipality)
        questionnaire = path_of(self._catalogue.questionnaire(touchpoint), sampled=sampled)
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
            texts=msgspec.structs.replace(
                _texts(municipality, touchpoint, questionnaire, texts),
                **_calling_back(touchpoint, texts, base_url),
            ),
            style=_style(municipality.style),
            languages=tuple(
                OfferedLanguage(code=code, name=page_texts()[code].name, dir=page_texts()[code].dir)
                for code in touchpoint.languages
            ),
            link=f"{base_url}/o/{touchpoint.path}",
            sampled=sampled,
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
        # "Not applicable" is left out: `not_applicable` says where it may be chosen.
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
    """Only the texts that these items may need, because every visitor of a page gets them."""
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
        # For old widgets that sites have pinned: they do not know the values of an item.
        agreement=tuple(texts.words["agreement"].values()) if "agreement" in kinds else (),
        smileys=tuple(texts.words["smileys"].values()) if "smileys" in kinds else (),
        yes_partly_no=texts.words["yes_partly_no"] if "yes_partly_no" in kinds else {},
    )


def _calling_back(touchpoint: Touchpoint, texts: Texts, base_url: str) -> dict[str, str]:
    """What offers to call, the same for everybody; nothing where a touchpoint does not."""
    page = call_back_link(touchpoint, texts.language)
    if not page:
        return {}
    said = texts.callback
    return {
        "call": said.title,
        "call_url": f"{base_url}{page}",
    }


def _intro(touchpoint: Touchpoint, questionnaire: Questionnaire, texts: Texts) -> str:
    """The introduction. It holds the warning of a small group, so that old widgets show it too."""
    expectation = what_to_expect(questionnaire, texts)
    return f"{expectation} {texts.survey.small_group}" if touchpoint.small_group else expectation


def _style(style: HouseStyle) -> OfferedStyle:
    """Light and dark colours: only the widget can see whether the page around it is dark."""
    both = msgspec.structs.replace(style, dark=dark_colours(style))
    return msgspec.convert(both, OfferedStyle, from_attributes=True)
