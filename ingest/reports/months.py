"""Months, quarters and working days of a report. Pure."""

from collections.abc import Collection
from datetime import date, timedelta

from ingest.invitations.dutch_holidays import is_holiday

TOLD_ON_DAY = 8
"""On this day of the next month the region is told of a month: until then it is provisional."""

_SATURDAY = 5


def months_back(month: date, back: int) -> date:
    """The first day of the month so many months before; negative: after."""
    months = month.year * 12 + month.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def first_of_quarter(day: date) -> date:
    """The first day of the quarter that this day is in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def has_ended(first: date, months: int, today: date) -> bool:
    """Whether the period of so many months that begins on `first` is over."""
    return today >= months_back(first, -months)


def is_provisional(month: date, today: date) -> bool:
    """Whether more answers may still come in for the month, whose first day this is."""
    return today < months_back(month, -1) + timedelta(days=TOLD_ON_DAY - 1)


def first_working_day(month: date, holidays: Collection[str]) -> date:
    """The first working day from the first of `month` on; `holidays` are chosen by the file."""
    day = month
    while day.weekday() >= _SATURDAY or is_holiday(day, holidays):
        day += timedelta(days=1)
    return day
