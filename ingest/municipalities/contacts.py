"""Where a municipality writes down who telephoned, and what is asked of them: `[contacts]`.

That is Open Klant. It cannot tell us of a contact by itself (docs/invitations.md), so we ask. The
token lies in a file of its own (`key_file`).
"""

import msgspec

from ingest.files.toml_tables import Table, line_fault
from ingest.municipalities.cases import api_fault
from ingest.municipalities.connecting import Ends, Queue, ends_of, path_fault, read_end

ELSE = "*"
"""In `queues`: every contact that no other line leads anywhere."""

_USUAL_CHANNEL = "telefoon"
_MOST_WORKING_DAYS = 5


class CallBacks(msgspec.Struct, frozen=True, kw_only=True):
    """Where a contact leads that ended with a promise to call back, once that was done.

    The norm is `working_days` after the day of the promise. Of all internal tasks those are calls
    back that ask for one of `actions`; every one of them where it is empty.
    """

    queue: Queue
    working_days: int = 2
    actions: tuple[str, ...] = ()


class Contacts(msgspec.Struct, frozen=True, kw_only=True):
    """An Open Klant at `url`, up to and with its version: `https://host/klantinteracties/api/v1`.

    `channel` is how it calls the telephone. `queues` is by the subject of a contact, or by the name
    of who took it. `private_network`: its host may have an address that only the municipality's own
    network knows.
    """

    url: str
    key_file: str
    private_network: bool = False
    channel: str = _USUAL_CHANNEL
    queues: dict[str, Queue] = {}
    callbacks: CallBacks | None = None


def read_contacts(table: Table) -> Contacts | None:
    """Read `[contacts]` of a municipality; None where it is left out."""
    if not table.holds("contacts"):
        return None
    inside, ends = table.table("contacts"), ends_of(table)
    contacts = Contacts(
        url=inside.text("url", api_fault),
        key_file=inside.text("key_file", path_fault),
        private_network=inside.truth("private_network"),
        channel=inside.text_or_none("channel", line_fault) or _USUAL_CHANNEL,
        queues=_read_queues(inside, ends),
        callbacks=_read_callbacks(inside.table("callbacks"), ends)
        if inside.holds("callbacks")
        else None,
    )
    inside.close()
    return contacts


def _read_queues(table: Table, ends: Ends) -> dict[str, Queue]:
    inside = table.table("queues")
    if not inside.values:
        told = f"it leads from a subject, a colleague or {ELSE!r} to a touchpoint"
        table.fault(f"`queues` is missing: {told}", "queues")
    for queue in inside.values:
        if fault := line_fault(queue):
            inside.fault(f"the name of a queue {fault}", queue)
    return {queue.strip(): read_end(inside, queue, ends) for queue in inside.values}


def _read_callbacks(table: Table, ends: Ends) -> CallBacks:
    usual = CallBacks(queue=Queue(touchpoint=""))
    callbacks = CallBacks(
        queue=read_end(table, "touchpoint", ends),
        working_days=table.number("working_days", 0, _MOST_WORKING_DAYS, usual.working_days),
        actions=table.texts("actions", line_fault, usual.actions),
    )
    table.close()
    return callbacks
