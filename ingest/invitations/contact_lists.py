"""Read a list of contacts that ended (CSV), whole, before anything is sent: or say what is wrong.

What is said of a line is its number and which column is wrong, never what stood there.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import msgspec

from ingest.files.csv_lists import BadLine, LineUnreadable, named, read_lines
from ingest.files.toml_tables import language_fault
from ingest.invitations.asked_for import chosen_already
from ingest.invitations.moments import read_typed_moment
from ingest.invitations.occasions import ContactEnded, Recipient
from ingest.invitations.recipients import RecipientUnusable, read_typed_recipient
from ingest.invitations.rules import why_unreached
from ingest.municipalities.inviting import InvitationRules
from ingest.municipalities.touchpoints import Touchpoint
from ingest.responses.submission import allowed_dimensions

SOURCE = "csv"
COLUMNS = ("recipient", "ended_at", "language", "dimensions", "source_key")
NEEDED = COLUMNS[:2]

_MOST_CHARACTERS = 200


class ContactList(msgspec.Struct, frozen=True):
    """What a file holds: contacts in its order, and every line that is none."""

    contacts: tuple[ContactEnded, ...]
    bad_lines: tuple[BadLine, ...]


def read_list(path: Path, touchpoint: Touchpoint, key: bytes) -> ContactList:
    """Every line of the file. Raises `ListUnreadable`.

    `key` (32 bytes) makes the code by which a line without a `source_key` is known again.
    """
    columns, rows, _ = read_lines(path, COLUMNS, NEEDED)
    contacts, bad_lines = [], []
    for number, row in rows:
        try:
            contacts.append(_contact(named(columns, row), touchpoint, key))
        except (_Wrong, LineUnreadable) as wrong:
            bad_lines.append(BadLine(number, str(wrong)))
    return ContactList(tuple(contacts), tuple(bad_lines))


class _Wrong(Exception):
    """What is wrong with a line."""


def _contact(row: Mapping[str, str], touchpoint: Touchpoint, key: bytes) -> ContactEnded:
    recipient = _recipient(row.get("recipient", ""))
    # Taken in all the same it would be known, and not sent once there is a sender for it.
    _require_reached(recipient, touchpoint.invitations or InvitationRules())
    ended_at = read_typed_moment(row.get("ended_at", ""))
    if ended_at is None:
        raise _Wrong("ended_at is no moment such as 2026-11-28 14:05 or 28-11-2026 14:05")
    language, given = row.get("language", ""), row.get("source_key", "")
    if len(language) > _MOST_CHARACTERS or len(given) > _MOST_CHARACTERS:
        raise _Wrong(f"a field has over {_MOST_CHARACTERS} characters")
    if language and language_fault(language):
        raise _Wrong("language is no code in small letters such as nl or en")
    same = (recipient.canonical, ended_at.isoformat(), touchpoint.path)
    outcome, case_type = chosen_already(touchpoint)
    code = hmac.digest(key, msgspec.json.encode(same), sha256).hex()
    return ContactEnded(
        municipality=touchpoint.municipality,
        touchpoint=touchpoint.slug,
        ended_at=ended_at,
        source=SOURCE,
        # Each kind with a word of its own before it, so that no given key is one of ours.
        source_key=f"given/{given}" if given else f"line/{code}",
        dimensions=_dimensions(row.get("dimensions", ""), touchpoint),
        language=language or None,
        recipient=recipient,
        outcome=outcome,
        case_type=case_type,
    )


def _recipient(text: str) -> Recipient:
    if not text:
        raise _Wrong("recipient is empty")
    try:
        return read_typed_recipient(text)
    except RecipientUnusable as unusable:
        raise _Wrong(f"recipient is {_WORDS.get(unusable.code, unusable.code)}") from None


_WORDS = {
    "not-a-number": "no telephone number",
    "not-a-mobile-number": "no mobile number",
    "not-a-mail-address": "no mail address",
}


def _require_reached(recipient: Recipient, rules: InvitationRules) -> None:
    kind, words = _KINDS[recipient.scheme]
    sender = f"sender {rules.sender.name!r}" if rules.sender else "no sender"
    match why_unreached(recipient, rules):
        case "sender":
            raise _Wrong(f"recipient is {kind}, and {sender} sends nothing there")
        case "words":
            raise _Wrong(f"recipient is {kind}, and the touchpoint has no words for it: {words}")
        case "country":
            raise _Wrong(f"recipient is {kind} of a country that is not in `countries` of {sender}")


_KINDS = {
    "tel": ("a mobile number", "`text.nl`"),
    "mailto": ("a mail address", "`subject.nl` and `mail.nl`"),
}


def _dimensions(text: str, touchpoint: Touchpoint) -> dict[str, str]:
    dimensions = dict(_pairs(text.split()))
    allowed = allowed_dimensions(touchpoint, dimensions)
    if unknown := [name for name in dimensions if name not in allowed]:
        shown = ", ".join(ascii(name[:40]) for name in unknown[:3])
        raise _Wrong(f"dimensions has a value that the touchpoint does not list, at {shown}")
    return dimensions


def _pairs(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        name, is_there, value = word.partition("=")
        if not is_there:
            raise _Wrong("dimensions is not written as product=paspoort location=hal")
        yield name, value
