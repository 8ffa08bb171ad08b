"""One item of a kiosk's batch: is it the kiosk's own, and is it an answer to what was asked?"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from ingest.kiosk.messages import KioskItem, KioskPayload
from ingest.kiosk.signatures import PublicKey
from ingest.kiosk.statements import StoredKiosk
from ingest.municipalities.catalogue import Catalogue, VersionUnknown
from ingest.municipalities.municipality import Touchpoint
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.responses.answers import AnswersRejected, CheckedAnswers, check_answers
from ingest.responses.screening import screen
from ingest.responses.submission import screened
from ingest.tokens.keyed_codes import Codes

_RANDOM = 4  # version of a UUID
_MOST_ID_CHARACTERS = 100
# What of a payload is ours and no resident's.
_OURS = frozenset(
    ("kiosk", "responseId", "touchpoint", "questionnaire", "version", "language", "time")
)

_payload = msgspec.json.Decoder(KioskPayload).decode
_item = msgspec.json.Decoder(KioskItem).decode
_UNREADABLE = (msgspec.DecodeError, ValueError, RecursionError)


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What of an item is stored: it is signed, and an answer to what was asked."""

    payload: KioskPayload
    questionnaire: Questionnaire
    checked: CheckedAnswers
    texts: tuple[Mapping[str, object], ...]


class ReadItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item, read and checked as far as that goes without a database.

    `id` is the one that it is stored under, None for what is no item of this kiosk at all; `reason`
    says why, or why it is no answer to what is asked. With neither a reason nor `answered` it may
    be stored later, by a worker that knows a version that this one does not know yet. `text` is
    what came, `digest` tells it from others.
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

    def read(self, index: int, raw: bytes, kiosk: StoredKiosk, key: PublicKey) -> ReadItem:
        """One item of a batch, never refused with an exception: others come with it."""
        try:
            item = _item(raw)
        except _UNREADABLE:
            text = bytes(raw).decode("utf-8", "replace")
            return self._unlike(index, text, "item-unreadable")
        signed = item.payload.encode()
        if not key.signed(signed, item.signature):
            return self._unlike(index, item.payload, "signature")
        try:
            payload = _payload(signed)
        except _UNREADABLE:
            return self._unlike(index, item.payload, "payload-unreadable")
        if payload.response_id.version != _RANDOM:
            return self._unlike(index, item.payload, "payload-unreadable")
        touchpoint = self._catalogue.touchpoint_numbered(kiosk.touchpoint)
        if payload.kiosk != kiosk.id:
            return self._unlike(index, item.payload, "other-kiosk")
        if touchpoint is None or payload.touchpoint != touchpoint.path:
            return self._unlike(index, item.payload, "other-touchpoint")
        read = ReadItem(
            index=index,
            text=item.payload,
            digest=self._codes.of_kiosk_item(signed),
            response_id=str(payload.response_id),
            id=self._codes.of_response(payload.response_id),
            jumped=item.jumped or payload.time.jumped,
        )
        return self._checked(read, payload, touchpoint)

    def _unlike(self, index: int, text: str, reason: str) -> ReadItem:
        return ReadItem(
            index=index,
            text=text,
            digest=self._codes.of_kiosk_item(f"{reason}/{text}".encode("utf-8", "replace")),
            response_id=_id_in(text),
            reason=reason,
        )

    def _checked(self, read: ReadItem, payload: KioskPayload, touchpoint: Touchpoint) -> ReadItem:
        change = msgspec.structs.replace
        code = payload.questionnaire or touchpoint.questionnaire
        asked = self._asks(touchpoint, code, payload.version)
        try:
            # Under the version that was asked, however long ago that was.
            questionnaire = self._catalogue.questionnaire(
                change(touchpoint, questionnaire=code), payload.version
            )
        except VersionUnknown:
            # The database may know of it before every worker does.
            return read if asked else change(read, reason="version-unknown")
        if not asked:
            return change(read, reason="version-unknown")
        try:
            checked = check_answers(questionnaire, payload.answers, complete=payload.complete)
        except AnswersRejected:
            return change(read, reason="answers-rejected")
        answered = Answered(
            payload=payload,
            questionnaire=questionnaire,
            checked=checked,
            texts=tuple(screened(text) for text in checked.texts),
        )
        return change(read, answered=answered)


def fit_to_keep(text: str) -> str:
    """An item's text as it is kept: without the personal data that a resident may have typed.

    Its signature does not hold any more; what matters of it stands beside it, as the reason.
    """
    try:
        read = msgspec.json.decode(text)
    except _UNREADABLE:
        return _storable(screen(text).text)
    if isinstance(read, dict):
        clean: Any = {
            name: value if name in _OURS and _is_plain(value) else _screened(value)
            for name, value in read.items()
        }
    else:
        clean = _screened(read)
    return _storable(msgspec.json.encode(clean).decode())


def _is_plain(value: object) -> bool:
    """Short enough to be what it should be, and not a text that somebody put there."""
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
    """The id that an unsound item speaks of, so that its kiosk knows which one is meant."""
    try:
        read = msgspec.json.decode(text)
    except _UNREADABLE:
        return None
    found = read.get("responseId") if isinstance(read, dict) else None
    return found if isinstance(found, str) and len(found) <= _MOST_ID_CHARACTERS else None
