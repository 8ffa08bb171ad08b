"""On which day was an answer given, when it comes from a tablet whose clock nobody minds? Pure.

A tablet has two clocks. The monotonic one counts from the start of the browser, never jumps and
knows no date; the wall clock has a date, may be a year off, and may be set at any moment. Ours is
the only one that is believed; theirs only say how long before now something was.
"""

from datetime import UTC, date, datetime, timedelta

import msgspec

from ingest.clock import AMSTERDAM

# Two readings of one clock, some network in between: less than this is no contradiction.
TOLERANCE = timedelta(minutes=2)

# Of a quartz in a cheap tablet, warm or cold: 17 seconds a day.
_MOST_DRIFT = 200e-6

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """Both clocks at one moment, in milliseconds; `boot` tells apart the browser's starts."""

    boot: str
    monotonic: float
    wall: float


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """Between which moments, by our clock, an item can have been made.

    `earliest` is when the kiosk was enrolled (where the database forgot it: when its touchpoint
    began to ask), or had last nothing to send; `now` is when it came.
    """

    earliest: datetime
    now: datetime


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """The day in Amsterdam, and the hour (0 to 23), which is None when the day is `uncertain`."""

    day: date
    hour: int | None
    uncertain: bool


def place(item: Reading, sent: Reading, bounds: Bounds, *, jumped: bool = False) -> Placed:
    """When `item` was made, as seen from `sent`: both clocks when it was sent.

    Within one boot the monotonic clock says how long ago; what was done to the wall clock meanwhile
    does not matter. Over a restart the wall clock says it, corrected by how far it is off now. When
    it `jumped`, or what it says cannot be, the day is the earliest possible one.
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
    ours = (now - _EPOCH).total_seconds()
    return round(sent.wall / 1000 - ours)


def set_between(earlier: int, later: int, apart: timedelta) -> bool:
    """Whether a wall clock was set between two moments, from how far it was ahead, in seconds.

    A clock that nobody sets drifts as well, by a few seconds a day. One that was set there and back
    looks as if nobody had touched it.
    """
    drift = apart.total_seconds() * _MOST_DRIFT
    return abs(later - earlier) > TOLERANCE.total_seconds() + drift


def too_soon(earlier: Reading, later: Reading, interval_seconds: float) -> bool:
    """Whether two answers of one kiosk follow each other faster than people do.

    Only told of one boot: over a restart nothing precise is known.
    """
    apart = abs(later.monotonic - earlier.monotonic)
    return earlier.boot == later.boot and apart < interval_seconds * 1000


def _milliseconds(count: float) -> timedelta:
    # Further apart than any tablet's life says no more than "further", and fits a timedelta.
    return timedelta(milliseconds=min(max(count, -1e14), 1e14))


def _placed(moment: datetime, *, uncertain: bool) -> Placed:
    here = moment.astimezone(AMSTERDAM)
    return Placed(day=here.date(), hour=None if uncertain else here.hour, uncertain=uncertain)
