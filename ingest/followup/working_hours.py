"""How long something lay in working hours, and until when two working days last. Pure."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from ingest.clock import AMSTERDAM
from ingest.invitations.dutch_holidays import is_holiday

BEGINS, ENDS = time(8, 30), time(17)
"""A working day, whatever the opening hours are: who follows up need not stand at the desk."""

DAYS_TO_SEE = 2
"""Being seen by the end of this many working days after the day counts as in time."""

_SATURDAY = 5
_STEP = 0.5


def working_hours(begin: datetime, end: datetime, holidays: Collection[str]) -> float:
    """Working hours between two moments, to half an hour; 0 where the end comes first.

    `holidays` are those that the municipality observes beside the public ones.
    """
    begin, end = begin.astimezone(AMSTERDAM), end.astimezone(AMSTERDAM)
    seconds = 0.0
    for day in _days(begin.date(), end.date()):
        if not _works(day, holidays):
            continue
        opens = max(begin, datetime.combine(day, BEGINS, AMSTERDAM))
        closes = min(end, datetime.combine(day, ENDS, AMSTERDAM))
        seconds += max(0.0, (closes - opens).total_seconds())
    return round(seconds / 3600 / _STEP) * _STEP


def to_see_by(shown_on: date, holidays: Collection[str]) -> date:
    """The last day on which what was shown on a day is seen in time."""
    day, left = shown_on, DAYS_TO_SEE
    while left:
        day += timedelta(days=1)
        left -= _works(day, holidays)
    return day


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _works(day: date, holidays: Collection[str]) -> bool:
    return day.weekday() < _SATURDAY and not is_holiday(day, holidays)
