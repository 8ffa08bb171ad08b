"""The holidays on which nobody is sent anything."""

from datetime import date, timedelta

import pytest

from ingest.invitations.dutch_holidays import is_holiday
from ingest.municipalities.inviting import CHOSEN_HOLIDAYS

EVERY_DAY_OF_2026 = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


def test_the_public_holidays_of_a_year_are_these() -> None:
    assert [f"{day:%d-%m}" for day in EVERY_DAY_OF_2026 if is_holiday(day, ())] == [
        "01-01",
        "05-04",
        "06-04",
        "27-04",
        "14-05",
        "24-05",
        "25-05",
        "25-12",
        "26-12",
    ]


@pytest.mark.parametrize(
    ("name", "day"), [("goede-vrijdag", date(2026, 4, 3)), ("bevrijdingsdag", date(2026, 5, 5))]
)
def test_a_day_that_can_be_chosen_is_a_holiday_where_it_is(name: str, day: date) -> None:
    added = [d for d in EVERY_DAY_OF_2026 if is_holiday(d, (name,)) and not is_holiday(d, ())]
    assert added == [day]


def test_good_friday_is_found_in_every_year() -> None:
    for year in range(2024, 2060):
        days = [date(year, 3, 1) + timedelta(days=n) for n in range(61)]
        (found,) = [d for d in days if is_holiday(d, CHOSEN_HOLIDAYS) and not is_holiday(d, ())]
        assert found.weekday() == 4
        assert is_holiday(found + timedelta(days=3), ())


def test_once_in_five_years_liberation_day_is_one_for_everybody() -> None:
    assert [y for y in range(2024, 2036) if is_holiday(date(y, 5, 5), ())] == [2025, 2030, 2035]
