"""Finds the day of an answer from a tablet whose clock may be wrong. Pure.

A tablet has two clocks. The monotonic one counts from the start of the browser, never jumps and
knows no date. The wall clock has a date, may be a year off, and may be set at any moment. Only our
own clock is trusted; theirs only say how long before now something was.
"""

from datetime import UTC, date, datetime, timedelta

import msgspec

from ingest.clock import AMSTERDAM

# The network delays what a tablet sends: differences up to this are no contradiction.
TOLERANCE = timedelta(minutes=2)

# The drift of a cheap tablet's quartz, warm or cold: 17 seconds a day.
_MOST_DRIFT = 200e-6

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """Both clocks at one moment, in milliseconds; `boot` differs with each start of the browser."""

    boot: str
    monotonic: float
    wall: float


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """Between which moments, by our clock, an item can have been made.

    `earliest` is when the kiosk was enrolled, or last had nothing left to send. For a kiosk that a
    restored database did not know, it is when its touchpoint began to ask. `now` is when the item
    came.
    """

    earliest: datetime
    now: datetime


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """The day in Amsterdam, and the hour (0 to 23), which is None when the day is `uncertain`."""

    day: date
    hour: int | None
    uncertain: bool


def place(item: Reading, sent: Reading, bounds: Bounds, *, jumped: bool = False) -> Placed:
    """The day on which `item` was made; `sent` are both clocks at the moment of sending.

    Within one boot the monotonic clock says how long ago that was, whatever was done to the wall
    clock. After a restart the difference between two wall clock times says it. When the wall clock
    `jumped`, or gives an impossible time, the day is the earliest possible one.
    """
    if item.boot == sent.boot:
        estimate, trusted = sent.monotonic - item.monotonic, True
    else:
        estimate, trusted = sent.wall - item.wall, not jumped
    age = _milliseconds(estimate)
    longest = bounds.now - bounds.earliest
    if not trusted or not -TOLERANCE <= age <= longest + TOLERANCE:
        return _placed(bounds.earliest, uncertain=True)
    return _placed(bounds.now - min(max(age, timedelta()), longest), uncertain=False)


def offset_seconds(sent: Reading, now: datetime) -> int:
    """How far the wall clock of a tablet is ahead of ours, in whole seconds."""
    our_seconds = (now - _EPOCH).total_seconds()
    return round(sent.wall / 1000 - our_seconds)


def set_between(earlier: int, later: int, apart: timedelta) -> bool:
    """Whether a wall clock was set between two moments, from how far it was ahead, in seconds.

    Every clock drifts by a few seconds a day, which is allowed. A clock that was set and then set
    back is not noticed.
    """
    drift = apart.total_seconds() * _MOST_DRIFT
    return abs(later - earlier) > TOLERANCE.total_seconds() + drift


def too_soon(earlier: Reading, later: Reading, interval_seconds: float) -> bool:
    """Whether two answers of one kiosk follow each other faster than people do.

    Only for answers within one boot: over a restart the time between them is not known.
    """
    apart = abs(later.monotonic - earlier.monotonic)
    return earlier.boot == later.boot and apart < interval_seconds * 1000


def _milliseconds(count: float) -> timedelta:
    # A timedelta has limits; these are wider than the life of any tablet.
    return timedelta(milliseconds=min(max(count, -1e14), 1e14))


def _placed(moment: datetime, *, uncertain: bool) -> Placed:
    local = moment.astimezone(AMSTERDAM)
    return Placed(day=local.date(), hour=None if uncertain else local.hour, uncertain=uncertain)
