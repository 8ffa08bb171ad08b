"""No number under ten of signals can be reckoned from the months and quarters that are told."""

import itertools
from datetime import date
from random import Random

import pytest
from msgspec.structs import replace

from ingest.reporting.follow_up import (
    WHOLE,
    Followed,
    FollowUpFigure,
    numbers,
    shown_cells,
    told,
)
from ingest.reporting.follow_up_places import Placed, places_of
from ingest.reporting.signals import Following
from tests.ingest.reporting.linear import System

QUARTER = date(2026, 10, 1)
MONTHS = [date(2026, month, 1) for month in (10, 11, 12)]
Counts = dict[tuple[str, date], int]
Cell = tuple[str, date, str]


def what_stands_there(cells: set[Cell], counts: Counts) -> list[frozenset[tuple[str, date]]]:
    """Of each cell that is told, the unknowns that it is the sum of: department by month.

    Whoever reads does not know which of them are nought.
    """
    every = list(itertools.product(sorted({whose for whose, _ in counts}), MONTHS))
    return [
        frozenset(
            (whose, month)
            for whose, month in every
            if department in (WHOLE, whose) and (grain == "quarter" or month == period)
        )
        for grain, period, department in cells
    ]


def few_that_follow(cells: set[Cell], counts: Counts) -> list[int]:
    """Every number between nought and ten that follows from those that are told."""
    sums = System(what_stands_there(cells, counts)).determined_sums()
    totals = (sum(counts.get(unknown, 0) for unknown in each) for each in sums)
    return [total for total in totals if 0 < total < 10]


def random_counts(random: Random) -> Counts:
    most = random.choice((4, 9, 15, 30))
    departments = "abcd"[: random.randint(1, 4)]
    return {
        (whose, month): n
        for whose in departments
        for month in MONTHS
        if (n := random.randint(0, most))
    }


@pytest.mark.parametrize("seed", range(4))
def test_whatever_came_in_no_number_under_ten_follows(seed: int) -> None:
    random = Random(seed)
    shown = 0
    for _ in range(150):
        counts = random_counts(random)
        cells = shown_cells(counts, QUARTER)
        shown += len(cells)
        assert few_that_follow(cells, counts) == [], counts
    assert shown > 150


def test_each_number_by_itself_would_give_some_away() -> None:
    """The control: every cell of ten and more told, whatever stands beside it."""
    random = Random(1)
    given_away = 0
    for _ in range(150):
        counts = random_counts(random)
        cells: set[Cell] = set()
        departments = {whose for whose, _ in counts}
        for department, period in itertools.product([WHOLE, *departments], [QUARTER, *MONTHS]):
            for grain in ("quarter", "month") if period == QUARTER else ("month",):
                n = sum(
                    n
                    for (whose, month), n in counts.items()
                    if department in (WHOLE, whose) and (grain == "quarter" or month == period)
                )
                if n >= 10:
                    cells.add((grain, period, department))
        given_away += bool(few_that_follow(cells, counts))
    assert given_away > 30


def signals(n: int, **changes: object) -> list[Followed]:
    fixed = {
        "touchpoint": 1, "day": date(2026, 10, 5), "shown_on": date(2026, 10, 5),
        "state": "nieuw", "outcome": None, "seen_on": None, "seen_after": None,
    }  # fmt: skip
    return [Followed(**(fixed | changes))] * n  # type: ignore[arg-type]


def seen(n: int, day: int, hours: float, state: str = "gezien", **more: object) -> list[Followed]:
    return signals(n, state=state, seen_on=date(2026, 10, day), seen_after=hours, **more)


FOLLOWING = Following(where={1: ("balie", "publiekszaken"), 2: ("balie", "overig")}, holidays=())
BEFORE = date(2026, 10, 1)
OVER = date(2026, 11, 1)


def test_what_is_told_of_a_cell() -> None:
    came_in = [
        *seen(4, 6, 2.0),
        *seen(2, 7, 9.5, "afgehandeld", outcome="verbeterd", ended_on=date(2026, 10, 8)),
        *seen(1, 8, 20.0, "afgehandeld", outcome="uitgelegd", ended_on=date(2026, 10, 31)),
        *signals(3),
        # Of a touchpoint that the files no longer have.
        *signals(20, touchpoint=99),
    ]
    month, department = sorted(
        told(came_in, FOLLOWING, since=BEFORE, today=OVER), key=lambda each: each.department
    )
    assert (month.n, month.seen, month.to_see, month.in_time) == (10, 7, 10, 6)
    assert (month.done, month.improved, month.oldest_open) == (3, 2, date(2026, 10, 5))
    # The fifth of ten, where who was not seen took longest.
    assert month.median_hours == 9.5
    assert (department.department, department.n) == ("publiekszaken", 10)


def test_of_the_last_day_nothing_had_to_be_seen_by_its_end() -> None:
    last = date(2026, 10, 30)
    (month, _) = told(
        signals(10, day=last, shown_on=last), FOLLOWING, since=BEFORE, today=date(2026, 11, 20)
    )
    assert (month.to_see, month.in_time, month.median_hours) == (0, 0, None)


def test_a_month_is_told_once_it_is_over_and_as_it_was_then() -> None:
    def of(came_in: list[Followed], since: date, today: date) -> list[tuple[str, int, int]]:
        october = Placed(
            month=BEFORE, touchpoint=1, channel="balie", department="publiekszaken", n=10
        )
        figures = told(came_in, FOLLOWING, [october], since=since, today=today)
        return [(each.grain, each.seen, each.done) for each in figures if not each.department]

    late = seen(10, 31, 60.0, "afgehandeld", outcome="klacht", ended_on=date(2026, 11, 1))
    assert of(late, BEFORE, date(2026, 10, 31)) == []
    assert of(late, BEFORE, OVER) == [("month", 10, 0)]
    later = [replace(each, seen_on=date(2026, 11, 1)) for each in late]
    for today in (OVER, date(2026, 12, 31)):
        assert of(later, BEFORE, today) == [("month", 0, 0)]
    # Once; and of the quarter what was done by its end.
    assert of(later, OVER, date(2026, 12, 31)) == []
    assert of(later, OVER, date(2027, 1, 1)) == [("quarter", 10, 10)]
    # The demo shows what goes on, as it is.
    now = replace(FOLLOWING, at_once=True)
    figures = told(late, now, since=date(2026, 10, 31), today=date(2026, 10, 31))
    assert {(each.grain, each.done) for each in figures} == {("month", 10), ("quarter", 10)}


def test_nine_are_not_told_and_nine_beside_ten_take_the_ten_along() -> None:
    assert told(signals(9), FOLLOWING, since=BEFORE, today=OVER) == []
    beside = [*signals(10), *signals(9, touchpoint=2)]
    assert {each.department for each in told(beside, FOLLOWING, since=BEFORE, today=OVER)} == {
        WHOLE
    }


def told_month_by_month(
    came_in: list[Followed], before: Following, later: Following
) -> list[FollowUpFigure]:
    """A quarter of which the last month and the quarter are told by `later` files."""
    figures, placed = list[FollowUpFigure](), list[Placed]()
    for following, since, today in (
        (before, date(2026, 10, 1), date(2026, 11, 1)),
        (before, date(2026, 11, 1), date(2026, 12, 1)),
        (later, date(2026, 12, 1), date(2027, 1, 1)),
    ):
        figures += told(
            [each for each in came_in if each.shown_on < today],
            following,
            placed,
            since=since,
            today=today,
        )
        shown = numbers(each for each in came_in if each.shown_on < today)
        places, _ = places_of(shown, following, placed, since=since, today=today)
        placed += [each for each in places if each.month >= since]
    return figures


@pytest.mark.parametrize(
    "later",
    [("balie", "overig"), ("online", "overig"), None],
    ids=["another department", "another channel", "out of the file"],
)
def test_what_moves_within_a_quarter_is_not_the_difference_between_quarter_and_months(
    later: tuple[str, str] | None,
) -> None:
    where = {1: ("balie", "publiekszaken"), 2: ("balie", "publiekszaken"), 3: ("balie", "overig")}
    moved = {number: place for number, place in where.items() if number != 2}
    if later is not None:
        moved[2] = later
    came_in = [
        each
        for month in MONTHS
        for number, n in ((1, 20), (2, 1), (3, 20))
        for each in signals(
            n, touchpoint=number, day=month.replace(day=5), shown_on=month.replace(day=5)
        )
        if (number, month.month) != (2, 12)
    ]
    figures = told_month_by_month(
        came_in, Following(where=where, holidays=()), Following(where=moved, holidays=())
    )
    quarters = {
        (each.channel, each.department): each.n for each in figures if each.grain == "quarter"
    }
    assert quarters[("balie", WHOLE)] == 122
    for place, n in quarters.items():
        assert n == sum(
            each.n
            for each in figures
            if (each.grain, each.channel, each.department) == ("month", *place)
        )


def test_a_quarter_is_not_told_where_a_month_holds_more_than_when_it_was_told() -> None:
    on_time = [
        each
        for month in MONTHS
        for each in signals(12, day=month.replace(day=5), shown_on=month.replace(day=5))
    ]
    grains = [each.grain for each in told_month_by_month(on_time, FOLLOWING, FOLLOWING)]
    assert grains.count("quarter") == 2
    late = signals(2, day=date(2026, 11, 30), shown_on=date(2026, 12, 1))
    figures = told_month_by_month([*on_time, *late], FOLLOWING, FOLLOWING)
    assert {each.grain for each in figures} == {"month"}
    assert sum(each.n for each in figures if not each.department) == 36
