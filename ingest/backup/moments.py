"""A moment that an operator names: in UTC, as Amsterdam's clock, with an offset; never vague."""

import re
from datetime import UTC, datetime

from ingest.clock import AMSTERDAM

LATEST = "latest"
_WRITTEN = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(Z|UTC|Amsterdam|[+-]\d\d:\d\d)"
)
_HOW = (
    "write it as '2026-11-28 14:30 Amsterdam', '2026-11-28 13:30 UTC', or 'latest' for all there is"
)


class MomentUnclear(ValueError):
    """No moment, or one of two; the sentence says how to write it."""


def moment_of(text: str) -> datetime | None:
    """The moment in UTC; None for `latest`. Raises MomentUnclear."""
    if text == LATEST:
        return None
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise MomentUnclear(f"'{text}' is no moment with its zone: {_HOW}.")
    day, time, zone = written.groups()
    try:
        if zone != "Amsterdam":
            offset = "+00:00" if zone in ("Z", "UTC") else zone
            return datetime.fromisoformat(f"{day}T{time}{offset}").astimezone(UTC)
        naive = datetime.fromisoformat(f"{day}T{time}")
    except ValueError:
        raise MomentUnclear(f"'{text}' is not on the calendar or the clock: {_HOW}.") from None
    first, second = (naive.replace(tzinfo=AMSTERDAM, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise MomentUnclear(
            f"the clock of Amsterdam shows '{day} {time}' twice or not at all: name it in UTC."
        )
    return first.astimezone(UTC)


def told(moment: datetime) -> str:
    """A moment for people: to the second, in UTC and as the clock of Amsterdam had it."""
    there = moment.astimezone(AMSTERDAM)
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC ({there:%H:%M:%S} in Amsterdam)"
