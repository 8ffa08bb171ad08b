"""The region beside the own municipality: what is shown of others, and what is hidden."""

import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from tests.conftest import Database
from tests.ingest.benchmark_attack import random_given
from tests.ingest.benchmark_region import (
    FEBRUARY,
    JANUARY,
    NONE,
    OTHER_CORE,
    Given,
    Region,
    filled,
    reads,
    seen_by,
)
from tests.postgres import versions

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("postgres_version", versions())]

BENCHMARK = "meetpunt_benchmark"

# In one region, as a reader of A finds it: B and D are under 10, so hidden from A.
MARKS = {"A": (7, 12), "B": (6, 9), "C": (8, 31), "D": (9, 4), "E": (5, 15)}


def marks(value: int, count: int) -> Given:
    """`count` answers: all `value`, but one `value - 1`, so that they differ."""
    given = [0] * 10
    given[value - 1] = count - 1
    given[value - 2] = 1
    return tuple(given)


async def five(region: Region, **where: Any) -> None:
    """The five of `MARKS`."""
    for name, (value, count) in MARKS.items():
        if name not in region.codes:
            await region.municipality(name, "polder")
        await region.given(name, marks(value, count), **where)


def by_name(rows: Sequence[Any]) -> dict[str, Any]:
    assert len({row["gemeente"] for row in rows}) == len(rows)
    return {row["gemeente"]: row for row in rows}


async def test_a_reader_sees_the_region_of_the_own_municipality_and_nothing_of_another(
    own_database: Database,
) -> None:
    async with filled(own_database) as region:
        await five(region)
        for name in ("V", "W", "X"):
            await region.municipality(name, "heuvels")
            await region.given(name, marks(8, 40))
        await reads(own_database, "lezer_a", region.codes["A"])
        await reads(own_database, "lezer_v", region.codes["V"])
    polder = by_name(await seen_by(own_database, "lezer_a"))
    assert set(polder) == set(MARKS)
    assert {row["regio"] for row in polder.values()} == {"polder"}
    assert [name for name, row in polder.items() if row["eigen"]] == ["A"]
    assert set(by_name(await seen_by(own_database, "lezer_v"))) == {"V", "W", "X"}
    assert await seen_by(own_database, "meetpunt_reader") == []


async def test_who_reads_is_the_role_that_is_taken_not_the_one_that_logged_in(
    own_database: Database,
) -> None:
    async with filled(own_database) as region:
        await five(region)
        await reads(own_database, "lezer_a", region.codes["A"])
    async with own_database.superuser() as db:
        assert await db.fetch("select * from bi.benchmark_regio") == []
        await db.execute("set role lezer_a")
        own = "select gemeente from bi.benchmark_regio where eigen"
        assert await db.fetchval(own) == "A"
        await db.execute("reset role")
        assert await db.fetch("select * from bi.benchmark_regio") == []


async def test_small_numbers_of_others_are_hidden_and_own_ones_are_not(
    own_database: Database,
) -> None:
    async with filled(own_database) as region:
        await five(region)
        await reads(own_database, "lezer_a", region.codes["A"])
        await reads(own_database, "lezer_b", region.codes["B"])
    rows = by_name(await seen_by(own_database, "lezer_a"))
    assert {name for name, row in rows.items() if row["verborgen"]} == {"B", "D"}
    for name in ("B", "D"):
        shown = {column for column, value in rows[name].items() if value is not None}
        assert not shown & {"n", "gemiddelde", "gemiddelde_100", "aandeel_le_6", "verdeling"}
        assert rows[name]["waarom_verborgen"].startswith("minder dan 10 reacties, of")
    assert (rows["E"]["n"], rows["E"]["indicatief"], rows["E"]["verdeling"]) == (15, True, None)
    assert rows["E"]["aandeel_ge_8"] is None
    assert (rows["C"]["n"], rows["C"]["indicatief"]) == (31, False)
    assert rows["C"]["verdeling"] == list(marks(8, 31))
    # To B the own nine are known, so D alone is small: the next smallest, A, is hidden with it.
    rows = by_name(await seen_by(own_database, "lezer_b"))
    assert {name for name, row in rows.items() if row["n"] is None} == {"A", "D"}
    assert (rows["B"]["n"], rows["B"]["gemiddelde"], rows["B"]["verborgen"]) == (9, None, True)
    assert rows["B"]["waarom_verborgen"] == "minder dan 10 eigen reacties"
    assert rows["A"]["waarom_verborgen"] == rows["D"]["waarom_verborgen"]


async def test_the_regional_means_say_no_more_than_may_be_shown(own_database: Database) -> None:
    async with filled(own_database) as region:
        await five(region)
        for name in ("A", "C", "E"):
            await region.given(name, marks(MARKS[name][0], 20), month=FEBRUARY)
        for name in ("A", "C"):
            await region.given(name, marks(8, 20), month=FEBRUARY, channel="telefonie")
        await region.given("B", marks(10, 20), month=FEBRUARY, structure=OTHER_CORE)
        await region.given("A", marks(8, 20), month=date(2024, 3, 1))
        for name in ("B", "D"):
            # Everybody gave a ten: a mean over both would tell each mark.
            ten = (*NONE[:9], 7)
            await region.given(name, ten, month=date(2024, 3, 1))
        await reads(own_database, "lezer_a", region.codes["A"])
    figures = {
        (row["maand"].month, row["kanaal"]): (
            row["aantal_gemeenten"],
            row["regio_gemiddelde_gepoold"],
            row["regio_gemiddelde_ongewogen"],
        )
        for row in await seen_by(own_database, "lezer_a")
    }
    answers = sum(count for _, count in MARKS.values())
    total = sum(value * count - 1 for value, count in MARKS.values())
    assert figures == {
        (1, "balie"): (5, round(Decimal(total) / answers, 1), None),
        (2, "balie"): (3, round(Decimal(397) / 60, 6), round(Decimal(397) / 60, 6)),
        (2, "telefonie"): (2, None, None),
        (3, "balie"): (3, None, None),
    }


async def test_versions_are_joined_where_the_core_compares_and_own_items_stay_out(
    own_database: Database,
) -> None:
    async with filled(own_database) as region:
        await region.db.executemany(
            "insert into meetpunt.core_item values ($1, 'cijfer', $2)",
            [(OTHER_CORE, "balie/1"), ("cccccccccccccccc", "balie/3")],
        )
        for name in ("A", "B", "C"):
            await region.municipality(name, "polder")
            await region.given(name, marks(8, 20))
        await region.given("A", marks(8, 20), structure=OTHER_CORE)
        await region.given("B", marks(6, 20), structure="cccccccccccccccc")
        await region.given("C", marks(2, 20), item="eigen_vraag")
        await reads(own_database, "lezer_a", region.codes["A"])
    seen = {
        (row["gemeente"], row["vragenlijst_kern"]): row["n"]
        for row in await seen_by(own_database, "lezer_a")
    }
    assert seen == {
        ("A", "balie/1"): 40,
        ("B", "balie/1"): 20,
        ("C", "balie/1"): 20,
        ("B", "balie/3"): 20,
    }


async def test_the_mirror_says_which_items_are_core(own_database: Database) -> None:
    async with own_database.superuser() as db:
        wrong = await db.fetch(
            "select * from meetpunt.core_item full join ("
            "  select distinct structure, item, core as is_core from meetpunt.item"
            "  where indicator is not null) as item using (structure, item)"
            " where (core_item.core is not null) is distinct from is_core"
        )
        assert wrong == []
        assert await db.fetchval("select count(distinct core) from meetpunt.core_item") > 1


async def test_the_running_month_and_test_data_are_left_out(own_database: Database) -> None:
    async with filled(own_database) as region:
        await five(region, is_test=True)
        await five(region, month=date(2024, 1, 1))
        today: date = await region.db.fetchval(
            "select (now() at time zone 'Europe/Amsterdam')::date"
        )
        await five(region, month=today.replace(day=1))
        await reads(own_database, "lezer_a", region.codes["A"])
    for schema in ("bi", "bi_test"):
        rows = await seen_by(own_database, "lezer_a", f"select * from {schema}.benchmark_regio")
        assert {row["maand"] for row in rows} == {JANUARY}
        assert len(rows) == len(MARKS)


async def test_own_figures_are_those_of_the_indicator_views(own_database: Database) -> None:
    chance = random.Random(7)
    async with filled(own_database) as region:
        for name in ("A", "B", "C"):
            await region.municipality(name, "polder")
            for kind in ("mark", "agreement", "yes_partly_no"):
                for month in (JANUARY, FEBRUARY):
                    given = random_given(kind, chance.choice([5, 12, 40]), chance)
                    await region.given(name, given, kind=kind, item=kind, month=month)
        await reads(own_database, "lezer_a", region.codes["A"])
    columns = (
        "maand, kanaal, indicator, soort, n, gemiddelde, gemiddelde_100, aandeel_lt_55,"
        " aandeel_lt_6, aandeel_le_6, aandeel_ge_8, verdeling"
    )
    own = await seen_by(
        own_database,
        "lezer_a",
        f"select {columns} from bi.benchmark_regio where eigen order by 1, 4",
    )
    indicator = await seen_by(
        own_database, "lezer_a", f"select {columns} from bi.indicator_per_maand order by 1, 4"
    )
    assert len(own) == 6
    assert [tuple(row) for row in own] == [tuple(row) for row in indicator]


async def test_a_function_of_the_reader_sees_no_row_before_the_view_hides_it(
    own_database: Database,
) -> None:
    async with filled(own_database) as region:
        await five(region)
        await region.municipality("X", "heuvels")
        await region.given("X", marks(8, 40))
        await reads(own_database, "lezer_a", region.codes["A"])
    told: list[str] = []
    async with own_database.superuser() as db:
        # Said to be immutable and cheap, so that it would run as early as it may. Made for the
        # reader, who may make nothing, as somebody careless might.
        await db.execute(
            "create function public.tell(text, bigint) returns boolean"
            " immutable cost 0.0000001 language plpgsql"
            " as $$ begin raise warning '% %', $1, $2; return true; end $$"
        )
        await db.execute("set session authorization lezer_a")
        db.add_log_listener(lambda _, message: told.append(message.message))
        await db.fetch("select 1 from bi.benchmark_regio where public.tell(gemeente, n)")
        assert sorted(told) == ["A 12", "B <NULL>", "C 31", "D <NULL>", "E 15"]
        told.clear()
        await db.fetch("select 1 from bi.benchmark_regio where public.tell(regio, 0)")
    assert set(told) == {"polder 0"}


async def test_the_benchmark_can_read_nothing_else(own_database: Database) -> None:
    async with own_database.superuser() as db:
        relations = [
            row["name"]
            for row in await db.fetch(
                "select oid::regclass::text as name from pg_class"
                " where relkind in ('r', 'v', 'm', 'p')"
                " and relnamespace::regnamespace::text in ('meetpunt', 'bi', 'bi_test', 'public')"
            )
        ]
        rights = await db.fetch(
            "select name, right_ from unnest($1::text[]) as name, unnest(array['select', 'insert',"
            " 'update', 'references']) as right_"
            " where has_any_column_privilege('meetpunt_benchmark', name, right_)",
            relations,
        )
        assert {row["name"] for row in rights if "benchmark_regio" not in row["name"]} == {
            f"meetpunt.{table}"
            for table in (
                *("summary", "summary_responses", "touchpoint", "municipality"),
                *("core_item", "reader"),
            )
        }
        assert {row["right_"] for row in rights if row["name"].startswith("meetpunt.")} == {
            "select"
        }
        assert await db.fetchval("select count(*) from meetpunt.municipality") > 0
        await db.execute(
            "insert into meetpunt.reader select code, 'somebody' from meetpunt.municipality"
        )
        assert not await db.fetchval(
            "select rolcanlogin from pg_roles where rolname = $1", BENCHMARK
        )
        members = await db.fetch(
            "select pg_get_userbyid(member) as name from pg_auth_members where roleid = $1::regrole"
            " and not admin_option or member = $1::regrole",
            BENCHMARK,
        )
        assert members == []
        await db.execute(f"set role {BENCHMARK}")
        assert await db.fetch("select role_name from meetpunt.reader") == []
        for schema in ("meetpunt", "bi", "bi_test", "public"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute(f"create view {schema}.more as select 1")
