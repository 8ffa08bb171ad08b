"""Working hours and working days: as people count them, over weekends and holidays."""

from datetime import date, datetime

import pytest

from ingest.clock import AMSTERDAM
from ingest.followup.working_hours import to_see_by, working_hours


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        ("2026-11-30T12:30", "2026-11-30T12:40", 0.0),
        ("2026-11-30T12:30", "2026-11-30T12:50", 0.5),
        ("2026-11-30T12:30", "2026-11-30T17:00", 4.5),
        # Shown at half past five: from the next morning on.
        ("2026-11-30T17:30", "2026-12-01T09:30", 1.0),
        ("2026-11-30T17:30", "2026-11-30T21:00", 0.0),
        # From Friday noon to Monday morning.
        ("2026-11-27T12:30", "2026-11-30T10:00", 6.0),
        # Ascension is on a Thursday; clocks go forward in a weekend.
        ("2026-05-13T12:30", "2026-05-15T08:30", 4.5),
        ("2026-03-27T12:30", "2026-03-30T08:30", 4.5),
        ("2026-11-30T12:30", "2026-11-30T08:00", 0.0),
    ],
)
def test_hours_count_from_half_past_eight_to_five_on_working_days(
    begin: str, end: str, hours: float
) -> None:
    assert working_hours(at(begin), at(end), ()) == hours


def test_a_holiday_is_one_where_the_municipality_observes_it() -> None:
    friday = (at("2026-04-02T12:30"), at("2026-04-03T17:00"))
    assert working_hours(*friday, ()) == 13.0
    assert working_hours(*friday, ("goede-vrijdag",)) == 4.5


@pytest.mark.parametrize(
    ("shown", "by"),
    [
        (date(2026, 11, 30), date(2026, 12, 2)),
        (date(2026, 11, 26), date(2026, 11, 30)),
        (date(2026, 11, 28), date(2026, 12, 1)),
        (date(2026, 12, 24), date(2026, 12, 29)),
    ],
)
def test_two_working_days_end_with_the_second_after_the_day(shown: date, by: date) -> None:
    assert to_see_by(shown, ()) == by
