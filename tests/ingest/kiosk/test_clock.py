"""The day of an answer from a tablet whose clock nobody minds: right, or said to be uncertain."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clock import day_of
from ingest.kiosk.clock import (
    TOLERANCE,
    Bounds,
    Reading,
    offset_seconds,
    place,
    set_between,
    too_soon,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YEARS = 3 * 365 * 86_400_000

moments = st.datetimes(
    datetime(2026, 1, 1),
    datetime(2036, 12, 31),
    timezones=st.just(UTC),
)
ages = st.timedeltas(timedelta(), timedelta(days=400))
# How far the wall clock is off, in milliseconds.
offsets = st.integers(-YEARS, YEARS)
jumps = st.integers(-YEARS, YEARS).filter(lambda jump: abs(jump) > 120_000)


def milliseconds(moment: datetime) -> float:
    return (moment - EPOCH) / timedelta(milliseconds=1)


def tablet(moment: datetime, *, off: float, started: datetime, boot: str = "a") -> Reading:
    """What a tablet reads at a moment, when its wall clock is off by so many milliseconds."""
    return Reading(
        boot=boot,
        monotonic=(moment - started) / timedelta(milliseconds=1),
        wall=milliseconds(moment) + off,
    )


def bounds(now: datetime) -> Bounds:
    return Bounds(earliest=now - timedelta(days=500), now=now)


def day(moment: datetime) -> date:
    return day_of(moment)


@given(now=moments, age=ages, off=offsets, jump=st.integers(-YEARS, YEARS))
def test_within_one_start_the_day_is_right_whatever_the_wall_clock_does(
    now: datetime, age: timedelta, off: int, jump: int
) -> None:
    made, started = now - age, now - age - timedelta(hours=1)
    item = tablet(made, off=off, started=started)
    sent = tablet(now, off=off + jump, started=started)
    placed = place(item, sent, bounds(now), jumped=True)
    assert not placed.uncertain
    # Whole milliseconds of years do not all fit a float: at midnight the day may be the next.
    assert placed.day in {day(made - timedelta(milliseconds=1)), day(made + timedelta(0, 0, 1000))}
    assert placed.hour is not None


@given(now=moments, age=ages, off=offsets)
def test_over_a_restart_a_wall_clock_that_is_years_off_gives_the_right_day(
    now: datetime, age: timedelta, off: int
) -> None:
    made = now - age
    item = tablet(made, off=off, started=made - timedelta(minutes=3), boot="a")
    sent = tablet(now, off=off, started=now - timedelta(minutes=3), boot="b")
    placed = place(item, sent, bounds(now))
    assert not placed.uncertain
    near = timedelta(milliseconds=1)
    assert day(made - near) <= placed.day <= day(made + near)


@given(now=moments, age=ages, off=offsets, jump=jumps)
def test_after_a_jump_over_a_restart_the_day_is_the_earliest_possible_and_uncertain(
    now: datetime, age: timedelta, off: int, jump: int
) -> None:
    made = now - age
    item = tablet(made, off=off, started=made, boot="a")
    sent = tablet(now, off=off + jump, started=now, boot="b")
    within = bounds(now)
    placed = place(item, sent, within, jumped=True)
    assert placed.uncertain
    assert placed.hour is None
    assert placed.day == day(within.earliest) <= day(made)


@given(now=moments, age=ages, off=offsets, jump=jumps, told=st.booleans())
def test_whatever_happens_a_day_lies_between_the_bounds(
    now: datetime, age: timedelta, off: int, jump: int, told: bool
) -> None:
    made = now - age
    item = tablet(made, off=off, started=made, boot="a")
    sent = tablet(now, off=off + jump, started=now, boot="b")
    within = Bounds(earliest=made, now=now)
    placed = place(item, sent, within, jumped=told)
    assert day(made) <= placed.day <= day(now)


@given(now=moments, further=st.integers(600 * 86_400_000, YEARS), sign=st.sampled_from([-1, 1]))
def test_a_jump_that_nobody_saw_is_found_out_when_it_cannot_be(
    now: datetime, further: int, sign: int
) -> None:
    """The clock was set while the tablet was off: the answer would be of before it hung there."""
    made = now - timedelta(hours=5)
    item = tablet(made, off=0, started=made, boot="a")
    sent = tablet(now, off=sign * further, started=now, boot="b")
    assert place(item, sent, bounds(now)).uncertain


@given(
    item=st.builds(Reading, boot=st.sampled_from("ab"), monotonic=st.floats(0, 1e13),
                   wall=st.floats(-1e14, 1e14)),
    sent=st.builds(Reading, boot=st.sampled_from("ab"), monotonic=st.floats(0, 1e13),
                   wall=st.floats(-1e14, 1e14)),
    now=moments,
    jumped=st.booleans(),
)  # fmt: skip
def test_no_reading_leads_outside_the_bounds(
    item: Reading, sent: Reading, now: datetime, jumped: bool
) -> None:
    within = bounds(now)
    placed = place(item, sent, within, jumped=jumped)
    assert day(within.earliest) <= placed.day <= day(now)
    assert placed.uncertain == (placed.hour is None)
    assert abs(offset_seconds(sent, now)) < 2e11


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        # A summer's evening in UTC is the next day here from 22:00, a winter's from 23:00.
        ("2026-07-01T21:59:59Z", (date(2026, 7, 1), 23)),
        ("2026-07-01T22:00:00Z", (date(2026, 7, 2), 0)),
        ("2026-01-01T22:59:59Z", (date(2026, 1, 1), 23)),
        ("2026-01-01T23:00:00Z", (date(2026, 1, 2), 0)),
        # 29 March 2026: 01:59 is followed by 03:00. 25 October: the third hour comes twice.
        ("2026-03-29T00:59:59Z", (date(2026, 3, 29), 1)),
        ("2026-03-29T01:00:00Z", (date(2026, 3, 29), 3)),
        ("2026-10-25T00:30:00Z", (date(2026, 10, 25), 2)),
        ("2026-10-25T01:30:00Z", (date(2026, 10, 25), 2)),
    ],
)
@pytest.mark.parametrize("days", [0, 1, 40])
@pytest.mark.parametrize("same_start", [True, False])
def test_a_day_is_a_day_in_amsterdam_whatever_changed_since(
    moment: str, told: tuple[date, int], days: int, same_start: bool
) -> None:
    made = datetime.fromisoformat(moment)
    now = made + timedelta(days=days, minutes=7)
    item = tablet(made, off=-YEARS, started=made - timedelta(days=1))
    sent = tablet(
        now, off=-YEARS, started=made - timedelta(days=1), boot="a" if same_start else "b"
    )
    placed = place(item, sent, bounds(now))
    assert (placed.day, placed.hour, placed.uncertain) == (*told, False)


def test_a_little_too_early_or_too_late_is_the_network() -> None:
    now = datetime(2026, 5, 5, 12, tzinfo=UTC)
    within = Bounds(earliest=now - timedelta(hours=1), now=now)
    sent = tablet(now, off=0, started=now)
    for outside in (TOLERANCE, -timedelta(hours=1) - TOLERANCE):
        item = tablet(now + outside, off=0, started=now, boot="z")
        assert not place(item, sent, within).uncertain
        further = timedelta(seconds=1 if outside > timedelta() else -1)
        item = tablet(now + outside + further, off=0, started=now, boot="z")
        assert place(item, sent, within).uncertain


@given(apart=st.integers(0, 20_000), interval=st.integers(1, 15))
def test_too_soon_is_less_than_the_interval_within_one_start(apart: int, interval: int) -> None:
    one = Reading(boot="a", monotonic=50_000, wall=0)
    other = Reading(boot="a", monotonic=50_000 + apart, wall=-5)
    assert too_soon(one, other, interval) == too_soon(other, one, interval)
    assert too_soon(one, other, interval) == (apart < interval * 1000)
    assert not too_soon(one, Reading(boot="b", monotonic=50_000, wall=0), interval)


def test_an_offset_is_how_far_the_tablet_is_ahead() -> None:
    now = datetime(2026, 5, 5, 12, tzinfo=UTC)
    assert offset_seconds(tablet(now, off=90_000, started=now), now) == 90
    assert offset_seconds(tablet(now, off=-31_536_000_000, started=now), now) == -31_536_000


def test_a_clock_may_drift_seventeen_seconds_a_day_and_two_minutes() -> None:
    year = timedelta(days=365)
    assert not set_between(0, 120, timedelta())
    assert set_between(0, 121, timedelta())
    assert set_between(-3600, 0, timedelta(days=1))
    assert not set_between(-1800, 4400, year)
    assert set_between(-1800, 5000, year)
