"""What is worked out of sums is what the database's own functions come to."""

from math import isclose

import asyncpg
import pytest

from ingest.reports.certainty import Sample, compare, holm, t_975, wilson
from tests.conftest import Database

pytestmark = pytest.mark.anyio

SAMPLES = (
    Sample(n=10, total=100, squares=1000),  # ten tens: no spread at all
    Sample(n=10, total=41, squares=193, highest=5),
    Sample(n=31, total=240, squares=1990),
    Sample(n=412, total=3410, squares=29_300),
)


async def test_intervals_and_tests_are_those_of_the_database(database: Database) -> None:
    async with database.connected("meetpunt_owner") as db:
        for sample in SAMPLES:
            ends = (sample.n, sample.total, sample.squares, sample.lowest, sample.highest)
            assert isclose(sample.squared_error, await db.fetchval(_ERROR, *ends))
            low, high = await db.fetchrow(_INTERVAL, *ends)
            assert sample.interval == pytest.approx((low, high))
        for now, before in ((SAMPLES[2], SAMPLES[3]), (SAMPLES[0], SAMPLES[3])):
            found = compare(now, before)
            errors = (now.squared_error, now.n, before.squared_error, before.n)
            told = await _tested(db, found.value, *errors)
            # The views' tail is within 2e-7 of the exact one.
            assert found.p == pytest.approx(told["p"], abs=1e-6)
            assert found.high - found.value == pytest.approx(told["margin"])
            assert found.findable == pytest.approx(told["findable"])
        shares = await db.fetchrow("select lees.wilson_low(17, 40), lees.wilson_high(17, 40)")
        assert wilson(17, 40) == pytest.approx(tuple(shares))


async def _tested(db: asyncpg.Connection, *values: float) -> asyncpg.Record:
    return await db.fetchrow(
        """select lees.welch_p($1, $2, $3, $4, $5) as p,
            lees.welch_margin($2, $3, $4, $5) as margin,
            lees.findable($2, $3, $4, $5) as findable""",
        *(float(value) for value in values),
    )


_ERROR = "select lees.squared_error($1, $2, $3, $4, $5)"
_INTERVAL = "select lees.mean_low($1, $2, $3, $4, $5), lees.mean_high($1, $2, $3, $4, $5)"


def test_of_ten_equal_answers_the_interval_is_not_nought_wide() -> None:
    low, high = SAMPLES[0].interval
    assert low < 9.9
    assert high == 10


def test_holm_counts_the_smallest_p_as_often_as_there_are() -> None:
    assert holm([0.04, 0.01, 0.03]) == [pytest.approx(0.06), pytest.approx(0.03),
                                        pytest.approx(0.06)]  # fmt: skip
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_the_quantile_is_students() -> None:
    # From a table of Student's distribution.
    for freedom, quantile in ((9, 2.2622), (29, 2.0452), (1000, 1.9623)):
        assert t_975(freedom) == pytest.approx(quantile, abs=1e-4)
