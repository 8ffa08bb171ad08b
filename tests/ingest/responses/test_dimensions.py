"""What reports group by and look up: days, names, questions, and invitations."""

from datetime import date, timedelta

import pytest

from ingest.database.mirror import mirror_files
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.touchpoints import CHANNEL_NAMES
from tests.conftest import Database, Serve
from tests.example import SINCE
from tests.publishing import published, reads, seen
from tests.surveys import with_changed

pytestmark = pytest.mark.anyio

READER = "lezer_dimensies"


async def holidays(database: Database, year: int) -> dict[str, date]:
    rows = await seen(
        database,
        READER,
        "select datum, feestdag from dim_datum where jaar = $1 and feestdag <> ''",
        year,
    )
    return {row["feestdag"]: row["datum"] for row in rows}


# --- Days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("easter", "koningsdag"),
    [
        (date(2020, 4, 12), 27),
        (date(2024, 3, 31), 27),
        (date(2025, 4, 20), 26),  # the 27th is a Sunday
        (date(2026, 4, 5), 27),
        (date(2031, 4, 13), 26),
        (date(2035, 3, 25), 27),
        (date(2038, 4, 25), 27),  # as late as Easter can be
        (date(2045, 4, 9), 27),
    ],
)
async def test_holidays_fall_on_their_known_dates(
    database: Database, easter: date, koningsdag: int
) -> None:
    await reads(database, "molensloot", READER)
    year = easter.year
    assert await holidays(database, year) == {
        "Nieuwjaarsdag": date(year, 1, 1),
        "Goede Vrijdag": easter - timedelta(days=2),
        "Eerste paasdag": easter,
        "Tweede paasdag": easter + timedelta(days=1),
        "Koningsdag": date(year, 4, koningsdag),
        "Bevrijdingsdag": date(year, 5, 5),
        "Hemelvaartsdag": easter + timedelta(days=39),
        "Eerste pinksterdag": easter + timedelta(days=49),
        "Tweede pinksterdag": easter + timedelta(days=50),
        "Eerste kerstdag": date(year, 12, 25),
        "Tweede kerstdag": date(year, 12, 26),
    }


async def test_every_day_has_the_week_the_month_and_the_names_it_has(database: Database) -> None:
    await reads(database, "molensloot", READER)
    days = await seen(database, READER, "select * from dim_datum order by datum")
    first, last = date(2020, 1, 1), date(2045, 12, 31)
    assert len(days) == (last - first).days + 1
    for past, row in enumerate(days):
        day = first + timedelta(days=past)
        iso = day.isocalendar()
        assert row["datum"] == day
        assert (row["week_jaar"], row["week_nummer"], row["dag_nummer"]) == tuple(iso)
        assert row["week"] == date.fromisocalendar(iso.year, iso.week, 1)
        assert row["week_naam"] == f"{iso.year}-W{iso.week:02}"
        assert row["maand"] == day.replace(day=1)
        assert (row["jaar"], row["maand_nummer"]) == (day.year, day.month)
        assert row["kwartaal_naam"] == f"{day.year}-K{(day.month + 2) // 3}"
        assert row["weekend"] == (iso.weekday > 5)
        assert row["werkdag"] == (iso.weekday <= 5 and row["feestdag"] is None)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2020-12-31", "2020-W53"),
        ("2021-01-03", "2020-W53"),
        ("2021-01-04", "2021-W01"),
        ("2024-12-30", "2025-W01"),
        ("2026-12-31", "2026-W53"),
        ("2027-01-01", "2026-W53"),
    ],
)
async def test_around_new_year_a_week_belongs_to_one_year(
    database: Database, day: str, week: str
) -> None:
    await reads(database, "molensloot", READER)
    (row,) = await seen(
        database,
        READER,
        "select week_naam from dim_datum where datum = $1::text::date",
        day,
    )
    assert row["week_naam"] == week


async def test_days_and_months_have_dutch_names(database: Database) -> None:
    await reads(database, "molensloot", READER)
    rows = await seen(
        database,
        READER,
        "select dag_naam, maand_naam from dim_datum"
        " where datum in ('2026-03-04', '2026-08-30') order by datum",
    )
    named = [tuple(row.values()) for row in rows]
    assert named == [("woensdag", "maart"), ("zondag", "augustus")]


# --- Names ---------------------------------------------------------------------------------------


async def test_channels_have_the_names_that_the_files_may_use(database: Database) -> None:
    await reads(database, "molensloot", READER)
    rows = await seen(database, READER, "select * from dim_kanaal order by volgorde")
    assert {row["kanaal"]: row["naam"] for row in rows} == CHANNEL_NAMES
    assert [row["kanaal"] for row in rows] == list(CHANNEL_NAMES)


async def test_a_reader_sees_the_names_of_all_municipalities_and_which_is_its_own(
    database: Database,
) -> None:
    await reads(database, "molensloot", READER)
    rows = await seen(database, READER, "select gemeente, eigen from dim_gemeente")
    assert len(rows) == 4
    assert [row["gemeente"] for row in rows if row["eigen"]] == ["Molensloot"]


@pytest.mark.parametrize("view", ["dim_meetpunt", "dim_vragenlijst", "dim_item", "doelen"])
async def test_a_reader_sees_how_its_own_municipality_asks(database: Database, view: str) -> None:
    await reads(database, "molensloot", READER)
    rows = await seen(database, READER, f"select distinct gemeente_code from {view}")
    assert [row["gemeente_code"] for row in rows] == ["GM9001"]


async def test_every_answered_question_can_be_looked_up(
    serve: Serve, database: Database, catalogue: Catalogue
) -> None:
    await reads(database, "molensloot", READER)
    async with serve() as served:
        body = served.body(served.token(), answers={"cijfer": 8, "geholpen": "ja"})
        assert (await served.post(body)).status_code == 201
    await published(database, catalogue)
    rows = await seen(
        database,
        READER,
        """select antwoord.vraag, item.soort, item.hoogst, meetpunt.naam, vragenlijst.titel
        from feit_antwoord as antwoord
        join feit_reactie as reactie using (gemeente_code, maand, reactie_id)
        join dim_meetpunt as meetpunt using (gemeente_code, meetpunt)
        join dim_vragenlijst as vragenlijst using (gemeente_code, vragenlijst_vorm)
        join dim_item as item using (gemeente_code, vragenlijst_vorm, vraag)
        order by item.volgorde""",
    )
    assert [(row["vraag"], row["soort"], row["hoogst"]) for row in rows] == [
        ("cijfer", "mark", 10),
        ("geholpen", "yes_partly_no", None),
    ]
    assert {row["naam"] for row in rows} == {"Balie in de hal"}
    assert all(row["titel"] for row in rows)


async def test_a_touchpoint_is_shown_with_the_version_that_it_asks_now(
    own_database: Database, catalogue: Catalogue
) -> None:
    await reads(own_database, "molensloot", READER)
    async with own_database.connected("meetpunt_owner") as owner:
        await owner.execute(
            "insert into meetpunt.touchpoint_version values"
            " ('GM9001', 1, 'balie', 4, '2026-05-01'), ('GM9001', 1, 'balie', 3, '2026-05-01')"
        )
        await mirror_files(owner, catalogue, date(2026, 1, 1))
    rows = await seen(own_database, READER, "select * from dim_meetpunt where nummer = 1")
    assert [(row["vragenlijst_versie"], row["vragenlijst_sinds"]) for row in rows] == [
        (4, date(2026, 5, 1))
    ]


async def test_a_touchpoint_says_in_groups_of_how_many_its_answers_come(
    own_database: Database, catalogue: Catalogue
) -> None:
    await reads(own_database, "molensloot", READER)
    async with own_database.connected("meetpunt_owner") as owner:
        await mirror_files(owner, with_changed(catalogue, "molensloot/telefonie", batch=3), SINCE)
    rows = await seen(own_database, READER, "select * from dim_meetpunt where nummer in (1, 2)")
    told = {row["meetpunt"]: (row["groep"], row["kleine_groep"]) for row in rows}
    assert told == {"balie-hal": (10, False), "telefonie": (3, True)}
    await publish_invitations(own_database)
    rows = await seen(own_database, READER, "select kanaal, kleine_groep from feit_uitnodiging")
    assert {row["kanaal"]: row["kleine_groep"] for row in rows} == {
        "telefonie": True, "balie": False,
    }  # fmt: skip
    async with own_database.connected("meetpunt_folder") as folder:
        await folder.execute("insert into lees.stand values ('GM9001', 2, now(), 2)")
    (row,) = await seen(own_database, READER, "select * from stand")
    assert (row["meetpunt"], row["wachtend_n"], row["groep"], row["kleine_groep"]) == (
        "telefonie", 2, 3, True,
    )  # fmt: skip


# --- Invitations ---------------------------------------------------------------------------------


async def publish_invitations(database: Database) -> None:
    day = date(2026, 3, 2)
    async with database.superuser() as db:
        await db.executemany(
            "insert into lees.uitnodiging values ($1, $2, $3, $4, $5, $6, $7)",
            [
                ("GM9001", day, "telefonie", "paspoort", 10, 4, 1),
                ("GM9001", day, "telefonie", "", 5, 2, 0),
                ("GM9001", day, "balie", "", 1, 0, 0),
                ("GM9002", day, "telefonie", "paspoort", 7, 7, 7),
            ],
        )


async def test_invitations_are_counted_per_day_channel_and_product(database: Database) -> None:
    await reads(database, "molensloot", READER)
    await publish_invitations(database)
    rows = await seen(database, READER, "select * from feit_uitnodiging order by uitgegeven")
    assert [tuple(row.values())[2:7] for row in rows] == [
        ("balie", None, 1, 0, None),
        ("telefonie", None, 5, 2, None),
        ("telefonie", "paspoort", 10, 4, None),
    ]
