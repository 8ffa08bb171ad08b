"""Check one item of a batch: did this kiosk sign it, and does it answer what was asked?"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from ingest.followup.signals import Noticed, Noticing
from ingest.kiosk.messages import KioskItem, KioskPayload
from ingest.kiosk.signatures import PublicKey
from ingest.kiosk.statements import StoredKiosk
from ingest.municipalities.catalogue import Catalogue, VersionUnknown
from ingest.municipalities.municipality import Touchpoint
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.questionnaires.sampling import path_of
from ingest.responses.answers import AnswersRejected, CheckedAnswers, check_answers
from ingest.responses.screening import screen
from ingest.responses.submission import screened
from ingest.tokens.keyed_codes import Codes

_RANDOM = 4  # version of a UUID
_MOST_ID_CHARACTERS = 100
# The fields of a payload that hold nothing a resident typed.
_OURS = frozenset(
    ("kiosk", "responseId", "touchpoint", "questionnaire", "version", "language", "time")
)

_payload = msgspec.json.Decoder(KioskPayload).decode
_item = msgspec.json.Decoder(KioskItem).decode
_UNREADABLE = (msgspec.DecodeError, ValueError, RecursionError)


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored of an item that is signed and answers what was asked; is it a signal?"""

    payload: KioskPayload
    questionnaire: Questionnaire
    checked: CheckedAnswers
    texts: tuple[Mapping[str, object], ...]
    noticed: Noticed


class ReadItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item, read and checked as far as that is possible without a database.

    `id` is the one to store it under; None where this is no item of this kiosk. `reason` says why
    it is refused. An item with neither a reason nor `answered` may be stored later, by a worker
    that knows a version which this worker does not know yet. `text` is what came; `digest`
    identifies it.
    """

    index: int
    text: str
    digest: bytes
    response_id: str | None = None
    reason: str = ""
    jumped: bool = False
    id: UUID | None = None
    answered: Answered | None = None


class Items:
    """Reads items. `asks` says whether a touchpoint asks, or ever asked, a version."""

    def __init__(
        self, catalogue: Catalogue, codes: Codes, asks: Callable[[Touchpoint, str, int], bool]
    ) -> None:
        self._catalogue = catalogue
        self._codes = codes
        self._asks = asks
        self._noticing = Noticing(catalogue.municipalities.values())

    def read(self, index: int, raw: bytes, kiosk: StoredKiosk, key: PublicKey) -> ReadItem:
        """Read one item of a batch. Never raises: one bad item must not refuse the others."""
        try:
            item = _item(raw)
        except _UNREADABLE:
            text = bytes(raw).decode("utf-8", "replace")
            return self._unsound(index, text, "item-unreadable")
        signed = item.payload.encode()
        if not key.signed(signed, item.signature):
            return self._unsound(index, item.payload, "signature")
        try:
            payload = _payload(signed)
        except _UNREADABLE:
            return self._unsound(index, item.payload, "payload-unreadable")
        if payload.response_id.version != _RANDOM:
            return self._unsound(index, item.payload, "payload-unreadable")
        touchpoint = self._catalogue.touchpoint_numbered(kiosk.touchpoint)
        if payload.kiosk != kiosk.id:
            return self._unsound(index, item.payload, "other-kiosk")
        if touchpoint is None or payload.touchpoint != touchpoint.path:
            return self._unsound(index, item.payload, "other-touchpoint")
        read_item = ReadItem(
            index=index,
            text=item.payload,
            digest=self._codes.of_kiosk_item(signed),
            response_id=str(payload.response_id),
            id=self._codes.of_response(payload.response_id),
            jumped=item.jumped or payload.time.jumped,
        )
        return self._checked(read_item, payload, touchpoint)

    def _unsound(self, index: int, text: str, reason: str) -> ReadItem:
        return ReadItem(
            index=index,
            text=text,
            digest=self._codes.of_kiosk_item(f"{reason}/{text}".encode("utf-8", "replace")),
            response_id=_id_in(text),
            reason=reason,
        )

    def _checked(self, item: ReadItem, payload: KioskPayload, touchpoint: Touchpoint) -> ReadItem:
        replace = msgspec.structs.replace
        code = payload.questionnaire or touchpoint.questionnaire
        is_asked = self._asks(touchpoint, code, payload.version)
        try:
            # Under the version that was asked, however long ago that was.
            questionnaire = self._catalogue.questionnaire(
                replace(touchpoint, questionnaire=code), payload.version
            )
        except VersionUnknown:
            # The database may know a new version before every worker does.
            return item if is_asked else replace(item, reason="version-unknown")
        if not is_asked:
            return replace(item, reason="version-unknown")
        # A kiosk has no token, so it asks nothing that is asked of a sample.
        questionnaire = path_of(questionnaire, sampled=False)
        try:
            checked = check_answers(questionnaire, payload.answers, complete=payload.complete)
        except AnswersRejected:
            return replace(item, reason="answers-rejected")
        answered = Answered(
            payload=payload,
            questionnaire=questionnaire,
            checked=checked,
            texts=tuple(
                screened(
                    text, self._catalogue.themes.finder(touchpoint.municipality), payload.language
                )
                for text in checked.texts
            ),
            noticed=self._noticing.noticed(touchpoint, questionnaire, checked.answers),
        )
        return replace(item, answered=answered)


def fit_to_keep(text: str) -> str:
    """An item's text as it is kept: without the personal data that a resident may have typed.

    Its signature is no longer valid then; the reason beside it says what was wrong.
    """
    try:
        decoded = msgspec.json.decode(text)
    except _UNREADABLE:
        return _storable(screen(text).text)
    if isinstance(decoded, dict):
        screened: Any = {
            name: value if name in _OURS and _is_plain(value) else _screened(value)
            for name, value in decoded.items()
        }
    else:
        screened = _screened(decoded)
    return _storable(msgspec.json.encode(screened).decode())


def _is_plain(value: object) -> bool:
    """Whether it is short: no long text was put into a field that is ours."""
    return len(msgspec.json.encode(value)) <= 200


def _screened(value: Any) -> Any:
    if isinstance(value, str):
        return screen(value).text
    if isinstance(value, dict):
        return {screen(name).text: _screened(inner) for name, inner in value.items()}
    if isinstance(value, Sequence):
        return [_screened(inner) for inner in value]
    return value


def _storable(text: str) -> str:
    # Postgres keeps no NUL in a text.
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _id_in(text: str) -> str | None:
    """The response id in a refused item, so that the kiosk knows which item is meant."""
    try:
        decoded = msgspec.json.decode(text)
    except _UNREADABLE:
        return None
    response_id = decoded.get("responseId") if isinstance(decoded, dict) else None
    if isinstance(response_id, str) and len(response_id) <= _MOST_ID_CHARACTERS:
        return response_id
    return None
