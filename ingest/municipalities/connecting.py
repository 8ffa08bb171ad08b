"""A connector: what tells that a contact ended; `[connectors.<name>]` in a municipality's file.

Secrets lie in files of their own (`key_file`).
"""

import re
import reprlib
import string
from collections.abc import Iterator
from typing import Any

import msgspec

from ingest.files.near_misses import did_you_mean
from ingest.files.resources import telephony_mappings
from ingest.files.toml_tables import Table, line_fault, slug_fault
from ingest.municipalities.call_mappings import CallMapping, read_call_mapping, shipped_mapping

KINDS = ("telephony",)
ENCODINGS = ("hex", "base64")

OWN = "telephony"
"""What a connector with a mapping of the municipality's own counts as, in place of a platform."""

FEWEST_KEY_CHARACTERS = 16
"""Of the key that a platform shows or signs with: a shorter one somebody could guess."""

_MOST_SECONDS = 3600
_HEADER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,58}[A-Za-z0-9])?")
_BODY, _TIMESTAMP = "body", "timestamp"


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """How a platform signs what it sends: HMAC with SHA-256, in a header.

    `signed` is the text that is signed, with {body} and, where `timestamp_header` names the header
    that holds it, {timestamp}. Header names are in lower case.
    """

    header: str
    encoding: str = ENCODINGS[0]
    prefix: str = ""
    signed: str = "{body}"
    timestamp_header: str = ""


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """Where a queue leads: a touchpoint's slug, and a product where its calls are of one."""

    touchpoint: str
    product: str = ""


class Connector(msgspec.Struct, frozen=True, kw_only=True):
    """One connector of a municipality.

    Without a `signature` the key itself is shown: `Authorization: Bearer <key>`. `queues` is by
    what a message calls the queue. Calls of under `least_seconds` invite nobody. `platform` is
    whose messages they are.
    """

    name: str
    kind: str
    platform: str
    mapping: CallMapping
    key_file: str
    signature: Signature | None = None
    least_seconds: int = 0
    queues: dict[str, Queue] = {}


def read_connectors(table: Table) -> dict[str, Connector]:
    """Every `[connectors.<name>]` of a municipality's file, by name; none when it has none."""
    ends = ends_of(table)
    return {
        name: _read_connector(name, inside, ends) for name, inside in table.tables("connectors")
    }


class Ends(msgspec.Struct, frozen=True):
    """Where queues may lead; `inviting` are the touchpoints that invite anybody."""

    known: tuple[str, ...]
    inviting: set[str]


def ends_of(table: Table) -> Ends:
    """Those of a municipality's file."""
    touchpoints = _table(table.values.get("touchpoints"))
    return Ends(
        known=tuple(_ends_of_queues(touchpoints)),
        inviting={slug for slug, each in touchpoints.items() if "invitations" in _table(each)},
    )


def _table(value: Any) -> dict[str, Any]:
    """What is no table is told where it is read."""
    return value if isinstance(value, dict) else {}


def _ends_of_queues(touchpoints: dict[str, Any]) -> Iterator[str]:
    """Every touchpoint, and every product of it, as a queue may name it. Their faults are told
    where the touchpoints are read.
    """
    for slug, touchpoint in touchpoints.items():
        yield slug
        products = _table(_table(touchpoint).get("dimensions")).get("product")
        for product in products if isinstance(products, list) else ():
            yield f"{slug}/{product}"


def _read_connector(name: str, table: Table, ends: Ends) -> Connector:
    if fault := slug_fault(name):
        table.fault(f"the name of a connector {fault}")
    platform, mapping = _read_mapping(table)
    connector = Connector(
        name=name,
        kind=table.text("kind", lambda word: _one_of(word, KINDS)),
        platform=platform,
        mapping=mapping,
        key_file=table.text("key_file", path_fault),
        signature=_read_signature(table.table("signature")) if table.holds("signature") else None,
        least_seconds=table.number("least_seconds", 0, _MOST_SECONDS, 0),
        queues=_read_queues(table, ends),
    )
    if connector.least_seconds and not mapping.duration and platform:
        named = "`mapping` has no `duration`"
        told = named if platform == OWN else f"messages of {platform!r} have none"
        told = f"`least_seconds` needs the duration of a call, and {told}"
        table.fault(told, "least_seconds")
    table.close()
    return connector


def _read_mapping(table: Table) -> tuple[str, CallMapping]:
    nothing = CallMapping(number=(), queue=(), id=(), answered={})
    if isinstance(table.values.get("mapping"), dict):
        return OWN, read_call_mapping(table.table("mapping"))
    platform = table.text("mapping", lambda word: _one_of(word, tuple(telephony_mappings())))
    return platform, shipped_mapping(platform) if platform else nothing


def _read_queues(table: Table, ends: Ends) -> dict[str, Queue]:
    inside = table.table("queues")
    if not inside.values:
        table.fault("`queues` is missing: it leads from each queue to a touchpoint", "queues")
    for queue in inside.values:
        if fault := line_fault(queue):
            inside.fault(f"the name of a queue {fault}", queue)
    return {queue: read_end(inside, queue, ends) for queue in inside.values}


def read_end(table: Table, queue: str, ends: Ends) -> Queue:
    """Where this leads: "touchpoint", or "touchpoint/product"."""
    end = table.text(queue, lambda word: _end_fault(word, ends.known))
    touchpoint, _, product = end.partition("/")
    if touchpoint and touchpoint not in ends.inviting:
        told = f"which has no [touchpoints.{touchpoint}.invitations]: nobody would be invited"
        table.fault(f"this queue leads to {touchpoint}, {told}", queue)
    return Queue(touchpoint=touchpoint, product=product)


def _read_signature(table: Table) -> Signature:
    usual = Signature(header="")
    timestamp_header = table.text_or_none("timestamp_header", _header_fault) or ""
    signed = table.text_or_none("signed", _signed_fault) or usual.signed
    signature = Signature(
        header=table.text("header", _header_fault).lower(),
        encoding=table.text_or_none("encoding", lambda word: _one_of(word, ENCODINGS))
        or usual.encoding,
        prefix=table.text_or_none("prefix", _prefix_fault) or "",
        signed=signed,
        timestamp_header=timestamp_header.lower(),
    )
    if (f"{{{_TIMESTAMP}}}" in signed) != bool(timestamp_header):
        told = "`timestamp_header` and {timestamp} in `signed` go together, or it is not checked"
        table.fault(told, "timestamp_header" if timestamp_header else "signed")
    table.close()
    return signature


def _signed_fault(signed: str) -> str | None:
    if fault := line_fault(signed):
        return fault
    try:
        places = [place for place in string.Formatter().parse(signed) if place[1] is not None]
    except ValueError:
        return "has a brace without its other half"
    names = [name for _, name, form, conversion in places if not form and not conversion]
    plain = len(names) == len(places) and {*names} <= {_BODY, _TIMESTAMP}
    if plain and names.count(_BODY) == 1 and names.count(_TIMESTAMP) <= 1:
        return None
    told = "must have {body} once and may have {timestamp} once, such as v0:{timestamp}:{body}"
    return f"{told}, not {reprlib.repr(signed)}"


def _header_fault(name: str) -> str | None:
    if _HEADER.fullmatch(name):
        return None
    return f"must be the name of a header such as X-Signature, not {reprlib.repr(name)}"


def _prefix_fault(prefix: str) -> str | None:
    if len(prefix) <= 20 and prefix.isascii() and prefix.isprintable():
        return None
    return f"must be at most 20 signs such as sha256=, not {reprlib.repr(prefix)}"


def _one_of(word: str, known: tuple[str, ...]) -> str | None:
    if word in known:
        return None
    return f"must be one of {', '.join(known)}, not {reprlib.repr(word)}{did_you_mean(word, known)}"


def _end_fault(word: str, ends: tuple[str, ...]) -> str | None:
    if word in ends:
        return None
    touchpoints = ", ".join(end for end in ends if "/" not in end) or "the touchpoints"
    there = f"one of {touchpoints}, alone or with one of its products: touchpoint/product"
    return f"must be {there}; not {reprlib.repr(word)}{did_you_mean(word, ends)}"


def path_fault(path: str) -> str | None:
    """Why this is no place of a file; None when it is one."""
    if path.startswith("/") and len(path) <= 500 and path.isprintable():
        return None
    return f"must be a whole path such as /etc/meetpunt/voys.key, not {reprlib.repr(path)}"
