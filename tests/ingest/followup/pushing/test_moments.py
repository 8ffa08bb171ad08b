"""Mail goes out at half past twelve and half past five by the clock in Amsterdam."""

from datetime import UTC, datetime

import pytest

from ingest.followup.pushing.moments import last_digest


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2026-11-30T11:29:59", "2026-11-29T16:30:00"),
        ("2026-11-30T11:30:00", "2026-11-30T11:30:00"),
        ("2026-11-30T16:29:59", "2026-11-30T11:30:00"),
        ("2026-11-30T16:30:00", "2026-11-30T16:30:00"),
        # After midnight here, and not yet in UTC.
        ("2026-11-30T23:30:00", "2026-11-30T16:30:00"),
        # In summer the same clock is an hour ahead.
        ("2026-07-01T10:30:00", "2026-07-01T10:30:00"),
        ("2026-10-25T11:29:59", "2026-10-24T15:30:00"),
        ("2026-10-25T11:30:00", "2026-10-25T11:30:00"),
    ],
)
def test_the_latest_that_is_past(now: str, last: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert last_digest(moment) == datetime.fromisoformat(last).replace(tzinfo=UTC)
