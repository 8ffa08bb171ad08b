"""How far a municipality is with what it promised itself, from what was published."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from ingest.database.mirror import mirror_files
from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.base_years import BaseYear, store_base_years
from tests.conftest import Database
from tests.publishing import reads, seen

pytestmark = pytest.mark.anyio

READER = "lezer_doelen"


async def months(database: Database) -> tuple[date, date, date]:
    """This month, the last full one, and the month before the last twelve full ones."""
    async with database.superuser() as db:
        now = await db.fetchval(
            "select date_trunc('month', now() at time zone 'Europe/Amsterdam')::date"
        )
    last = (now - timedelta(days=1)).replace(day=1)
    earliest = now.replace(year=now.year - 1)
    return now, last, (earliest - timedelta(days=1)).replace(day=1)


async def publish(
    database: Database,
    month: date,
    channel: str,
    marks: Sequence[int],
    *,
    kind: str = "mark",
    small_group: bool = False,
    again: bool = False,
) -> None:
    """Make marks of one month readable, as publishing does: by week as well.

    `again`: in the place of those of before.
    """
    async with database.superuser() as db:
        if again:
            await db.execute(
                "delete from lees.cijfer where period = $1 and channel = $2", month, channel
            )
        await db.execute(
            """insert into lees.cijfer
                (municipality, grain, period, channel, indicator, kind, given, small_group)
            select 'GM9001', grain, $1, $2, 'tevredenheid', $3, $4, $5
            from unnest(array['week', 'month']) as grain""",
            *(month, channel, kind, [marks.count(value) for value in range(1, 11)], small_group),
        )


async def standing(database: Database, channel: str) -> dict[str, Any]:
    (row,) = await seen(database, READER, "select * from doelen where kanaal = $1", channel)
    return dict(row)


async def test_a_mean_is_that_of_the_last_twelve_full_months(database: Database) -> None:
    await reads(database, "molensloot", READER)
    now, last, before = await months(database)
    a_year_ago = now.replace(year=now.year - 1)
    given = {
        before: [1] * 50,  # too long ago
        a_year_ago: [7, 7, 7, 7],
        last: [9, 9, 9, 9, 9, 8],
        now: [2] * 20,  # not over yet
    }
    for month, marks in given.items():
        await publish(database, month, "balie", marks)
    await publish(database, last, "telefonie", [1] * 30)
    row = await standing(database, "balie")
    assert (row["maat"], row["opgave"], row["doelwaarde"]) == ("gemiddelde_minstens", 8, 8)
    assert (row["basisjaar"], row["basis_n"], row["basis"]) == (None, None, None)
    assert (row["nu_vanaf"], row["nu_tot_en_met"]) == (a_year_ago, now - timedelta(days=1))
    # (4 x 7 + 5 x 9 + 8) / 10
    assert (row["nu_n"], row["nu"], row["behaald"]) == (10, 8.1, True)
    # Ten answers: it may as well be chance.
    assert row["nu_ondergrens"] < 8 < row["nu"] < row["nu_bovengrens"] < 10
    assert (row["zeker_behaald"], row["zeker_niet_behaald"]) == (False, False)
    assert (row["basis_te_klein"], row["perioden_overlappen"], row["verandering"]) == (
        *(None, False, None),
    )
    this_year = [mark for month in given if month.year == now.year for mark in given[month]]
    assert row["dit_jaar_n"] == len(this_year)
    assert row["dit_jaar"] == pytest.approx(sum(this_year) / len(this_year))
    assert row["dit_jaar_behaald"] is False


async def test_a_mean_just_below_its_target_is_not_reached_by_rounding(
    database: Database,
) -> None:
    await reads(database, "molensloot", READER)
    _, last, _ = await months(database)
    await publish(database, last, "balie", [8] * 2_999_999 + [7])
    row = await standing(database, "balie")
    assert (round(row["nu"], 6), row["behaald"]) == (8, False)
    assert row["nu_n"] == 3_000_000


@pytest.mark.parametrize(
    ("measure", "told", "mark"),
    [
        ("share_le_6_falls_by", "aandeel_le_6_daalt", 6),
        ("share_lt_6_falls_by", "aandeel_lt_6_daalt", 5),
    ],
)
async def test_a_share_falls_by_a_percentage_of_what_it_was(
    own_database: Database, measure: str, told: str, mark: int
) -> None:
    """40 of 100 in the base year, so 40 %; 30 % less is 28 %."""
    await reads(own_database, "molensloot", READER)
    _, last, _ = await months(own_database)
    await aims(own_database, base_year=2021, measure=measure)
    await publish(own_database, date(2021, 1, 1), "telefonie", [mark] * 24 + [mark + 1] * 36)
    await publish(own_database, date(2021, 12, 1), "telefonie", [1] * 16 + [10] * 24)
    await publish(own_database, date(2020, 12, 1), "telefonie", [1] * 40)
    await publish(own_database, date(2022, 1, 1), "telefonie", [1] * 40)
    for low, share, reached in ((7, 0.28, True), (8, 0.32, False)):
        await publish(
            own_database, last, "telefonie", [mark] * low + [mark + 1] * (25 - low), again=True
        )
        row = await standing(own_database, "telefonie")
        assert (row["maat"], row["opgave"], row["basisjaar"]) == (told, 30, 2021)
        assert (row["basis_bron"], row["basis_n"], row["basis"]) == ("Meetpunt", 100, 0.4)
        assert row["doelwaarde"] == pytest.approx(0.28)
        # Exactly at the aim is reached, whatever a double makes of it.
        assert (row["nu_n"], row["nu"], row["behaald"]) == (25, share, reached)
        assert row["verandering"] == pytest.approx(share - 0.4)
        assert row["verandering_ondergrens"] < row["verandering"] < row["verandering_bovengrens"]


async def test_a_target_is_surely_reached_or_missed_by_the_worse_and_the_better_end(
    own_database: Database,
) -> None:
    await reads(own_database, "molensloot", READER)
    _, last, _ = await months(own_database)
    await aims(own_database, base_year=2021)
    await publish(own_database, date(2021, 6, 1), "telefonie", [6] * 80 + [8] * 120)
    verdicts = []
    for low in (20, 50, 110):
        await publish(own_database, last, "telefonie", [5] * low + [9] * (200 - low), again=True)
        row = await standing(own_database, "telefonie")
        verdicts.append((row["behaald"], row["zeker_behaald"], row["zeker_niet_behaald"]))
    assert verdicts == [(True, True, False), (True, False, False), (False, False, True)]
    verdicts = []
    for marks in ([9, 9, 9, 8], [8, 8, 8, 9], [6, 7, 7, 8]):
        await publish(own_database, last, "balie", marks * 10, again=True)
        row = await standing(own_database, "balie")
        verdicts.append((row["behaald"], row["zeker_behaald"], row["zeker_niet_behaald"]))
    assert verdicts == [(True, True, False), (True, False, False), (False, False, True)]


async def test_a_base_of_under_a_hundred_is_refused_with_its_number(
    own_database: Database,
) -> None:
    await reads(own_database, "molensloot", READER)
    _, last, _ = await months(own_database)
    await aims(own_database, base_year=2021)
    await publish(own_database, last, "telefonie", [9] * 200)
    for marks, told in (([6] * 57, "maar 57 antwoorden"), ([6], "maar 1 antwoord")):
        await publish(own_database, date(2021, 6, 1), "telefonie", marks, again=True)
        row = await standing(own_database, "telefonie")
        assert (row["basis_n"], row["basis_te_klein"]) == (len(marks), told)
        judged = ("doelwaarde", "verandering", "behaald", "zeker_behaald", "zeker_niet_behaald")
        assert {row[name] for name in (*judged, "dit_jaar_behaald")} == {None}
    await publish(own_database, date(2021, 6, 1), "telefonie", [6] * 100, again=True)
    row = await standing(own_database, "telefonie")
    assert (row["basis_te_klein"], row["zeker_behaald"]) == (None, True)


async def test_answers_that_count_on_both_sides_give_no_verdict(own_database: Database) -> None:
    await reads(own_database, "molensloot", READER)
    now, last, _ = await months(own_database)
    # In January the twelve months before are last year, with December as the last of them.
    year, month = (last.year, 11) if now.month == 1 else (now.year - 1, 12)
    await publish(own_database, date(year, month, 1), "telefonie", [6] * 100)
    await publish(own_database, last, "telefonie", [9] * 100)
    for base_year, overlaps in ((year, True), (year - 1, False)):
        await aims(own_database, base_year=base_year)
        row = await standing(own_database, "telefonie")
        assert row["perioden_overlappen"] is overlaps
        judged = ("verandering", "behaald", "zeker_behaald", "zeker_niet_behaald")
        assert {row[name] for name in judged} == {None}


async def test_the_earlier_figures_of_another_system_are_a_base(own_database: Database) -> None:
    """They go before what was answered here that year, where they have the share that counts."""
    await reads(own_database, "molensloot", READER)
    _, last, _ = await months(own_database)
    await aims(own_database, base_year=2021)
    await publish(own_database, date(2021, 6, 1), "telefonie", [6] * 30)
    await publish(own_database, last, "telefonie", [9] * 200)
    earlier = BaseYear(
        channel="telefonie",
        indicator="tevredenheid",
        year=2021,
        n=400,
        mean=Decimal("7.1"),
        share_lt_6=Decimal("0.1"),
        share_le_6=None,
    )
    told, intervals = [], []
    for figures in (earlier, replace(earlier, share_le_6=Decimal("0.2"))):
        async with own_database.connected("meetpunt_folder") as folder:
            await store_base_years(folder, "GM9001", [figures], source="enquête 2021", today=last)
        row = await standing(own_database, "telefonie")
        told.append((row["basis_bron"], row["basis_n"], row["basis"], row["zeker_behaald"]))
        (shown,) = await seen(own_database, READER, "select * from basiscijfers")
        intervals.append((shown["aandeel_le_6_ondergrens"], shown["aandeel_le_6_bovengrens"]))
    assert told == [("Meetpunt", 30, 1.0, None), ("enquête 2021", 400, 0.2, True)]
    assert row["doelwaarde"] == pytest.approx(0.14)
    assert row["basis_ondergrens"] < 0.2 < row["basis_bovengrens"] < 0.25
    assert (shown["jaar"], shown["n"], shown["bron"]) == (2021, 400, "enquête 2021")
    assert (shown["gemiddelde"], shown["aandeel_lt_6"], shown["aandeel_le_6"]) == (7.1, 0.1, 0.2)
    assert intervals == [(None, None), (row["basis_ondergrens"], row["basis_bovengrens"])]


async def test_under_ten_answers_there_is_a_number_and_no_figure(own_database: Database) -> None:
    await reads(own_database, "molensloot", READER)
    _, last, _ = await months(own_database)
    await aims(own_database, base_year=2021)
    await publish(own_database, date(2021, 6, 1), "telefonie", [6] * 9)
    await publish(own_database, last, "telefonie", [9] * 10)
    await publish(own_database, last, "balie", [9] * 9)
    desk = await standing(own_database, "balie")
    assert (desk["nu_n"], desk["nu"], desk["behaald"]) == (9, None, None)
    phone = await standing(own_database, "telefonie")
    assert (phone["basis_n"], phone["basis"], phone["doelwaarde"]) == (9, None, None)
    assert (phone["nu_n"], phone["nu"], phone["behaald"]) == (10, 0, None)


async def test_only_answers_of_the_target_s_own_kind_count(database: Database) -> None:
    await reads(database, "molensloot", READER)
    _, last, _ = await months(database)
    await publish(database, last, "balie", [5] * 10, kind="agreement")
    assert (await standing(database, "balie"))["nu_n"] == 0


async def test_a_target_says_whether_a_small_group_is_in_it_and_of_what_moment_it_is(
    database: Database,
) -> None:
    await reads(database, "molensloot", READER)
    _, last, _ = await months(database)
    await publish(database, last, "balie", [9] * 10, small_group=True)
    await publish(database, last, "telefonie", [9] * 10)
    looked_at = datetime(2026, 11, 28, 5, tzinfo=UTC)
    async with database.superuser() as db:
        await db.execute("insert into lees.stand values ('GM9001', 1, $1, 4)", looked_at)
    desk, phone = [await standing(database, channel) for channel in ("balie", "telefonie")]
    told = ("kleine_groep", "peilmoment", "wachtend_n")
    assert [desk[name] for name in told] == [True, looked_at, 4]
    assert [phone[name] for name in told] == [False, None, None]


async def test_a_target_that_left_the_files_leaves_the_reports(
    own_database: Database, catalogue: Catalogue
) -> None:
    await reads(own_database, "molensloot", READER)
    municipality = catalogue.municipality("molensloot")
    others = [each for each in catalogue.municipalities.values() if each.slug != municipality.slug]
    fewer = Catalogue(
        [*others, replace(municipality, targets=municipality.targets[:1])],
        catalogue.questionnaires,
    )
    async with own_database.connected("meetpunt_owner") as owner:
        await mirror_files(owner, fewer, date(2026, 2, 1))
    rows = await seen(own_database, READER, "select kanaal from doelen")
    assert [row["kanaal"] for row in rows] == ["balie"]


async def test_a_target_of_a_department_counts_what_belongs_to_it_on_its_channel(
    own_database: Database,
) -> None:
    """By touchpoint or by the product that was kept; no other department or channel counts."""
    await reads(own_database, "molensloot", READER)
    _, last, _ = await months(own_database)
    cells = [
        ("balie-hal", "", [9] * 30),
        ("huwelijk", "", [10] * 20),
        ("telefonie", "paspoort", [2] * 40),
        ("melding", "", [1] * 40),
    ]
    async with own_database.superuser() as db:
        await db.execute(
            "insert into lees.doel (municipality, channel, department, indicator, measure, kind,"
            " amount) select municipality, channel, 'publiekszaken', indicator, measure, kind,"
            " amount from lees.doel where channel = 'balie'"
        )
        for slug, product, marks in cells:
            await db.execute(
                "insert into lees.cijfer_uitgesplitst select 'GM9001', $1, number, $3, '', '', '',"
                " '', 'tevredenheid', 'mark', $4, false from meetpunt.touchpoint"
                " where municipality = 'GM9001' and slug = $2",
                *(last, slug, product, [marks.count(value) for value in range(1, 11)]),
            )
    await publish(own_database, last, "balie", [7] * 50)
    rows = await seen(
        own_database,
        READER,
        "select afdeling, nu_n, nu, zeker_behaald from doelen where kanaal = 'balie' order by 1",
    )
    assert [tuple(row) for row in rows] == [
        ("publiekszaken", 30, 9, True),
        (None, 50, 7, False),
    ]


async def aims(database: Database, *, base_year: int, measure: str = "share_le_6_falls_by") -> None:
    """Give the target by telephone another base year, or another share that should fall."""
    async with database.superuser() as db:
        await db.execute(
            "update lees.doel set base_year = $1, measure = $2 where base_year is not null",
            *(base_year, measure),
        )
