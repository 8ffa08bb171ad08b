"""Whether each department gets its page by mail each month: `[reports]` in a municipality's file.

It goes to the `mail` of a department, by one of the municipality's own senders. One without `mail`
gets none; `meetpunt report` makes its page all the same.
"""

from collections.abc import Mapping

import msgspec

from ingest.files.near_misses import did_you_mean
from ingest.files.toml_tables import Table
from ingest.municipalities.senders import Sender


class MonthlyReports(msgspec.Struct, frozen=True, kw_only=True):
    """`sender` is the name of one that sends mail; `on` is false where it is paused."""

    sender: str
    on: bool = True


def read_monthly_reports(table: Table, senders: Mapping[str, Sender]) -> MonthlyReports | None:
    """Read `[reports]` of a municipality; None where it is left out."""
    if not table.holds("reports"):
        return None
    inside = table.table("reports")
    read = MonthlyReports(
        sender=inside.text("sender", lambda name: _sender_fault(name, senders)),
        # Who writes the table wants them; left out it is not false.
        on=inside.truth("on") if inside.holds("on") else True,
    )
    inside.close()
    return read


def _sender_fault(name: str, senders: Mapping[str, Sender]) -> str | None:
    if name not in senders:
        return f"must be one of the senders of the municipality{did_you_mean(name, senders)}"
    if "mailto" not in senders[name].reaches:
        return f"must be a sender of mail, and {name} sends none"
    return None
