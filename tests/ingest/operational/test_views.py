"""Figures of the work stand beside the marks of the same channel, with their norm."""

import runpy
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, date, datetime
from math import atanh, sqrt, tanh
from pathlib import Path
from statistics import correlation
from typing import Any

import pytest
from anyio import to_thread

from ingest.database.views import MUNICIPAL
from ingest.municipalities.measures import MEASURES
from ingest.operational.figures import Figure, Grain
from ingest.operational.storing import put_figures
from tests.conftest import Database, emptied
from tests.publishing import reading, reads

pytestmark = pytest.mark.anyio

READER = "lezer_kengetal"
EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "marks_and_work.py"
# Thirty months; of the first three years ago there is a figure and no mark, of the last too few.
MONTHS = [date(2024 + month // 12, month % 12 + 1, 1) for month in range(30)]
WAITS = [2 + (month * 7 % 11) / 3 for month in range(30)]
MARKS = [
    {9: 12 + month % 5, 7: 10, 4: round(WAITS[month] * 3)} if month < 29 else {9: 9}
    for month in range(30)
]


# Product, way of asking, marks. `parkeervergunning` is of another department than the first two.
CELLS: tuple[tuple[str, str, dict[int, int]], ...] = (
    ("paspoort", "bericht", {8: 10}),
    ("paspoort", "link", {5: 10}),
    ("rijbewijs", "bericht", {9: 9}),
    ("parkeervergunning", "bericht", {2: 30}),
    ("", "bericht", {1: 40}),
)


def figure(period: date, measure: str, value: float | None, n: int | None, **where: str) -> Figure:
    grain: Grain = "day" if where.pop("grain", "month") == "day" else "month"
    return Figure(
        grain=grain,
        period=period,
        channel=where.get("channel", "telefonie"),
        department=where.get("department", ""),
        product=where.get("product", ""),
        measure=measure,
        value=value,
        n=n,
    )


def figures() -> Iterator[Figure]:
    """Two and a half years of waiting, and a few of each other shape."""
    for month, value in zip(MONTHS, WAITS, strict=True):
        yield figure(month, "wachttijd", value, 1000 + month.month)
    # Days of two months; of the second the month itself was told too.
    for day, value, n in ((1, 0.5, 10), (2, 1.0, 30)):
        yield figure(date(2026, 3, day), "herhaalcontact", value, n, grain="day")
        yield figure(date(2026, 4, day), "herhaalcontact", value, n, grain="day")
    yield figure(date(2026, 4, 1), "herhaalcontact", 0.2, 100)
    # A stock: the last day of a month, the last month of a quarter.
    yield figure(date(2026, 1, 1), "werkvoorraad", 40, None)
    yield figure(date(2026, 2, 3), "werkvoorraad", 90, None, grain="day")
    yield figure(date(2026, 2, 27), "werkvoorraad", 60, None, grain="day")
    yield figure(date(2026, 2, 28), "werkvoorraad", None, None, grain="day")
    # Taken back, and with another norm.
    yield figure(date(2026, 2, 1), "afhandeltijd", None, None)
    yield figure(date(2026, 1, 1), "wachttijd", 1.0, 5, product="paspoort")
    yield figure(date(2026, 1, 1), "wachttijd", 1.0, 5, product="rijbewijs")
    yield figure(date(2026, 1, 1), "wachttijd", 2.0, 9, department="publiekszaken")
    yield figure(
        date(2026, 1, 1), "wachttijd", 2.5, 4, department="publiekszaken", product="paspoort"
    )
    yield figure(date(2026, 1, 1), "teruggebeld_binnen_twee_dagen", 0.9, 10,
                 channel="terugbelverzoek")  # fmt: skip


@pytest.fixture(scope="module")
async def filled() -> AsyncIterator[Database]:
    """Figures and marks of Molensloot, for who only reads them."""
    database = await to_thread.run_sync(emptied)
    await reads(database, "molensloot", READER)
    async with database.connected("meetpunt_folder") as folder:
        await put_figures(folder, "GM9001", list(figures()), now=datetime.now(UTC))
        await folder.executemany(
            """insert into lees.cijfer
                (municipality, grain, period, channel, indicator, kind, given, small_group)
            values ('GM9001', 'month', $1, 'telefonie', 'tevredenheid', 'mark', $2, false)""",
            [
                (month, [given.get(mark, 0) for mark in range(1, 11)])
                for month, given in zip(MONTHS, MARKS, strict=True)
            ],
        )
        # Of another indicator and kind, which is no mark.
        await folder.execute(
            """insert into lees.cijfer
                (municipality, grain, period, channel, indicator, kind, given, small_group)
            values ('GM9001', 'month', '2024-01-01', 'telefonie', 'gemak', 'mark',
                    array_fill(9, array[10]), false),
                ('GM9001', 'month', '2024-01-01', 'telefonie', 'tevredenheid', 'smileys',
                    array_fill(9, array[10]), false)"""
        )
        # Of parts of the channel, as breakdowns count them: touchpoint 2 is the telephone.
        await folder.executemany(
            """insert into lees.cijfer_uitgesplitst (municipality, month, touchpoint, product,
                location, wijk, mode, daypart, indicator, kind, given, small_group)
            values ('GM9001', '2026-01-01', 2, $1, '', '', $2, '', 'tevredenheid', 'mark', $3,
                false)""",
            [
                (product, mode, [given.get(mark, 0) for mark in range(1, 11)])
                for product, mode, given in CELLS
            ],
        )
    async with database.superuser() as db:
        await db.execute(
            "insert into lees.norm values ('GM9001', 'telefonie', '', 'paspoort', 'wachttijd', 0.5)"
        )
    yield database
    async with database.superuser() as db:
        await db.execute("delete from lees.norm where product = 'paspoort'")


async def rows(database: Database, query: str, *arguments: Any) -> Sequence[Any]:
    async with reading(database, READER) as db:
        found: Sequence[Any] = await db.fetch(query, *arguments)
        return found


def mean_of(given: dict[int, int]) -> tuple[int, float, float]:
    """How many marks, their mean, and the share of 6 or lower."""
    n = sum(given.values())
    low = sum(count for mark, count in given.items() if mark <= 6)
    return n, sum(mark * count for mark, count in given.items()) / n, low / n


def ranks(values: Sequence[float]) -> list[float]:
    """Those that are alike share the middle of their ranks."""
    return [
        sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2
        for value in values
    ]


async def test_a_month_has_its_figure_its_norm_and_the_marks_of_that_month(
    filled: Database,
) -> None:
    told = await rows(
        filled,
        "select * from kengetal_per_maand where kengetal = 'wachttijd' and product is null"
        " and afdeling is null and kanaal = 'telefonie' order by maand",
    )
    assert [row["maand"] for row in told] == MONTHS
    for row, value, given in zip(told, WAITS, MARKS, strict=True):
        n, mean, low = mean_of(given)
        assert (row["waarde"], row["eenheid"], row["maanden"]) == (value, "minuten", 1)
        assert (row["norm"], row["norm_gehaald"]) == (3, value <= 3)
        assert (row["cijfer_n"], row["te_weinig"]) == (n, n < 10)
        if n < 10:
            assert (row["cijfer_gemiddelde"], row["cijfer_aandeel_le_6"]) == (None, None)
        else:
            assert row["cijfer_gemiddelde"] == pytest.approx(mean, abs=1e-12)
            assert row["cijfer_aandeel_le_6"] == pytest.approx(low, abs=1e-12)


async def test_days_add_up_to_their_month_unless_that_was_told(filled: Database) -> None:
    told = await rows(
        filled,
        "select maand, waarde, n from kengetal_per_maand where kengetal = 'herhaalcontact'"
        " order by maand",
    )
    assert [tuple(row) for row in told] == [
        (date(2026, 3, 1), pytest.approx((0.5 * 10 + 1.0 * 30) / 40), 40),
        (date(2026, 4, 1), 0.2, 100),
    ]


async def test_of_a_stock_the_last_holds_and_what_was_taken_back_is_gone(filled: Database) -> None:
    months = await rows(
        filled,
        "select maand, waarde, n from kengetal_per_maand where kengetal = 'werkvoorraad'"
        " order by maand",
    )
    assert [tuple(row) for row in months] == [
        (date(2026, 1, 1), 40, None),
        (date(2026, 2, 1), 60, None),
    ]
    (quarter,) = await rows(
        filled, "select * from kengetal_per_kwartaal where kengetal = 'werkvoorraad'"
    )
    assert (quarter["kwartaal"], quarter["waarde"], quarter["maanden"]) == (
        date(2026, 1, 1), 60, 2,
    )  # fmt: skip
    gone = "select from kengetal_per_maand where kengetal = 'afhandeltijd'"
    assert not await rows(filled, gone)


async def test_a_quarter_counts_its_months_by_how_many_they_are_of(filled: Database) -> None:
    (row,) = await rows(
        filled,
        "select * from kengetal_per_kwartaal where kengetal = 'wachttijd' and product is null"
        " and kwartaal = '2025-04-01'",
    )
    of = range(15, 18)
    counts = [1000 + MONTHS[month].month for month in of]
    assert (row["n"], row["maanden"]) == (sum(counts), 3)
    weighed = sum(WAITS[month] * n for month, n in zip(of, counts, strict=True))
    assert row["waarde"] == pytest.approx(weighed / sum(counts))
    together: dict[int, int] = {}
    for month in of:
        for mark, count in MARKS[month].items():
            together[mark] = together.get(mark, 0) + count
    n, mean, low = mean_of(together)
    assert row["cijfer_n"] == n
    assert row["cijfer_gemiddelde"] == pytest.approx(mean, abs=1e-12)
    assert row["cijfer_aandeel_le_6"] == pytest.approx(low, abs=1e-12)


async def test_a_norm_of_a_product_goes_before_that_of_its_channel(filled: Database) -> None:
    told = await rows(
        filled,
        "select product, norm, norm_gehaald from kengetal_per_maand"
        " where product in ('paspoort', 'rijbewijs') and afdeling is null order by product",
    )
    assert [tuple(row) for row in told] == [("paspoort", 0.5, False), ("rijbewijs", 3.0, True)]
    # Of which more is better: 0.9 is enough where 0.9 is the norm.
    (back,) = await rows(
        filled, "select * from kengetal_per_maand where kanaal = 'terugbelverzoek'"
    )
    assert (back["norm"], back["norm_gehaald"], back["cijfer_n"]) == (0.9, True, 0)


async def test_a_figure_of_a_part_has_the_marks_of_that_part(filled: Database) -> None:
    told = await rows(
        filled,
        "select afdeling, product, cijfer_n, te_weinig, cijfer_gemiddelde, cijfer_aandeel_le_6,"
        " dim_afdeling.naam from kengetal_per_maand"
        " left join dim_afdeling using (afdeling_sleutel, afdeling)"
        " where kengetal = 'wachttijd' and (afdeling is not null or product is not null)"
        " order by afdeling, product",
    )
    assert [tuple(row) for row in told] == [
        ("publiekszaken", "paspoort", 20, False, 6.5, 0.5, "Publiekszaken"),
        # Nine of the other product hide among these.
        ("publiekszaken", None, 29, False, (80 + 50 + 81) / 29, 10 / 29, "Publiekszaken"),
        (None, "paspoort", 20, False, 6.5, 0.5, None),
        (None, "rijbewijs", 9, True, None, None, None),
    ]


async def test_from_two_years_on_it_is_told_how_figure_and_mark_move_together(
    filled: Database,
) -> None:
    (row,) = await rows(
        filled,
        "select * from kengetal_samenhang where kengetal = 'wachttijd' and maanden > 5",
    )
    means = [mean_of(given)[1] for given in MARKS[:29]]
    expected = correlation(ranks(WAITS[:29]), ranks(means))
    assert row["maanden"] == 29
    assert row["samenhang"] == pytest.approx(expected, abs=1e-9)
    assert -1 < expected < -0.3
    margin = 1.959963984540054 * sqrt((1 + expected**2 / 2) / 26)
    assert row["samenhang_ondergrens"] == pytest.approx(tanh(atanh(expected) - margin), abs=1e-9)
    assert row["samenhang_bovengrens"] == pytest.approx(tanh(atanh(expected) + margin), abs=1e-9)
    assert row["uitleg"].startswith("Over 29 maanden. Samen bewegen zegt niet")


async def test_of_fewer_months_only_a_sentence_is_told(filled: Database) -> None:
    told = await rows(filled, "select * from kengetal_samenhang where maanden < 24")
    assert len(told) == 7
    for row in told:
        assert (
            row["samenhang"] is row["samenhang_ondergrens"] is row["samenhang_bovengrens"] is None
        )
        assert row["uitleg"].startswith(f"Van {row['maanden']} maanden zijn er een kengetal en een")


async def test_what_never_changed_moves_with_nothing_and_what_moves_wholly_has_an_interval(
    filled: Database,
) -> None:
    """In a transaction that is undone: the same months, all alike and then in the marks' order."""
    means = [mean_of(given)[1] for given in MARKS]
    query = "select * from kengetal_samenhang where kengetal = 'wachttijd' and maanden > 5"
    async with reading(filled, READER) as db:
        undone = db.transaction()
        await undone.start()
        try:
            for values in ([3.0] * 30, means):
                await db.execute("set local session authorization default")
                await db.executemany(
                    "update lees.kengetal set value = $2 where period = $1 and product = ''"
                    " and measure = 'wachttijd' and grain = 'month'",
                    list(zip(MONTHS, values, strict=True)),
                )
                await db.execute(f"set local session authorization {READER}")
                row = await db.fetchrow(query)
                if values[0] == values[1]:
                    assert row["samenhang"] is None
                    assert "elke maand gelijk" in row["uitleg"]
                else:
                    assert row["samenhang"] == pytest.approx(1)
                    assert 0.99 < row["samenhang_ondergrens"] < row["samenhang_bovengrens"] <= 1
        finally:
            await undone.rollback()


# An example that few change; the columns that it reads are promised, and others see to that.
@pytest.mark.long
async def test_the_example_for_pandas_says_what_the_views_say(filled: Database) -> None:
    example = runpy.run_path(str(EXAMPLE))
    place = filled.owner.rpartition("@")[2]
    async with filled.superuser() as db:
        await db.execute(f"alter role {READER} password 'a password'")
    url = f"postgresql://{READER}:a%20password@{place}"

    def computed() -> tuple[Any, Any]:
        years = example["years"](example["read"](url, example["MARKS"]))
        return years, example["beside"](example["read"](url, example["WORK"]))

    years, beside = await to_thread.run_sync(computed)
    of_2025 = [MARKS[month] for month in range(30) if MONTHS[month].year == 2025]
    n = sum(sum(given.values()) for given in of_2025)
    total = sum(mark * count for given in of_2025 for mark, count in given.items())
    assert years.loc[("telefonie", 2025), "n"] == n
    assert years.loc[("telefonie", 2025), "gemiddelde"] == pytest.approx(total / n)
    (row,) = await rows(filled, "select samenhang from kengetal_samenhang where maanden >= 24")
    assert beside["telefonie"] == pytest.approx(row["samenhang"])


async def test_every_measure_has_a_name_and_readers_of_another_see_nothing(
    filled: Database,
) -> None:
    told = await rows(filled, "select * from dim_kengetal order by volgorde")
    assert [(row["kengetal"], row["naam"], row["eenheid"]) for row in told] == [
        (each.code, each.dutch, each.unit) for each in MEASURES.values()
    ]
    await reads(filled, "waterakker", "lezer_ander")
    async with reading(filled, "lezer_ander") as db:
        for view in ("kengetal_per_maand", "kengetal_per_kwartaal", "kengetal_samenhang"):
            assert await db.fetch(f"select * from {view}") == []


async def test_who_may_write_them_are_three_of_our_own_and_nobody_else(
    filled: Database,
) -> None:
    async with filled.superuser() as db:
        granted = await db.fetch(
            """select relnamespace::regnamespace::text as schema, grantee::regrole::text as role,
                array_agg(privilege_type order by privilege_type) as rights
            from pg_class cross join lateral aclexplode(relacl)
            where relname = 'kengetal' and grantee <> relowner
            group by 1, 2"""
        )
        columns = await db.fetch(
            """select attname::text as name, privilege_type as right
            from pg_attribute cross join lateral aclexplode(attacl)
            where attrelid = 'lees.kengetal'::regclass"""
        )
        policies = await db.fetch(
            "select schemaname::text as schema, roles::text as roles, cmd from pg_policies"
            " where tablename = 'kengetal'"
        )
    everything = ["DELETE", "INSERT", "SELECT", "UPDATE"]
    told = {(row["schema"], row["role"]): row["rights"] for row in granted}
    own = {
        place: rights for place, rights in told.items() if place[0] in ("lees", "lees_molensloot")
    }
    assert own == {
        ("lees", "meetpunt_folder"): everything,
        ("lees", "meetpunt_ingest"): ["INSERT", "SELECT"],
        ("lees", "meetpunt_work"): ["INSERT", "SELECT"],
        ("lees_molensloot", "meetpunt_folder"): everything,
        ("lees_molensloot", "meetpunt_views"): ["SELECT"],
    }
    assert {tuple(row) for row in columns} == {
        ("value", "UPDATE"), ("n", "UPDATE"), ("told_at", "UPDATE"),
    }  # fmt: skip
    assert {tuple(row) for row in policies if row["schema"] == "lees"} == {
        ("lees", "{meetpunt_folder}", "ALL"), ("lees", "{meetpunt_ingest}", "ALL"),
        ("lees", "{meetpunt_work}", "ALL"),
    }  # fmt: skip
    assert {tuple(row) for row in policies if row["schema"] == "lees_molensloot"} == {
        ("lees_molensloot", "{meetpunt_folder}", "ALL"),
        ("lees_molensloot", "{meetpunt_views}", "SELECT"),
    }
    assert {"kengetal", "norm"} <= {*MUNICIPAL}
