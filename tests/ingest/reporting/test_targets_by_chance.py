"""A target is hardly ever surely reached by chance, where nothing changed; by the figure it is."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from tests.conftest import Database
from tests.publishing import reads, seen
from tests.read_later import read_later

np = read_later("numpy")

pytestmark = pytest.mark.anyio

READER = "lezer_toeval"
SEED = 20261130
TIMES = 400
# A mean of 7.52; of these marks 17 in a hundred are 6 or lower.
MARKS = (2, 1, 1, 2, 3, 8, 24, 34, 16, 9)


async def results(
    database: Database,
    *,
    base: Sequence[int] = MARKS,
    now: Sequence[int] = MARKS,
    base_n: int = 100,
    now_n: int = 400,
    mean: float | None = None,
) -> list[Any]:
    """What the view says of so many targets of which answers were drawn from these shares.

    `mean` is aimed at, or 30 % fewer low marks than in the base year.
    """
    chance = np.random.default_rng(SEED)
    columns = [
        chance.multinomial(n, np.array(shares) / sum(shares), size=TIMES).tolist()
        for shares, n in ((base, base_n), (now, now_n))
    ]
    async with database.superuser() as db:
        await db.execute("delete from lees.doel; delete from lees.cijfer")
        await db.execute(
            "insert into lees.doel (municipality, channel, indicator, measure, kind, amount,"
            " base_year) select 'GM9001', 'kanaal-' || nth, 'tevredenheid', $2, 'mark', $3, $4"
            " from generate_series(1, $1) as nth",
            *(TIMES, "mean_at_least" if mean else "share_le_6_falls_by"),
            *(mean or 30, None if mean else 2021),
        )
        last = await db.fetchval(
            "select (date_trunc('month', now() at time zone 'Europe/Amsterdam')"
            " - interval '1 month')::date"
        )
        await db.copy_records_to_table(
            "cijfer",
            schema_name="lees",
            columns=("municipality", "grain", "period", "channel", "indicator", "kind", "given",
                     "small_group"),
            records=[
                ("GM9001", "month", month, f"kanaal-{nth}", "tevredenheid", "mark", given, False)
                for month, drawn in zip((date(2021, 6, 1), last), columns, strict=True)
                for nth, given in enumerate(drawn, start=1)
            ],
        )  # fmt: skip
    return await seen(database, READER, "select * from doelen")


def share(rows: Sequence[Any], column: str) -> float:
    assert len(rows) == TIMES
    return sum(row[column] is True for row in rows) / len(rows)


@pytest.mark.parametrize(
    ("base_n", "now_n"),
    [
        (100, 100),
        # The other sizes show the same, a second each.
        pytest.param(100, 400, marks=pytest.mark.long),
        pytest.param(1_000, 100, marks=pytest.mark.long),
    ],
)
async def test_fewer_low_marks_are_hardly_ever_surely_reached_where_nothing_changed(
    own_database: Database, base_n: int, now_n: int
) -> None:
    await reads(own_database, "molensloot", READER)
    rows = await results(own_database, base_n=base_n, now_n=now_n)
    assert share(rows, "zeker_behaald") < 0.05
    assert share(rows, "zeker_niet_behaald") > share(rows, "zeker_behaald")


async def test_a_fall_that_is_far_larger_than_was_aimed_at_is_surely_reached(
    own_database: Database,
) -> None:
    """So it is no verdict that is never given."""
    await reads(own_database, "molensloot", READER)
    halved = (0, 0, 1, 1, 1, 3, 30, 38, 17, 9)
    rows = await results(own_database, now=halved, base_n=1_000, now_n=1_000)
    assert share(rows, "zeker_behaald") > 0.8


async def test_by_the_figure_a_small_base_is_reached_in_a_quarter_of_the_cases(
    own_database: Database,
) -> None:
    """The control: what the view said when ten answers were enough for a base year."""
    await reads(own_database, "molensloot", READER)
    rows = await results(own_database, base_n=10)
    by_the_figure = [row["nu"] <= row["basis"] * (1 - row["opgave"] / 100) for row in rows]
    assert sum(by_the_figure) / TIMES > 0.2
    assert {row["basis_te_klein"] for row in rows} == {"maar 10 antwoorden"}
    assert {(row["behaald"], row["zeker_behaald"]) for row in rows} == {(None, None)}


@pytest.mark.parametrize(
    "now_n",
    [
        10,
        # As above.
        pytest.param(30, marks=pytest.mark.long),
        pytest.param(400, marks=pytest.mark.long),
    ],
)
async def test_a_mean_that_is_as_high_as_the_target_is_hardly_ever_surely_reached(
    own_database: Database, now_n: int
) -> None:
    await reads(own_database, "molensloot", READER)
    exactly = sum(mark * times for mark, times in enumerate(MARKS, start=1)) / sum(MARKS)
    rows = await results(own_database, now_n=now_n, mean=exactly)
    assert share(rows, "zeker_behaald") < 0.05
    # By the figure it is a coin.
    assert 0.4 < share(rows, "behaald") < 0.65
