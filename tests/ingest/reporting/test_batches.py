"""What becomes readable together: nobody stands alone, nothing is untrue, nothing waits in vain."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reporting.batches import Detail, Group, Waiting, monday_of
from ingest.reporting.batches import place as place_alike

FIRST = date(2026, 11, 2)
SIZES: dict[Hashable, Group] = {
    "small": Group(size=3),
    "usual": Group(),
    "large": Group(size=14),
    "one": Group(size=1),
}

_details = st.tuples(
    st.sampled_from([None, FIRST, FIRST + timedelta(days=1)]),
    st.sampled_from(["kiosk", "link", "qr"]),
    st.sampled_from([None, "paspoort", "rijbewijs", "verhuizing"]),
    st.sampled_from(["nl", "nl", "nl", "en"]),
)
_row = st.tuples(st.sampled_from(["small", "usual", "large", "one"]), st.integers(0, 9), _details)
rows_of_days = st.lists(_row, max_size=150).map(
    lambda rows: [
        Waiting(places=[number], stream=stream, day=FIRST + timedelta(days=days), details=details)
        for number, (stream, days, details) in enumerate(rows)
    ]
)


class Placed(NamedTuple):
    """A row, with what is told of it."""

    place: int
    closed_on: date
    kept: tuple[Detail, ...]
    batch: int


def place(rows: Sequence[Waiting], groups: dict[Hashable, Group]) -> list[Placed]:
    """Row by row what is published."""
    return [
        Placed(number, one.closed_on, one.kept, one.batch)
        for one in place_alike(rows, groups)
        for number in one.places
    ]


def batches(placed: Sequence[Placed]) -> dict[int, list[Placed]]:
    found: dict[int, list[Placed]] = defaultdict(list)
    for one in placed:
        found[one.batch].append(one)
    return found


def row(number: int, *details: Any, days: int = 0) -> Waiting:
    return Waiting(
        places=[number], stream="usual", day=FIRST + timedelta(days=days), details=details
    )


def alike(times: int, *details: Any, start: int = 0, days: int = 0) -> list[Waiting]:
    return [row(start + number, *details, days=days) for number in range(times)]


def kept(rows: Sequence[Waiting], size: int = 10) -> Counter[tuple[Any, ...]]:
    """How often each combination of details is told."""
    return Counter(one.kept for one in place(rows, {"usual": Group(size=size)}))


@given(rows_of_days)
def test_every_combination_that_is_told_is_of_enough_rows(rows: list[Waiting]) -> None:
    """What was emptied is a value as any other: too few of them would be told by the rest."""
    for members in batches(place(rows, SIZES)).values():
        enough = SIZES[rows[members[0].place].stream].enough
        assert len(members) >= enough
        for details in range(5):
            told = Counter(one.kept[:details] for one in members)
            assert min(told.values()) >= enough


@given(rows_of_days)
def test_what_is_told_of_a_row_is_true(rows: list[Waiting]) -> None:
    for one in place(rows, SIZES):
        for told, true in zip(one.kept, rows[one.place].details, strict=True):
            assert told is None or told == true


@given(rows_of_days)
def test_rows_of_one_batch_are_of_one_stream(rows: list[Waiting]) -> None:
    for members in batches(place(rows, SIZES)).values():
        assert len({rows[one.place].stream for one in members}) == 1
        assert len({one.closed_on for one in members}) == 1


@given(rows_of_days)
def test_nothing_is_placed_twice(rows: list[Waiting]) -> None:
    placed = [one.place for one in place(rows, SIZES)]
    assert len(set(placed)) == len(placed)


@given(rows_of_days)
def test_nothing_waits_that_could_go(rows: list[Waiting]) -> None:
    gone = {one.place for one in place(rows, SIZES)}
    waits = Counter(one.stream for one in rows if one.places[0] not in gone)
    assert all(number < SIZES[stream].size for stream, number in waits.items())


@given(rows_of_days)
def test_a_batch_closes_on_the_day_on_which_it_is_full_and_on_none_before(
    rows: list[Waiting],
) -> None:
    for members in batches(place(rows, SIZES)).values():
        (closed_on,) = {one.closed_on for one in members}
        size = SIZES[rows[members[0].place].stream].size
        days = [rows[one.place].day for one in members]
        assert max(days) == closed_on
        assert sum(day < closed_on for day in days) < size <= len(members)


def of_one(placed: Sequence[Placed]) -> set[Any]:
    """Batches without their numbers: which rows, when, and what is told of each."""
    return {
        frozenset((one.place, one.closed_on, one.kept) for one in members)
        for members in batches(placed).values()
    }


@given(rows_of_days, st.randoms(use_true_random=False))
def test_the_same_is_told_in_whatever_order_rows_are_read(
    rows: list[Waiting], chance: Random
) -> None:
    turned = chance.sample(rows, len(rows))
    assert of_one(place(turned, SIZES)) == of_one(place(rows, SIZES))


@given(rows_of_days, st.sets(st.integers(0, 9)))
def test_the_same_batches_come_out_whenever_somebody_looks(
    rows: list[Waiting], looked_after: set[int]
) -> None:
    by_place = {one.places[0]: one for one in rows}
    at_the_end = of_one(place(rows, SIZES))
    in_between: set[Any] = set()
    waits = dict(by_place)
    for days in sorted(looked_after | {9}):
        over = [one for one in waits.values() if one.day <= FIRST + timedelta(days=days)]
        placed = place(over, SIZES)
        in_between |= of_one(placed)
        for one in placed:
            del waits[one.place]
    assert in_between == at_the_end


def test_nine_wait_and_the_tenth_lets_all_go() -> None:
    assert not kept(alike(9, "nl"))
    assert kept(alike(10, "nl")) == {("nl",): 10}


def test_a_detail_of_fewer_than_ten_is_emptied() -> None:
    rows = [*alike(14, "link", "nl"), *alike(10, "kiosk", "nl", start=14)]
    assert kept(rows) == {("link", "nl"): 14, ("kiosk", "nl"): 10}
    rows = [*alike(14, "link", "nl"), *alike(9, "kiosk", "nl", start=14)]
    # The nine alone would be told by what is empty: the others join them.
    assert kept(rows) == {(None, "nl"): 23}


def test_the_smallest_that_was_kept_joins_too_few_that_were_emptied() -> None:
    rows = [
        *alike(30, "link"),
        *alike(11, "qr", start=30),
        *alike(12, "widget", start=41),
        *alike(2, "kiosk", start=53),
    ]
    assert kept(rows) == {("link",): 30, ("widget",): 12, (None,): 13}


def test_of_two_that_are_as_small_the_same_one_joins_in_whatever_order_they_are_read() -> None:
    rows = [*alike(12, "qr"), *alike(12, "link", start=12), *alike(3, "kiosk", start=24)]
    expected = {("qr",): 12, (None,): 15}
    assert kept(rows) == expected
    assert kept([*rows[12:], *rows[:12]]) == expected


def test_enough_that_were_emptied_leave_the_others_as_they_are() -> None:
    rows = [*alike(10, "link"), *alike(6, "qr", start=10), *alike(4, "kiosk", start=16)]
    assert kept(rows) == {("link",): 10, (None,): 10}


def test_what_is_not_known_is_a_value_too() -> None:
    assert kept([*alike(10, "paspoort"), *alike(3, None, start=10)]) == {(None,): 13}
    assert kept([*alike(10, "paspoort"), *alike(10, None, start=10)]) == {
        ("paspoort",): 10,
        (None,): 10,
    }


def test_what_comes_first_is_kept_first() -> None:
    rows = [row(number, "ab"[number % 2], "xy"[number // 2 % 2]) for number in range(20)]
    assert kept(rows) == {("a", None): 10, ("b", None): 10}
    turned = [row(number, "xy"[number // 2 % 2], "ab"[number % 2]) for number in range(20)]
    assert kept(turned) == {("x", None): 10, ("y", None): 10}


def test_a_smaller_batch_hides_among_as_many_as_it_says() -> None:
    rows = [*alike(4, "a"), *alike(3, "b", start=4), *alike(2, "c", start=7)]
    assert kept(rows, size=3) == {("a",): 4, (None,): 5}


def test_a_larger_batch_waits_longer_and_hides_among_ten() -> None:
    rows = [*alike(20, "a"), *alike(10, "b", start=20)]
    assert kept(rows, size=30) == {("a",): 20, ("b",): 10}
    assert not kept(rows[:29], size=30)


def test_one_at_a_time_everything_is_told() -> None:
    assert kept([row(0, "a"), row(1, "b")], size=1) == {("a",): 1, ("b",): 1}


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2027, 1, 1), date(2026, 12, 28)),
        (date(2026, 11, 2), date(2026, 11, 2)),
        (date(2026, 11, 8), date(2026, 11, 2)),
    ],
)
def test_a_week_begins_on_its_monday_whatever_the_year(day: date, monday: date) -> None:
    assert monday_of(day) == monday
