"""Where a telephone platform's messages say who called which queue, and whether it was answered.

A mapping is read from a file of ours, by the name of the platform, or from a municipality's own.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import msgspec

from ingest.files.findings import FilesRejected, Finding
from ingest.files.json_pointers import pointer_fault
from ingest.files.resources import telephony_mappings
from ingest.files.toml_files import read_toml
from ingest.files.toml_tables import Table, line_fault

ANYTHING = "*"
"""In a list of words: whatever stands there, as long as something does."""

type_of_words = Mapping[str, tuple[str, ...]]
"""JSON pointer -> words, one of which has to stand there."""


class CallMapping(msgspec.Struct, frozen=True, kw_only=True):
    """JSON pointers; of several the first at which something stands.

    Only what they point at is ever read. A message is that of a call that ended where every one of
    `only` holds; somebody answered where one of `answered` does. `outcome` is the platform's word
    for how it ended, else "answered". Without `ended_at` a call ended when it is told.
    """

    number: tuple[str, ...]
    queue: tuple[str, ...]
    id: tuple[str, ...]
    answered: type_of_words
    only: type_of_words = MappingProxyType({})
    ended_at: tuple[str, ...] = ()
    duration: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()


def read_call_mapping(table: Table) -> CallMapping:
    """Read one mapping, of ours or of a municipality's own."""
    mapping = CallMapping(
        number=_pointers(table, "number"),
        queue=_pointers(table, "queue"),
        id=_pointers(table, "id"),
        answered=_words(table, "answered"),
        only=_words(table, "only"),
        ended_at=_pointers(table, "ended_at", needed=False),
        duration=_pointers(table, "duration", needed=False),
        outcome=_pointers(table, "outcome", needed=False),
    )
    if not table.holds("answered"):
        table.fault("`answered` is missing: who was not spoken to is not invited", "answered")
    table.close()
    return mapping


@cache
def shipped_mapping(platform: str) -> CallMapping:
    """Ours for this platform. Raises KeyError for one that we do not know."""
    file = read_toml(telephony_mappings()[platform])
    findings: list[Finding] = []
    mapping = read_call_mapping(Table(file, findings, file.data))
    if findings:
        raise FilesRejected(findings)
    return mapping


def _pointers(table: Table, key: str, *, needed: bool = True) -> tuple[str, ...]:
    if isinstance(table.values.get(key), str):
        return (table.text(key, pointer_fault),)
    return table.texts(key, pointer_fault, None if needed else ())


def _words(table: Table, key: str) -> type_of_words:
    inside = table.table(key)
    for pointer in inside.values:
        if fault := pointer_fault(pointer):
            inside.fault(f"what is named in `{key}` {fault}", pointer)
    return {pointer: inside.texts(pointer, line_fault) for pointer in inside.values}
