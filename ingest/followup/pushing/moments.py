"""When departments are told by mail: at the end of each half day. Pure."""

from datetime import UTC, datetime, time, timedelta

from ingest.clock import AMSTERDAM

DIGESTS = (time(12, 30), time(17, 30))
"""By the clock in Amsterdam, every day."""


def last_digest(now: datetime) -> datetime:
    """The latest of these moments that is not after `now`; both with a time zone, this in UTC."""
    local = now.astimezone(AMSTERDAM)
    days = (local.date(), local.date() - timedelta(days=1))
    moments = (datetime.combine(day, at, AMSTERDAM) for day in days for at in reversed(DIGESTS))
    return next(each for each in moments if each <= local).astimezone(UTC)
