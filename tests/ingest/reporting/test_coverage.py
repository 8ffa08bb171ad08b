"""How often intervals and tests are right about answers as they fall, by simulation.

`AS_THEY_FALL` are shares of each answer from low to high: piled up at the high end, with a few at
the low end, as marks and five-point scales come in. Controls are Student's interval and Welch's
test without the answers that `lees.squared_error` adds at both ends: these fail.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.conftest import Database
from tests.read_later import read_later

np = read_later("numpy")
stats = read_later("scipy.stats")

pytestmark = pytest.mark.anyio

SEED = 20261130
AS_THEY_FALL: Mapping[str, tuple[int, ...]] = {
    "mean 8.8": (1, 0, 0, 0, 1, 3, 7, 22, 28, 38),
    "mean 7.9, some ones": (4, 1, 1, 1, 2, 5, 13, 33, 22, 18),
    "mean 7.1": (5, 2, 2, 3, 6, 10, 20, 28, 14, 10),
    "mean 6": (10, 4, 5, 6, 10, 14, 18, 18, 9, 6),
    "love it or hate it": (22, 8, 3, 2, 2, 3, 5, 15, 18, 22),
    "all high": (0, 0, 0, 0, 0, 0, 2, 18, 30, 50),
    "tens and a few ones": (3, 0, 0, 0, 0, 1, 3, 10, 18, 65),
    "many eights": (2, 1, 1, 2, 3, 7, 17, 37, 18, 12),
    "five points, 70 % fives": (3, 2, 5, 20, 70),
    "five points, 80 % fives": (4, 1, 3, 12, 80),
    "five points, in the middle": (8, 10, 22, 40, 20),
    "five points, two camps": (25, 10, 10, 20, 35),
    "five points, many fours": (1, 2, 7, 60, 30),
}
SIZES = (10, 20, 30, 100)
PAIRS = ((10, 10), (10, 30), (10, 100), (30, 100), (100, 100))

# The whole takes half a minute of a processor, and finds what the short one finds.
LONG = pytest.param(40_000, 0.94, 0.063, marks=pytest.mark.long)
DRAWS = pytest.mark.parametrize(("draws", "covered", "found"), [(4_000, 0.94, 0.07), LONG])


def drawn(name: str, n: int, draws: int, chance: Any) -> tuple[Any, Any]:
    """The sum and the sum of squares of `n` answers, so many times."""
    shares = np.array(AS_THEY_FALL[name]) / sum(AS_THEY_FALL[name])
    times = chance.multinomial(n, shares, size=draws)
    values = np.arange(1, len(shares) + 1)
    return times @ values, times @ values**2


def true_mean(name: str) -> float:
    shares = AS_THEY_FALL[name]
    return float(sum(v * share for v, share in enumerate(shares, start=1)) / sum(shares))


async def asked(db: Any, query: str, *columns: Any) -> Any:
    """The rows of `query`, which reads each of the columns as `$1`, `$2` and so on."""
    rows = await db.fetch(query, *([float(value) for value in column] for column in columns))
    return np.array([tuple(row) for row in rows])


async def intervals(db: Any, ends: str, total: Any, squares: Any, n: int, highest: int) -> Any:
    """The two ends for each draw; asked once for all draws that hold the same."""
    pairs, which = np.unique(np.stack([total, squares]), axis=1, return_inverse=True)
    query = (
        f"select {ends} from unnest($1::float8[], $2::float8[]) with ordinality"
        f" as drawn (total, squares, nth), (values ({n}::float8, {highest}::float8)) as of"
        " (n, highest) order by nth"
    )
    return (await asked(db, query, *pairs))[which.reshape(-1)]


OURS = "lees.mean_low(n, total, squares, 1, highest), lees.mean_high(n, total, squares, 1, highest)"
SPREAD = "greatest(n * squares - total * total, 0) / (n * (n - 1))"
STUDENTS = (
    f"total / n - lees.t_margin({SPREAD}, n) as low, total / n + lees.t_margin({SPREAD}, n) as high"
)


async def coverage(db: Any, ends: str, draws: int) -> Iterator[tuple[str, int, float, Any]]:
    """For each distribution and size: how often the true mean lies within, and the ends."""
    chance = np.random.default_rng(SEED)
    found = []
    for name in AS_THEY_FALL:
        for n in SIZES:
            total, squares = drawn(name, n, draws, chance)
            both = await intervals(db, ends, total, squares, n, len(AS_THEY_FALL[name]))
            within = (both[:, 0] <= true_mean(name) + 1e-9) & (true_mean(name) - 1e-9 <= both[:, 1])
            found.append((name, n, float(within.mean()), both))
    return iter(found)


@DRAWS
async def test_an_interval_holds_the_true_mean_94_times_in_100_or_more(
    database: Database, draws: int, covered: float, found: float
) -> None:
    async with database.superuser() as db:
        for name, n, share, both in await coverage(db, OURS, draws):
            assert share >= covered, (name, n)
            low, high = both.T
            assert low.min() >= 1, name
            assert high.max() <= len(AS_THEY_FALL[name]), name
            assert (high - low).min() > 0.1, name


async def test_student_s_interval_does_not(database: Database) -> None:
    async with database.superuser() as db:
        seen = list(await coverage(db, STUDENTS, 1_000))
    at_ten = {name: (share, both) for name, n, share, both in seen if n == 10}
    assert min(share for share, _ in at_ten.values()) < 0.8
    assert np.mean([share for share, _ in at_ten.values()]) < 0.93
    both = at_ten["five points, 80 % fives"][1]
    assert (both[:, 0] == both[:, 1]).any()
    assert any((both[:, 1] > len(AS_THEY_FALL[name])).any() for name, (_, both) in at_ten.items())


async def found_where_nothing_differs(db: Any, draws: int, *, plain: bool) -> dict[Any, float]:
    """How often p is under 0.05, for each distribution and pair of sizes."""
    chance = np.random.default_rng(SEED)
    found = {}
    for name, shares in AS_THEY_FALL.items():
        for sizes in PAIRS:
            means, errors = [], []
            for n in sizes:
                total, squares = drawn(name, n, draws, chance)
                means.append(total / n)
                if plain:
                    errors.append((squares - total * total / n) / (n - 1) / n)
                else:
                    query = (
                        f"select lees.squared_error({n}, total, squares, 1, {len(shares)}) from"
                        " unnest($1::float8[], $2::float8[]) with ordinality"
                        " as drawn (total, squares, nth) order by nth"
                    )
                    errors.append((await asked(db, query, total, squares))[:, 0])
            # Where neither side varies, Welch has nothing to say; ours always varies.
            told = sum(errors) > 0
            query = (
                f"select lees.welch_p(difference, a, {sizes[0]}, b, {sizes[1]}) from"
                " unnest($1::float8[], $2::float8[], $3::float8[]) as drawn (difference, a, b)"
            )
            p = await asked(
                db, query, (means[0] - means[1])[told], errors[0][told], errors[1][told]
            )
            found[name, sizes] = float((p < 0.05).sum() / draws)
    return found


@DRAWS
async def test_a_difference_is_found_where_there_is_none_six_times_in_100_at_most(
    database: Database, draws: int, covered: float, found: float
) -> None:
    async with database.superuser() as db:
        shares = await found_where_nothing_differs(db, draws // 4, plain=False)
    assert max(shares.values()) <= found, max(shares, key=lambda which: shares[which])
    # And it is no test that finds nothing: of many or of evenly spread answers nearly five.
    many = [share for (_, sizes), share in shares.items() if sizes == (100, 100)]
    assert np.mean(many) > 0.035


async def test_welch_s_test_by_itself_finds_far_more(database: Database) -> None:
    async with database.superuser() as db:
        shares = await found_where_nothing_differs(db, 1_000, plain=True)
    assert max(shares.values()) > 0.12
    assert sum(share > 0.065 for share in shares.values()) > 10


async def test_p_is_scipy_s(database: Database) -> None:
    """Within 2e-7 for all that ten answers or more can give, from p = 1 down to 1e-6."""
    wanted = np.geomspace(1e-6, 1, 200)
    async with database.superuser() as db:
        for a, n_a, b, n_b in ((0.2, 10, 0.2, 10), (0.5, 10, 0.01, 400), (3, 25, 0.001, 5000)):
            df = (a + b) ** 2 / (a**2 / (n_a - 1) + b**2 / (n_b - 1))
            differences = stats.t.isf(wanted / 2, df) * np.sqrt(a + b)
            query = (
                f"select lees.welch_p(difference, {a}, {n_a}, {b}, {n_b}) from"
                " unnest($1::float8[]) with ordinality as d (difference, nth) order by nth"
            )
            ours = (await asked(db, query, differences))[:, 0]
            assert np.abs(ours - wanted).max() < 2e-7
            margin = await db.fetchval(f"select lees.welch_margin({a}, {n_a}, {b}, {n_b})")
            assert margin == pytest.approx(stats.t.ppf(0.975, df) * np.sqrt(a + b), rel=3e-6)
        far = await db.fetchrow(
            "select lees.welch_p(0, 1, 10, 1, 10), lees.welch_p(900, 0.1, 50, 0.1, 50),"
            " lees.welch_p(null, 1, 10, 1, 10), lees.welch_p(100, 1e-9, 1e9, 1e-9, 1e9)"
        )
    assert far[0] == pytest.approx(1, abs=1e-6)
    assert 0 <= far[1] < 1e-6
    assert (far[2], far[3]) == (None, 0)


@pytest.mark.parametrize("sides", [(2.0, 10, 2.0, 10), (2.0, 10, 3.0, 30), (1.0, 100, 4.0, 700)])
async def test_what_can_be_found_is_found_four_times_in_five(
    database: Database, sides: tuple[float, int, float, int]
) -> None:
    """The power by Student's noncentral t, which is exact where the answers are normal."""
    variance, n, other, m = sides
    a, b = variance / n, other / m
    df = (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (m - 1))
    async with database.superuser() as db:
        least = await db.fetchval("select lees.findable($1, $2, $3, $4)", a, n, b, m)
    away, edge = least / np.sqrt(a + b), stats.t.ppf(0.975, df)
    power = stats.nct.sf(edge, df, away) + stats.nct.cdf(-edge, df, away)
    assert power == pytest.approx(0.8, abs=0.01)


async def test_the_ends_of_a_difference_of_shares_are_newcombe_s(database: Database) -> None:
    """His method 10, of which his table II gives 56 of 70 against 48 of 80 as 0.0524 to 0.3339."""
    async with database.superuser() as db:
        ends = await db.fetchrow(
            """select
                lees.difference_low(56 / 70.0, lees.wilson_low(56, 70),
                    48 / 80.0, lees.wilson_high(48, 80)),
                lees.difference_high(56 / 70.0, lees.wilson_high(56, 70),
                    48 / 80.0, lees.wilson_low(48, 80))"""
        )
    assert tuple(ends) == pytest.approx((0.0524, 0.3339), abs=1e-4)
