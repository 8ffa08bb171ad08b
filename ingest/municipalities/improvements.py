"""What a municipality improved after what residents answered: who answers next is told the latest.

It is written as `[[improvements]]` in its file.
"""

import datetime
import reprlib
from collections.abc import Iterable
from typing import Any

import msgspec

from ingest.files.toml_tables import Table, line_fault
from ingest.municipalities.touchpoints import channel_fault


class Improvement(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was improved on `date`; without `channel` it is told on every channel.

    `department` is who did it; nobody has to be named. `text` is by language, Dutch among them,
    each one line of at most 200 characters: it is read standing.
    """

    date: datetime.date
    text: dict[str, str]
    department: str | None = None
    channel: str | None = None


def latest_improvement(
    improvements: Iterable[Improvement], channel: str, today: datetime.date
) -> Improvement | None:
    """The newest that is told on this channel on this day; None where there is none.

    One with a date to come is told from that day on: a clock that runs behind stops no service.

    Of two of one day, the one that is written first in the file.
    """
    told = [
        improvement
        for improvement in improvements
        if improvement.channel in (None, channel) and improvement.date <= today
    ]
    return max(told, key=lambda improvement: improvement.date, default=None)


def read_improvements(table: Table) -> tuple[Improvement, ...]:
    """Every `[[improvements]]` of a municipality's file; none when it has none."""
    return tuple(_read_improvement(entry) for entry in table.array("improvements"))


def _read_improvement(table: Table) -> Improvement:
    improvement = Improvement(
        date=_read_date(table),
        department=table.text_or_none("department", line_fault),
        channel=table.text_or_none("channel", channel_fault),
        text=table.wording("text"),
    )
    table.close()
    return improvement


def _read_date(table: Table) -> datetime.date:
    value: Any = table.values.get("date")
    if not table.holds("date"):
        table.fault("`date` is missing", "date")
    # A moment is a date to Python.
    elif not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        found = reprlib.repr(value)
        table.fault(f"`date` must be a day without quotes, such as 2026-05-31, not {found}", "date")
    else:
        return value
    return datetime.date.min
