"""Moments as other systems write them; one that is no moment is None, and breaks nothing. Pure."""

import re
from datetime import UTC, datetime

from ingest.clock import AMSTERDAM

_FIRST_YEAR, _LAST_YEAR = 2000, 2999
_SINCE_1970 = re.compile(r"[0-9]{9,11}(?:\.[0-9]{1,9})?")
_MILLISECONDS_SINCE_1970 = re.compile(r"[0-9]{12,14}")
# As Dutch office programs write it: 28-11-2026 14:05.
_DAY_FIRST = re.compile(
    r"(?P<day>[0-9]{1,2})[-/](?P<month>[0-9]{1,2})[-/](?P<year>[0-9]{4})(?P<rest>.*)"
)


def read_moment(text: str) -> datetime | None:
    """In UTC: ISO 8601, or seconds or milliseconds since 1970.

    What has no time zone is by the clock in Amsterdam.
    """
    try:
        if _SINCE_1970.fullmatch(text):
            return datetime.fromtimestamp(float(text), UTC)
        if _MILLISECONDS_SINCE_1970.fullmatch(text):
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    # At the ends of the calendar a time zone leads out of it.
    if not text.isascii() or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)).astimezone(UTC)


def read_typed_moment(text: str) -> datetime | None:
    """The same, and with the day first as people in the Netherlands type it: 28-11-2026 14:05."""
    if match := _DAY_FIRST.fullmatch(text):
        day, month = match["day"].zfill(2), match["month"].zfill(2)
        rest = match["rest"].strip(" T")
        # A clock without a nought before the hour is no ISO 8601.
        rest = f" {rest.zfill(5) if len(rest) == len('9:05') else rest}" if rest else ""
        text = f"{match['year']}-{month}-{day}{rest}"
    return read_moment(text)
