"""When a look is due, and what it may take: by the clock of Amsterdam, whatever that does."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.plan import Look, Plan, last_month_told, look_due, plan_of
from tests.installation import plain_installation

HERE = "GM9001"
DAILY = Plan(dimensions={}, sizes={})
HOURLY = Plan(dimensions={}, sizes={}, hourly=frozenset({HERE}))
AT_ONCE = Plan(dimensions={}, sizes={}, at_once=True)
MINUTE = timedelta(minutes=1)

# Six o'clock in Amsterdam: in winter, in summer, and on the mornings on which that changes.
SIX = [
    datetime(2026, 1, 15, 5, tzinfo=UTC),
    datetime(2026, 7, 15, 4, tzinfo=UTC),
    datetime(2026, 3, 29, 4, tzinfo=UTC),
    datetime(2026, 10, 25, 5, tzinfo=UTC),
]


def told(plan: Plan, looked_at: datetime | None, now: datetime) -> Look | None:
    return look_due(plan, HERE, looked_at, now)


@pytest.mark.parametrize("six", SIX, ids=["winter", "summer", "to summer", "to winter"])
def test_a_look_is_due_at_six_in_amsterdam_and_not_a_minute_before(six: datetime) -> None:
    the_day_before = six - timedelta(hours=20)
    assert told(DAILY, the_day_before, six - MINUTE) is None
    look = told(DAILY, the_day_before, six)
    assert look is not None
    assert look.invited
    assert look.days_before == six.date()


@pytest.mark.parametrize("six", SIX, ids=["winter", "summer", "to summer", "to winter"])
def test_after_it_none_is_due_until_the_next_morning(six: datetime) -> None:
    assert told(DAILY, six, six + MINUTE) is None
    assert told(DAILY, six, six + timedelta(hours=22)) is None
    assert told(DAILY, six, six + timedelta(hours=25)) is not None


@pytest.mark.parametrize("six", SIX, ids=["winter", "summer", "to summer", "to winter"])
def test_who_was_away_at_six_looks_as_soon_as_they_are_there(six: datetime) -> None:
    late = six + timedelta(hours=9)
    assert told(DAILY, six - timedelta(hours=24), late) is not None
    assert told(DAILY, late, late + MINUTE) is None
    assert told(DAILY, late, six + timedelta(hours=25)) is not None


def test_who_never_looked_does_so_at_any_hour() -> None:
    night = datetime(2026, 7, 14, 23, 30, tzinfo=UTC)
    look = told(DAILY, None, night)
    assert look is not None
    # In Amsterdam it is half past one on the fifteenth.
    assert look.days_before == date(2026, 7, 15)


def test_a_look_takes_days_that_are_over_and_nothing_of_today() -> None:
    look = told(DAILY, None, SIX[0])
    assert look == Look(
        invited=True,
        days_before=date(2026, 1, 15),
        open_today=False,
        halfway_before=date(2026, 1, 15),
        sampled_before=date(2026, 1, 1),
    )


@pytest.mark.parametrize(
    ("minutes", "day"), [(0, 14), (19, 14), (20, 15), (60, 15)], ids=lambda value: str(value)
)
def test_what_was_left_halfway_waits_until_its_day_is_over_by_twenty_minutes(
    minutes: int, day: int
) -> None:
    midnight = datetime(2026, 1, 14, 23, tzinfo=UTC)
    for plan in (DAILY, HOURLY, AT_ONCE):
        look = told(plan, None, midnight + timedelta(minutes=minutes))
        assert look is not None
        assert look.halfway_before == date(2026, 1, day)


def test_where_it_is_hourly_open_ways_are_looked_at_in_each_hour_once() -> None:
    looked_at = SIX[0]
    for _ in range(30):
        hour = looked_at.replace(minute=0) + timedelta(hours=1)
        assert told(HOURLY, looked_at, hour - MINUTE) is None
        look = told(HOURLY, looked_at, hour)
        assert look is not None
        assert look.open_today
        # Who was invited is looked at once a day all the same.
        assert look.invited == (hour.hour == 5)
        looked_at = hour + 7 * MINUTE


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_on_nights_on_which_the_clock_changes_every_hour_has_one_look(night: date) -> None:
    hour = datetime(night.year, night.month, night.day, tzinfo=UTC) - timedelta(hours=2)
    for _ in range(8):
        assert told(HOURLY, hour - 20 * MINUTE, hour) is not None
        assert told(HOURLY, hour, hour + 59 * MINUTE) is None
        hour += timedelta(hours=1)


def test_where_another_municipality_is_hourly_this_one_is_not() -> None:
    assert look_due(HOURLY, "GM9002", SIX[0], SIX[0] + timedelta(hours=3)) is None


def test_at_once_a_look_is_always_due_and_takes_all_of_today() -> None:
    look = told(AT_ONCE, SIX[0], SIX[0] + timedelta(seconds=1))
    assert look is not None
    assert look.invited
    assert look.open_today
    assert look.days_before == date(2026, 1, 16)
    assert AT_ONCE.group(1).size == AT_ONCE.group(1).enough == 1


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2026, 3, 7), date(2026, 1, 1)),
        (date(2026, 3, 8), date(2026, 2, 1)),
        (date(2026, 3, 31), date(2026, 2, 1)),
        (date(2026, 1, 7), date(2025, 11, 1)),
        (date(2026, 1, 8), date(2025, 12, 1)),
    ],
)
def test_a_region_knows_a_month_from_the_eighth_of_the_next(today: date, month: date) -> None:
    assert last_month_told(today) == month


def test_at_once_a_region_knows_a_month_on_the_first_of_the_next() -> None:
    assert last_month_told(date(2026, 3, 1), at_once=True) == date(2026, 2, 1)


def test_files_say_how_large_a_batch_is_and_which_details_come_first(catalogue: Catalogue) -> None:
    plan = plan_of(catalogue)
    desk = catalogue.touchpoint("molensloot", "balie-hal").number
    weddings = catalogue.touchpoint("molensloot", "huwelijk").number
    assert plan.dimensions[desk] == ("location", "product")
    assert (plan.group(desk).size, plan.group(desk).enough, plan.is_small(desk)) == (10, 10, False)
    assert (plan.group(weddings).size, plan.group(weddings).enough) == (3, 3)
    assert plan.is_small(weddings)
    assert plan.hourly == frozenset()


def test_a_batch_may_be_larger_and_ten_still_agree(tmp_path: Path) -> None:
    installation = plain_installation(tmp_path)
    installation.municipality(touchpoint="batch = 50", head='publishing.open = "hourly"')
    plan = plan_of(installation.load())
    assert (plan.group(1).size, plan.group(1).enough, plan.is_small(1)) == (50, 10, False)
    assert plan.hourly == {HERE}
