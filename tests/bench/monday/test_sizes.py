"""A country has the sizes that its page states, and its busiest hour follows from its year."""

import msgspec
import pytest

from tests.bench.monday.hour import COUNTRY, Taken, busiest_hour, needed
from tests.bench.monday.sizes import inhabitants

SIZES = inhabitants()


def test_its_municipalities_are_as_large_as_those_of_the_netherlands() -> None:
    assert len(SIZES) == 342
    assert (SIZES[0], SIZES[-1]) == (1_000, 930_000)
    assert sum(SIZES) == pytest.approx(18_000_000, rel=0.005)
    assert SIZES[170] < 32_000 < SIZES[171]
    assert sorted(SIZES) == SIZES


def test_the_sizes_are_the_same_every_time() -> None:
    assert inhabitants() == SIZES


def test_the_busiest_hour_is_a_fifth_of_three_tenths_of_a_week() -> None:
    hour = busiest_hour(COUNTRY)
    assert hour.responses * 3600 == pytest.approx(18_000_000 / 52 * 0.3 * 0.2)
    assert hour.pages == pytest.approx(3 * hour.responses)
    assert hour.widgets == pytest.approx(10 * hour.pages)


def test_ten_times_as_dense_is_ten_times_as_much_of_everything() -> None:
    ten = msgspec.structs.asdict(busiest_hour(COUNTRY).times(10))
    assert ten == pytest.approx(msgspec.structs.asdict(busiest_hour(10 * COUNTRY)))


def test_what_a_year_needs_follows_from_what_one_response_took() -> None:
    taken = Taken(
        cpu_a_response=0.005,
        publishing_a_response=0.000_1,
        disk_a_response=500,
    )
    year = needed(COUNTRY, taken)
    assert year.minute.responses == pytest.approx(5 * year.hour.responses)
    assert year.cores == pytest.approx(year.minute.responses * 0.005)
    assert year.disk_tb_a_year == pytest.approx(0.009)
    assert year.publishing_hours_a_day == pytest.approx(18_000_000 / 365 * 0.000_1 / 3600)
