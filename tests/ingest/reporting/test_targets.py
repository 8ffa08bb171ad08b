"""How far a municipality is with what it promised itself, from what was published."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from ingest.database.mirror import mirror_files
from ingest.municipalities.catalogue import Catalogue
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
) -> None:
    """Make marks of one month readable, as publishing does: by week as well."""
    async with database.superuser() as db:
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
    assert (row["nu_n"], row["nu"], row["behaald"]) == (10, Decimal("8.1"), True)
    this_year = [mark for month in given if month.year == now.year for mark in given[month]]
    assert row["dit_jaar_n"] == len(this_year)
    assert row["dit_jaar"] == round(Decimal(sum(this_year)) / len(this_year), 6)
    assert row["dit_jaar_behaald"] is False


async def test_a_mean_just_below_its_target_is_not_reached_by_rounding(
    database: Database,
) -> None:
    await reads(database, "molensloot", READER)
    _, last, _ = await months(database)
    await publish(database, last, "balie", [8] * 2_999_999 + [7])
    row = await standing(database, "balie")
    assert (row["nu"], row["behaald"]) == (Decimal("8.000000"), False)
    assert row["nu_n"] == 3_000_000


@pytest.mark.parametrize(
    ("low", "present", "reached"),
    # 20 of 50 in the base year: 40 %; 30 % less is 28 %.
    [(7, Decimal("0.28"), True), (8, Decimal("0.32"), False)],
)
async def test_a_share_falls_by_a_percentage_of_what_it_was(
    own_database: Database, low: int, present: Decimal, reached: bool
) -> None:
    await reads(own_database, "molensloot", READER)
    _, last, _ = await months(own_database)
    await move_base_year(own_database, 2021)
    await publish(own_database, date(2021, 1, 1), "telefonie", [6] * 12 + [7] * 18)
    await publish(own_database, date(2021, 12, 1), "telefonie", [1] * 8 + [10] * 12)
    await publish(own_database, date(2020, 12, 1), "telefonie", [1] * 40)
    await publish(own_database, date(2022, 1, 1), "telefonie", [1] * 40)
    await publish(own_database, last, "telefonie", [6] * low + [7] * (25 - low))
    row = await standing(own_database, "telefonie")
    assert (row["maat"], row["opgave"], row["basisjaar"]) == ("aandeel_le_6_daalt", 30, 2021)
    assert (row["basis_n"], row["basis"]) == (50, Decimal("0.4"))
    assert row["doelwaarde"] == Decimal("0.28")
    assert (row["nu_n"], row["nu"], row["behaald"]) == (25, present, reached)


async def test_under_ten_answers_there_is_a_number_and_no_figure(own_database: Database) -> None:
    await reads(own_database, "molensloot", READER)
    _, last, _ = await months(own_database)
    await move_base_year(own_database, 2021)
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


async def move_base_year(database: Database, year: int) -> None:
    """To a year that the last twelve months cannot reach into."""
    async with database.superuser() as db:
        await db.execute("update lees.doel set base_year = $1 where base_year is not null", year)
