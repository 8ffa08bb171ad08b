"""What comes in late: told from ten answers on, never of what was hidden or was not there."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tests.conftest import Database
from tests.ingest.reporting.regions import (
    FEBRUARY,
    JANUARY,
    MARCH,
    OTHER_CORE,
    Region,
    a_region,
    marks,
    the_8th,
)

pytestmark = pytest.mark.anyio


def numbers(rows: Mapping[str, Any]) -> dict[str, int | None]:
    return {name: row["n"] for name, row in rows.items()}


async def a_quarter(region: Region, sizes: Mapping[str, tuple[int, int, int]]) -> None:
    for name, of_months in sizes.items():
        for month, size in zip((JANUARY, FEBRUARY, MARCH), of_months, strict=True):
            if size:
                await region.given(name, marks(8, size), month=month)


async def test_ten_late_answers_make_a_revision_and_nine_do_not(region_database: Database) -> None:
    async with a_region(region_database, "ABC") as region:
        await a_quarter(region, dict.fromkeys("ABC", (20, 0, 0)))
        await region.open()
        await region.told(the_8th(2))
        await region.given("B", marks(6, 9))
        assert await region.told(the_8th(3)) == 0
        await region.given("B", marks(6, 1))
        assert await region.told(the_8th(3)) == 1
        rows = await region.seen("A")
        own = await region.seen("B")
    assert numbers(rows) == numbers(own) == {"A": 20, "B": 30, "C": 20}
    assert (rows["B"]["herziening"], rows["A"]["herziening"]) == (1, 0)
    assert rows["B"]["peilmoment"] == date(2024, 3, 8)
    # It had twenty when it was first told, and so no distribution.
    assert rows["B"]["verdeling"] is None
    assert rows["A"]["aantal_gemeenten"] == 3
    assert rows["A"]["regio_gemiddelde_gepoold"] < 8


async def test_what_was_hidden_stays_hidden_whatever_comes_in(region_database: Database) -> None:
    async with a_region(region_database, "ABCD") as region:
        sizes = {"A": (5, 0, 0), "B": (20, 0, 0), "C": (30, 0, 0), "D": (40, 0, 0)}
        await a_quarter(region, sizes)
        await region.open()
        await region.told(the_8th(2))
        before = await region.seen("D")
        await region.given("A", marks(8, 40))
        assert await region.told(the_8th(3)) == 1
        after = await region.seen("D")
        own = await region.seen("A")
    assert numbers(after) == {"A": None, "B": None, "C": None, "D": 40}
    # What was rounded over five and others would, worked out again, tell how many came.
    mean = "regio_gemiddelde_gepoold"
    assert after["D"][mean] == before["D"][mean]
    assert numbers(own)["A"] == 45


async def test_a_revision_of_a_month_is_one_of_its_quarter(region_database: Database) -> None:
    async with a_region(region_database, "ABC") as region:
        await a_quarter(region, {"A": (4, 7, 20), "B": (20, 20, 20), "C": (20, 20, 20)})
        await region.open()
        await region.told(the_8th(4))
        view = "benchmark_regio_kwartaal"
        assert numbers(await region.seen("B", view)) == {"A": 31, "B": 60, "C": 60}
        await region.given("A", marks(8, 10))
        await region.given("C", marks(8, 11), month=MARCH)
        await region.told(the_8th(5))
        rows = await region.seen("B", view)
        assert numbers(rows) == {"A": 41, "B": 60, "C": 71}
        assert (rows["A"]["herziening"], rows["B"]["herziening"]) == (1, 0)
        assert numbers(await region.seen("B", where="maand = '2024-01-01'"))["A"] is None


async def test_what_turns_up_of_a_month_that_was_told_and_was_not_there_is_not_told(
    region_database: Database,
) -> None:
    """March would make the quarter three larger, and so be known."""
    async with a_region(region_database, "ABCD") as region:
        await a_quarter(region, {"A": (5, 7, 0), **dict.fromkeys("BCD", (20, 20, 0))})
        await region.open()
        await region.told(the_8th(4))
        before = numbers(await region.seen("B", "benchmark_regio_kwartaal"))
        assert before == {"A": 12, "B": 40, "C": 40, "D": 40}
        await region.given("A", marks(8, 3), month=MARCH)
        await region.given("B", marks(8, 30), month=MARCH)
        assert await region.told(the_8th(5)) == 0
        assert numbers(await region.seen("B", "benchmark_regio_kwartaal")) == before
        assert await region.seen("B", where="maand = '2024-03-01'") == {}


# Once in years, and a second each; the revisions above are those of every month.
@pytest.mark.long
async def test_a_core_that_takes_another_name_tells_old_months_no_second_time(
    region_database: Database,
) -> None:
    """Twenty and five hidden ones, under two names; together they would be twenty-five."""
    async with a_region(region_database, "ABCD") as region:
        await region.db.execute(
            "insert into meetpunt.core_item values ($1, 'cijfer', 'balie/2')", OTHER_CORE
        )
        await a_quarter(region, dict.fromkeys("ABCD", (20, 20, 0)))
        await region.given("A", marks(8, 5), structure=OTHER_CORE)
        await region.open()
        await region.told(the_8th(2))
        await region.db.execute("update meetpunt.core_item set core = 'aanvraag/1'")
        await region.told(the_8th(3))
        query = "select distinct maand, vragenlijst_kern, n from benchmark_regio where not eigen"
        seen = {tuple(row) for row in await region.rows("B", query)}
    assert seen == {
        (JANUARY, "balie/1", 20),
        (JANUARY, "balie/2", None),
        (FEBRUARY, "aanvraag/1", 20),
    }


# Once in years, and a second each; the revisions above are those of every month.
@pytest.mark.long
async def test_who_comes_later_is_there_from_then_on(region_database: Database) -> None:
    async with a_region(region_database, "ABC") as region:
        await a_quarter(region, dict.fromkeys("ABC", (20, 20, 20)))
        await region.open()
        await region.told(the_8th(2))
        await region.municipalities("D")
        await region.given("D", marks(8, 4))
        await region.given("D", marks(8, 30), month=FEBRUARY)
        await region.open()
        await region.told(the_8th(3))
        assert set(await region.seen("A", where="maand = '2024-01-01'")) == {"A", "B", "C"}
        assert set(await region.seen("A", where="maand = '2024-02-01'")) == {"A", "B", "C", "D"}


# Once in years, and a second each; the revisions above are those of every month.
@pytest.mark.long
async def test_who_moves_to_another_region_is_told_there_of_what_was_not_told_yet(
    region_database: Database,
) -> None:
    async with a_region(region_database, "ABC") as region:
        await region.municipalities("VWX", "heuvels")
        await a_quarter(region, dict.fromkeys("ABCVWX", (20, 20, 20)))
        await region.open()
        await region.told(the_8th(3))
        await region.db.execute(
            "update meetpunt.municipality set region = 'heuvels' where code = $1",
            region.codes["C"],
        )
        await region.open()
        await region.told(the_8th(4))
        assert set(await region.seen("A", where="maand = '2024-02-01'")) == {"A", "B", "C"}
        assert set(await region.seen("A", where="maand = '2024-03-01'")) == {"A", "B"}
        assert set(await region.seen("V", where="maand = '2024-02-01'")) == {"V", "W", "X"}
        assert set(await region.seen("V", where="maand = '2024-03-01'")) == {"C", "V", "W", "X"}
        quarter = await region.seen("V", "benchmark_regio_kwartaal")
    assert numbers(quarter) == {"C": 60, "V": 60, "W": 60, "X": 60}
