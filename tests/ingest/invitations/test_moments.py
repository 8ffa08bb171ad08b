"""Moments of other systems are read strictly: one that is no moment is none, and breaks nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.invitations.moments import read_moment, read_typed_moment

AFTERNOON = datetime(2026, 11, 28, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2026-11-28T13:05:00Z", "2026-11-28 14:05", "2026-11-28T14:05+01:00", "1795871100"],
)
def test_a_moment_without_a_time_zone_is_by_the_clock_in_amsterdam(text: str) -> None:
    assert read_moment(text) == AFTERNOON


def test_in_summer_that_clock_is_another_one() -> None:
    assert read_moment("2026-07-01 14:05") == datetime(2026, 7, 1, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize("text", ["28-11-2026 14:05", "28/11/2026 14:05:00", "28-11-2026T14:05"])
def test_people_type_the_day_first(text: str) -> None:
    assert read_typed_moment(text) == AFTERNOON


def test_an_hour_needs_no_nought_before_it_and_a_day_no_hour() -> None:
    assert read_typed_moment("1-2-2026 9:05") == datetime(2026, 2, 1, 8, 5, tzinfo=UTC)
    assert read_typed_moment("1-2-2026") == datetime(2026, 1, 31, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["31-2-2026", "11/28/2026", "28-11-26 14:05", "28-11-2026 25:00"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_typed_moment(text) is None


@given(st.text())
def test_whatever_stands_there_breaks_nothing(text: str) -> None:
    for moment in (read_moment(text), read_typed_moment(text)):
        assert moment is None or moment.tzinfo is UTC
