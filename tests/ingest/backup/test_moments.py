"""A moment to restore to is never guessed at."""

from datetime import UTC, datetime

import pytest

from ingest.backup.moments import MomentUnclear, moment_of, told

AT = datetime(2026, 11, 28, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-28 14:30 Amsterdam",
        "2026-11-28 13:30 UTC",
        "2026-11-28T13:30:00Z",
        "2026-11-28T15:30:00.000+02:00",
    ],
)
def test_a_moment_with_its_zone_is_understood(text: str) -> None:
    assert moment_of(text) == AT


def test_latest_is_all_there_is() -> None:
    assert moment_of("latest") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-11-28 14:30", "no moment with its zone"),
        ("yesterday", "no moment with its zone"),
        ("2026-11-31 14:30 UTC", "not on the calendar"),
        ("2026-10-25 02:30 Amsterdam", "twice or not at all"),
        ("2026-03-29 02:30 Amsterdam", "twice or not at all"),
    ],
)
def test_what_is_vague_is_refused(text: str, why: str) -> None:
    with pytest.raises(MomentUnclear, match=why):
        moment_of(text)


def test_it_is_told_by_both_clocks() -> None:
    assert told(AT) == "2026-11-28 13:30:00 UTC (14:30:00 in Amsterdam)"
