"""The region beside the own municipality, as its readers find it: months, quarters, years."""

import random
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tests.conftest import Database
from tests.ingest.reporting.region_worlds import random_given
from tests.ingest.reporting.regions import (
    ELSEWHERE,
    FEBRUARY,
    JANUARY,
    MARCH,
    NONE,
    OTHER_CORE,
    Region,
    a_region,
    marks,
    the_8th,
)

pytestmark = pytest.mark.anyio

# B and D are under ten, so hidden from the others; A and E are the next smallest.
MARKS = {"A": (7, 12), "B": (6, 9), "C": (8, 31), "D": (9, 4), "E": (5, 15), "F": (8, 20)}
FIGURES = ("n", "gemiddelde", "gemiddelde_100", "aandeel_lt_6", "aandeel_le_6", "aandeel_ge_8")


async def six(region: Region, **where: Any) -> None:
    """The six of `MARKS`."""
    for name, (value, count) in MARKS.items():
        await region.given(name, marks(value, count), **where)


def hidden(rows: Mapping[str, Any]) -> str:
    return "".join(sorted(name for name, row in rows.items() if row["verborgen"]))


async def test_a_reader_sees_the_region_of_the_own_municipality_and_nothing_of_another(
    region_database: Database,
) -> None:
    async with a_region(region_database) as region:
        await region.municipalities("VWX", "heuvels")
        await six(region)
        for name in "VWX":
            await region.given(name, marks(8, 40))
        await region.open()
        await region.told(the_8th(2))
        polder = await region.seen("A")
        assert set(polder) == set(MARKS)
        assert {row["regio"] for row in polder.values()} == {"polder"}
        assert [name for name, row in polder.items() if row["eigen"]] == ["A"]
        assert set(await region.seen("V")) == {"V", "W", "X"}


async def test_small_numbers_of_others_are_hidden_and_own_ones_are_not(
    region_database: Database,
) -> None:
    async with a_region(region_database) as region:
        await six(region)
        await region.open()
        await region.told(the_8th(2))
        rows = await region.seen("A")
        assert hidden(rows) == "BDE"
        for name in "BDE":
            assert all(rows[name][figure] is None for figure in (*FIGURES, "verdeling"))
            assert not rows[name]["indicatief"]
            assert rows[name]["waarom_verborgen"].startswith("minder dan 10 reacties, of")
        assert (rows["A"]["n"], rows["A"]["waarom_verborgen"]) == (12, None)
        assert (rows["F"]["n"], rows["F"]["indicatief"], rows["F"]["verdeling"]) == (20, True, None)
        assert rows["F"]["aandeel_le_6"] == 0
        assert rows["F"]["aandeel_ge_8"] is None
        assert (rows["C"]["n"], rows["C"]["indicatief"]) == (31, False)
        assert rows["C"]["verdeling"] == list(marks(8, 31))
        rows = await region.seen("B")
        assert hidden(rows) == "ABDE"
        own = rows["B"]
        assert (own["n"], own["gemiddelde"], own["eigen"]) == (9, None, True)
        assert own["waarom_verborgen"] == "minder dan 10 eigen reacties"


async def test_what_is_told_of_a_municipality_is_the_same_to_every_reader(
    region_database: Database,
) -> None:
    async with a_region(region_database) as region:
        await six(region)
        await region.open()
        await region.told(the_8th(2))
        told: dict[str, set[Any]] = {name: set() for name in MARKS}
        for reader in MARKS:
            for name, row in (await region.seen(reader)).items():
                if not row["eigen"]:
                    told[name].add(tuple(str(value) for value in row.values()))
    assert all(len(rows) == 1 for rows in told.values())


async def test_means_are_exact_only_where_nobody_is_hidden(region_database: Database) -> None:
    async with a_region(region_database) as region:
        await six(region)
        for name in "ACE":
            await region.given(name, marks(MARKS[name][0], 20), month=FEBRUARY)
        for name in "AC":
            await region.given(name, marks(8, 20), month=FEBRUARY, channel="telefonie")
        await region.open()
        await region.told(the_8th(3))
        figures = {
            (row["maand"].month, row["kanaal"]): (
                row["aantal_gemeenten"],
                *(rounded(row[f"regio_gemiddelde_{of}"]) for of in ("gepoold", "ongewogen")),
            )
            for row in await region.rows("A", "select * from benchmark_regio")
        }
    answers = sum(count for _, count in MARKS.values())
    total = sum(value * count - 1 for value, count in MARKS.values())
    assert figures == {
        (1, "balie"): (6, round(total / answers, 1), None),
        (2, "balie"): (3, round(397 / 60, 6), round(397 / 60, 6)),
        (2, "telefonie"): (2, None, None),
    }


def rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 6)


async def test_who_reads_several_sees_them_and_no_mean_where_somebody_is_hidden(
    region_database: Database,
) -> None:
    async with a_region(region_database) as region:
        await six(region)
        for name in "ABC":
            await region.given(name, marks(8, 20), month=FEBRUARY)
        await region.open(samen="AB")
        await region.told(the_8th(3))
        january = await region.seen("samen", where="maand = '2024-01-01'")
        february = await region.seen("samen", where="maand = '2024-02-01'")
    assert {name for name, row in january.items() if row["eigen"]} == {"A", "B"}
    assert hidden(january) == "BDE"
    assert {row["regio_gemiddelde_gepoold"] for row in january.values()} == {None}
    assert {row["regio_gemiddelde_gepoold"] for row in february.values()} == {7.95}


async def test_versions_are_joined_where_the_core_compares_and_own_items_stay_out(
    region_database: Database,
) -> None:
    async with a_region(region_database, "ABC") as region:
        await region.db.executemany(
            "insert into meetpunt.core_item values ($1, 'cijfer', $2)",
            [(OTHER_CORE, "balie/1"), (ELSEWHERE, "balie/3")],
        )
        for name in "ABC":
            await region.given(name, marks(8, 20))
        await region.given("A", marks(8, 20), structure=OTHER_CORE)
        await region.given("B", marks(6, 20), structure=ELSEWHERE)
        await region.given("C", marks(2, 20), item="eigen_vraag")
        await region.open()
        await region.told(the_8th(2))
        seen = {
            (row["gemeente"], row["vragenlijst_kern"]): row["n"]
            for row in await region.rows("A", "select * from benchmark_regio")
        }
    assert seen == {
        ("A", "balie/1"): 40,
        ("B", "balie/1"): 20,
        ("C", "balie/1"): 20,
        ("B", "balie/3"): 20,
    }


async def test_the_mirror_says_which_items_are_core(database: Database) -> None:
    async with database.superuser() as db:
        wrong = await db.fetch(
            "select * from meetpunt.core_item full join ("
            "  select distinct structure, item, core as is_core from meetpunt.item"
            "  where indicator is not null) as item using (structure, item)"
            " where (core_item.core is not null) is distinct from is_core"
        )
        assert wrong == []
        assert await db.fetchval("select count(distinct core) from meetpunt.core_item") > 1


async def test_a_month_is_there_from_the_8th_of_the_next(region_database: Database) -> None:
    months = "select distinct maand from benchmark_regio order by 1"
    async with a_region(region_database, "ABC") as region:
        for name in "ABC":
            for month in (JANUARY, FEBRUARY, MARCH):
                await region.given(name, marks(8, 20), month=month)
        await region.open()
        await region.told(the_8th(3).replace(day=7))
        assert [row["maand"] for row in await region.rows("A", months)] == [JANUARY]
        await region.told(the_8th(3))
        assert [row["maand"] for row in await region.rows("A", months)] == [JANUARY, FEBRUARY]
        await region.told(the_8th(3).replace(day=31))
        assert [row["maand"] for row in await region.rows("A", months)] == [JANUARY, FEBRUARY]


async def test_looking_again_tells_nothing_that_was_told(region_database: Database) -> None:
    async with a_region(region_database, "ABC") as region:
        for name in "ABC":
            await region.given(name, marks(8, 20))
        await region.open()
        assert await region.told(the_8th(2)) == 3
        assert await region.told(the_8th(2)) == 0
        assert await region.told(the_8th(2).replace(day=20)) == 0


async def test_own_figures_are_those_of_the_indicator_views(region_database: Database) -> None:
    chance = random.Random(7)
    async with a_region(region_database, "ABC") as region:
        for name in "ABC":
            for kind in ("mark", "agreement", "yes_partly_no"):
                for month in (JANUARY, FEBRUARY):
                    given = random_given(kind, chance.choice([5, 12, 40]), chance)
                    await region.given(name, given, kind=kind, item=kind, month=month)
        await region.open()
        await region.told(the_8th(3))
        await region.figures()
        columns = "maand, kanaal, indicator, soort, n, verdeling, aandeel_lt_55, " + ", ".join(
            FIGURES[1:]
        )
        own = await region.rows(
            "A", f"select {columns} from benchmark_regio where eigen order by 1, 4"
        )
        indicator = await region.rows(
            "A", f"select {columns} from indicator_per_maand order by 1, 4"
        )
    assert len(own) == 6
    assert [tuple(row) for row in own] == [tuple(row) for row in indicator]


async def test_a_municipality_without_answers_is_not_there_and_sees_nothing(
    region_database: Database,
) -> None:
    async with a_region(region_database, "ABCD") as region:
        for name in "ABC":
            await region.given(name, marks(8, 20))
        await region.given("D", NONE)
        await region.open()
        await region.told(the_8th(2))
        assert set(await region.seen("A")) == {"A", "B", "C"}
        # The others' figures are there for it too: it compares, as soon as it has answers.
        assert set(await region.seen("D")) == {"A", "B", "C"}


async def test_a_quarter_and_a_year_are_sums_of_the_months_and_there_when_they_are_over(
    region_database: Database,
) -> None:
    async with a_region(region_database, "ABC") as region:
        for name in "ABC":
            for month in (1, 2, 4, 11):
                await region.given(name, marks(8, 12), month=date(2024, month, 1))
        await region.open()
        await region.told(the_8th(3))
        assert await region.seen("A", "benchmark_regio_kwartaal") == {}
        # Nobody answered in March: the quarter is over all the same.
        await region.told(the_8th(4))
        assert {
            name: row["n"]
            for name, row in (await region.seen("A", "benchmark_regio_kwartaal")).items()
        } == {"A": 24, "B": 24, "C": 24}
        await region.told(the_8th(12))
        assert await region.seen("A", "benchmark_regio_jaar") == {}
        await region.told(the_8th(1, 2025))
        year = await region.seen("A", "benchmark_regio_jaar")
        assert {name: row["n"] for name, row in year.items()} == {"A": 48, "B": 48, "C": 48}
        assert year["B"]["jaar"] == date(2024, 1, 1)
        # 24 of the quarter may be told in full: no month of it is told so.
        assert year["B"]["verdeling"] == [4 * n for n in marks(8, 12)]
        assert year["B"]["regio_gemiddelde_gepoold"] == pytest.approx(95 / 12)


async def test_a_quarter_with_one_hidden_month_is_hidden_and_one_with_two_is_told(
    region_database: Database,
) -> None:
    async with a_region(region_database, "ABC") as region:
        for month, sizes in ((JANUARY, (5, 40, 40)), (FEBRUARY, (40,) * 3), (MARCH, (40,) * 3)):
            for name, size in zip("ABC", sizes, strict=True):
                await region.given(name, marks(8, size), month=month)
                later = month.replace(month=month.month + 3)
                # In the second quarter the others hide with A twice.
                size_later = size if month != FEBRUARY else {"A": 6}.get(name, 40)
                await region.given(name, marks(8, size_later), month=later)
        await region.open()
        await region.told(the_8th(7))
        first = await region.seen("C", "benchmark_regio_kwartaal", "kwartaal = '2024-01-01'")
        second = await region.seen("C", "benchmark_regio_kwartaal", "kwartaal = '2024-04-01'")
    assert hidden(first) == "AB"
    assert {row["regio_gemiddelde_gepoold"] for row in first.values()} == {None}
    assert hidden(second) == ""
    assert (second["A"]["n"], second["B"]["n"]) == (51, 120)
    assert {row["regio_gemiddelde_gepoold"] for row in second.values()} == {None}
