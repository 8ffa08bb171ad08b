"""The own municipality beside the others: from what is shown of them, and as scipy has it."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.conftest import Database
from tests.ingest.reporting.region_worlds import random_given
from tests.ingest.reporting.regions import FEBRUARY, JANUARY, MARCH, a_region, marks, the_8th
from tests.read_later import read_later

np = read_later("numpy")
stats = read_later("scipy.stats")

pytestmark = pytest.mark.anyio

TOP = {"mark": 10, "yes_partly_no": 3}
VIEWS = {
    "benchmark_regio": "maand",
    "benchmark_regio_kwartaal": "kwartaal",
    "benchmark_regio_jaar": "jaar",
}
OTHERS = (
    *("anderen_gemeenten", "anderen_n", "anderen_gemiddelde", "anderen_gemiddelde_100"),
    *("anderen_ondergrens_95", "anderen_bovengrens_95"),
    *("verschil_anderen", "verschil_anderen_ondergrens_95", "verschil_anderen_bovengrens_95"),
    *("verschil_anderen_significant", "verschil_anderen_p", "verschil_anderen_p_holm"),
    "verschil_anderen_aantoonbaar",
)


def mean_of(row: Mapping[str, Any]) -> float:
    """Its mean as given, which a question without a scale shows on 0 to 100 alone."""
    top = TOP[row["soort"]]
    return float(1 + row["gemiddelde_100"] * (top - 1) / 100)


def squares(row: Mapping[str, Any]) -> float:
    return float(sum(times * v * v for v, times in enumerate(row["verdeling"], start=1)))


def worked_out(own: Mapping[str, Any], shown: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the view says, from nothing but the rows that it shows of the others and of oneself."""
    top = TOP[own["soort"]]
    n = sum(row["n"] for row in shown)
    total = sum(row["n"] * mean_of(row) for row in shown)
    in_full = [row for row in shown if row["verdeling"] is not None] or [own]
    spread = sum(squares(row) - row["n"] * mean_of(row) ** 2 for row in in_full) / sum(
        row["n"] for row in in_full
    )
    together = n * spread + sum(row["n"] * mean_of(row) ** 2 for row in shown)
    middle, error = steadied(n, total, together, top)
    low, high = stats.t.interval(0.95, n - 1, loc=middle, scale=np.sqrt(error))
    _, own_error = steadied(own["n"], own["n"] * mean_of(own), squares(own), top)
    test = stats.ttest_ind_from_stats(
        *(mean_of(own), np.sqrt(own_error * own["n"]), own["n"]),
        *(total / n, np.sqrt(error * n), n),
        equal_var=False,
    )
    df = (own_error + error) ** 2 / (own_error**2 / (own["n"] - 1) + error**2 / (n - 1))
    margin = stats.t.ppf(0.975, df) * np.sqrt(own_error + error)
    whole = 100 / (top - 1)
    return {
        "anderen_gemeenten": len(shown),
        "anderen_n": n,
        "anderen_gemiddelde_100": (total / n - 1) * whole,
        "anderen_ondergrens_95": (max(1, min(low, total / n)) - 1) * whole,
        "anderen_bovengrens_95": (min(top, max(high, total / n)) - 1) * whole,
        "verschil_anderen": (mean_of(own) - total / n) * whole,
        "verschil_anderen_ondergrens_95": max(-100, (mean_of(own) - total / n - margin) * whole),
        "verschil_anderen_bovengrens_95": min(100, (mean_of(own) - total / n + margin) * whole),
        "verschil_anderen_p": test.pvalue,
    }


def steadied(n: float, total: float, squares: float, top: int) -> tuple[float, float]:
    """Mean and squared standard error, with 0.4 of an answer more at either end."""
    n, total, squares = n + 0.8, total + 0.4 * (1 + top), squares + 0.4 * (1 + top * top)
    return total / n, (squares / n - (total / n) ** 2) / (n - 1)


async def test_the_others_follow_from_the_rows_that_are_shown_and_from_nothing_hidden(
    region_database: Database,
) -> None:
    """Months, quarters and years, for readers of one and of two municipalities."""
    chance = random.Random(3)
    compared = 0
    async with a_region(region_database) as region:
        for month in (JANUARY, FEBRUARY, MARCH):
            for name in "ABCDEF":
                for kind in TOP:
                    given = random_given(kind, chance.choice([6, 14, 25, 40, 90]), chance)
                    await region.given(name, given, kind=kind, item=kind, month=month)
        await region.open(samen="AB")
        await region.told(the_8th(1, 2025))
        for reader in ("A", "samen"):
            for view, period in VIEWS.items():
                rows = await region.rows(reader, f"select * from {view}")
                for row in rows:
                    beside = [
                        other
                        for other in rows
                        if not other["eigen"]
                        and not other["verborgen"]
                        and all(
                            other[key] == row[key]
                            for key in (period, "kanaal", "vragenlijst_kern", "indicator", "soort")
                        )
                    ]
                    if not row["eigen"] or row["verborgen"] or not beside:
                        assert {row[column] for column in OTHERS} == {None}
                        continue
                    wanted = worked_out(row, beside)
                    told = {column: row[column] for column in wanted}
                    assert told == pytest.approx(wanted, rel=1e-5, abs=1e-6)
                    assert row["verschil_anderen_significant"] is (row["verschil_anderen_p"] < 0.05)
                    assert row["verschil_anderen_p_holm"] >= row["verschil_anderen_p"]
                    assert row["verschil_anderen_aantoonbaar"] > 0
                    compared += 1
    assert compared > 20


async def test_the_own_municipality_does_not_pull_the_figure_it_is_compared_with(
    region_database: Database,
) -> None:
    """It is most of its region: the mean of all hides what that against the others shows."""
    async with a_region(region_database, "ABC") as region:
        await region.given("A", marks(6, 300))
        for name in "BC":
            await region.given(name, marks(8, 40))
        await region.open()
        await region.told(the_8th(2))
        row = (await region.seen("A"))["A"]
    assert row["regio_gemiddelde_gepoold"] < 6.5
    # All but one of each forty gave an 8.
    assert row["anderen_gemiddelde"] == pytest.approx(8 - 2 / 80)
    assert (row["anderen_gemeenten"], row["anderen_n"]) == (2, 80)
    assert row["verschil_anderen_significant"] is True
