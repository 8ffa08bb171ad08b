"""Read a list of contacts that ended (CSV), whole, before anything is sent: or say what is wrong.

What is said of a line is its number and which column is wrong, never what stood there.
"""

import csv
import hmac
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from io import StringIO
from pathlib import Path

import msgspec

from ingest.files.near_misses import did_you_mean
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
_MOST_BYTES = 50_000_000


class BadLine(msgspec.Struct, frozen=True):
    """A line that cannot be sent; the first has number 1, and is that with the columns' names."""

    number: int
    wrong: str


class ContactList(msgspec.Struct, frozen=True):
    """What a file holds: contacts in its order, and every line that is none."""

    contacts: tuple[ContactEnded, ...]
    bad_lines: tuple[BadLine, ...]


class ListUnreadable(Exception):
    """The file is no list of contacts; the sentence says why."""


def read_list(path: Path, touchpoint: Touchpoint, key: bytes) -> ContactList:
    """Every line of the file. Raises `ListUnreadable`.

    `key` (32 bytes) makes the code by which a line without a `source_key` is known again.
    """
    rows = _rows(_text(path))
    columns = _columns(next(rows, (1, []))[1])
    contacts, bad_lines = [], []
    for number, row in rows:
        try:
            contacts.append(_contact(_named(columns, row), touchpoint, key))
        except _Wrong as wrong:
            bad_lines.append(BadLine(number, str(wrong)))
    return ContactList(tuple(contacts), tuple(bad_lines))


class _Wrong(Exception):
    """What is wrong with a line."""


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ListUnreadable("it is larger than 50 MB: make several of it.")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ListUnreadable("it is not in UTF-8: save it as 'CSV UTF-8'.") from None
    except OSError as error:
        raise ListUnreadable(f"it cannot be read: {error.strerror}.") from None
    if "\0" in text:
        raise ListUnreadable("it holds bytes that are no text: save it as 'CSV UTF-8'.")
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, each with the number of the line on which it begins."""
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") >= first.count(",") and ";" in first else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for row in reader:
            if any(field.strip() for field in row):
                yield begins, [field.strip() for field in row]
            begins = reader.line_num + 1
    except csv.Error:
        told = "a quote that is opened is not closed, or something stands behind a closed one"
        raise ListUnreadable(f"line {begins} is no CSV: {told}.") from None


def _columns(header: list[str]) -> list[str]:
    columns = [name.lower() for name in header]
    for name in columns:
        if name not in COLUMNS:
            meant = did_you_mean(name, COLUMNS)
            shown = ascii(name[:40])
            raise ListUnreadable(
                f"the column {shown} is not known{meant}; the columns are {', '.join(COLUMNS)}."
            )
    if len(set(columns)) < len(columns):
        raise ListUnreadable("a column stands there twice.")
    if missing := [name for name in NEEDED if name not in columns]:
        raise ListUnreadable(f"the first line must name the columns; {', '.join(missing)} is not.")
    return columns


def _named(columns: list[str], row: list[str]) -> Mapping[str, str]:
    if len(row) > len(columns) and any(row[len(columns) :]):
        raise _Wrong(f"has {len(row)} fields, and there are {len(columns)} columns")
    return dict(zip(columns, row, strict=False))


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
