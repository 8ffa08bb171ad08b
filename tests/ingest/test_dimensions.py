"""What reports group by and look up: days, names, invitations, targets, and open answers."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from msgspec.structs import replace

from ingest.database.mirror import mirror_files
from ingest.database.readers import grant_reader
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.touchpoints import CHANNEL_NAMES
from tests.conftest import Database, Serve, Served
from tests.postgres import versions

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("postgres_version", versions())]

READER = "lezer_dimensies"
DESK, PHONE = 1, 2  # of Molensloot, which has code GM9001
SURVEYS = {DESK: "balie", PHONE: "telefonie"}


async def grant(
    database: Database, role: str = READER, code: str = "GM9001", *, free_text: bool = False
) -> None:
    async with database.connected("meetpunt_owner") as owner:
        await grant_reader(owner, code, role, "a password", free_text=free_text)


async def read(database: Database, query: str, role: str = READER) -> list[dict[str, Any]]:
    """What a role sees. `set session authorization` is what a login of that role gives."""
    async with database.superuser() as db:
        await db.execute(f"set session authorization {role}")
        return [dict(row) for row in await db.fetch(query)]


async def holidays(database: Database, year: int) -> dict[str, date]:
    rows = await read(
        database, f"select datum, feestdag from bi.dim_datum where jaar = {year} and feestdag <> ''"
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
    await grant(database)
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
    await grant(database)
    days = await read(database, "select * from bi.dim_datum order by datum")
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
    await grant(database)
    (row,) = await read(database, f"select week_naam from bi.dim_datum where datum = '{day}'")
    assert row["week_naam"] == week


async def test_days_and_months_have_dutch_names(database: Database) -> None:
    await grant(database)
    rows = await read(
        database,
        "select dag_naam, maand_naam from bi.dim_datum"
        " where datum in ('2026-03-04', '2026-08-30') order by datum",
    )
    named = [tuple(row.values()) for row in rows]
    assert named == [("woensdag", "maart"), ("zondag", "augustus")]


# --- Names ---------------------------------------------------------------------------------------


async def test_channels_have_the_names_that_the_files_may_use(database: Database) -> None:
    await grant(database)
    rows = await read(database, "select * from bi.dim_kanaal order by volgorde")
    assert {row["kanaal"]: row["naam"] for row in rows} == CHANNEL_NAMES
    assert [row["kanaal"] for row in rows] == list(CHANNEL_NAMES)


async def test_a_reader_sees_the_names_of_all_municipalities_and_which_is_its_own(
    database: Database,
) -> None:
    await grant(database)
    rows = await read(database, "select gemeente, eigen from bi.dim_gemeente")
    assert len(rows) == 4
    assert [row["gemeente"] for row in rows if row["eigen"]] == ["Molensloot"]


@pytest.mark.parametrize("view", ["dim_meetpunt", "dim_vragenlijst", "dim_item", "doelen"])
async def test_a_reader_sees_how_its_own_municipality_asks(database: Database, view: str) -> None:
    await grant(database)
    rows = await read(database, f"select distinct gemeente_code from bi.{view}")
    assert [row["gemeente_code"] for row in rows] == ["GM9001"]
    assert await read(database, f"select * from bi.{view}", "meetpunt_reader") == []


async def test_every_answered_question_can_be_looked_up(serve: Serve, database: Database) -> None:
    await grant(database)
    async with serve() as served:
        body = served.body(served.token(), answers={"cijfer": 8, "geholpen": "ja"})
        assert (await served.post(body)).status_code == 201
    rows = await read(
        database,
        """select antwoord.vraag, item.soort, item.hoogst, meetpunt.naam, vragenlijst.titel
        from bi.feit_antwoord as antwoord
        join bi.feit_reactie as reactie using (gemeente_code, reactie_id)
        join bi.dim_meetpunt as meetpunt using (gemeente_code, meetpunt)
        join bi.dim_vragenlijst as vragenlijst using (gemeente_code, vragenlijst_vorm)
        join bi.dim_item as item using (gemeente_code, vragenlijst_vorm, vraag)
        order by item.volgorde""",
    )
    assert [(row["vraag"], row["soort"], row["hoogst"]) for row in rows] == [
        ("cijfer", "mark", 10),
        ("geholpen", "yes_partly_no", None),
    ]
    assert {row["naam"] for row in rows} == {"Balie in de hal"}
    assert all(row["titel"] for row in rows)


async def test_a_touchpoint_is_shown_with_the_version_that_it_asks_now(
    own_database: Database,
) -> None:
    await grant(own_database)
    async with own_database.connected("meetpunt_owner") as owner:
        await owner.execute(
            "insert into meetpunt.touchpoint_version values"
            " ('GM9001', 1, 'balie', 3, '2026-05-01'), ('GM9001', 1, 'balie', 2, '2026-05-01')"
        )
    rows = await read(own_database, "select * from bi.dim_meetpunt where nummer = 1")
    assert [(row["vragenlijst_versie"], row["vragenlijst_sinds"]) for row in rows] == [
        (3, date(2026, 5, 1))
    ]


# --- Invitations ---------------------------------------------------------------------------------


async def test_invitations_are_counted_per_day_channel_and_product(own_database: Database) -> None:
    await grant(own_database)
    async with own_database.superuser() as db:
        await db.executemany(
            "insert into meetpunt.invitation_count values ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                ("GM9001", date(2026, 3, 2), PHONE, "paspoort", False, 10, 4, 1),
                ("GM9001", date(2026, 3, 2), PHONE, "", False, 5, 2, 0),
                ("GM9001", date(2026, 3, 2), PHONE, "paspoort", True, 100, 100, 100),
                ("GM9002", date(2026, 3, 2), 12, "paspoort", False, 7, 7, 7),
            ],
        )
    rows = await read(own_database, "select * from bi.feit_uitnodiging order by uitgegeven")
    assert [tuple(row.values())[2:] for row in rows] == [
        ("telefonie", None, 5, 2, 0),
        ("telefonie", "paspoort", 10, 4, 1),
    ]
    (row,) = await read(own_database, "select * from bi_test.feit_uitnodiging")
    assert row["uitgegeven"] == 100


# --- Targets -------------------------------------------------------------------------------------


async def months(database: Database) -> tuple[date, date, date]:
    """This month, the last full one, and the month before the last twelve full ones."""
    async with database.superuser() as db:
        now = await db.fetchval(
            "select date_trunc('month', now() at time zone 'Europe/Amsterdam')::date"
        )
    last = (now - timedelta(days=1)).replace(day=1)
    earliest = now.replace(year=now.year - 1)
    return now, last, (earliest - timedelta(days=1)).replace(day=1)


async def summarise(
    database: Database,
    month: date,
    touchpoint: int,
    marks: Sequence[int],
    *,
    kind: str = "mark",
    is_test: bool = False,
) -> None:
    """Put marks of one month in the summaries, as the folder does."""
    given = [marks.count(value) for value in range(1, 11)]
    async with database.superuser() as db:
        await db.execute(
            """insert into meetpunt.summary (municipality, grain, period, touchpoint, structure,
                item, indicator, kind, is_test, given, not_applicable)
            select 'GM9001', grain, $1, $2, structure, 'cijfer', 'tevredenheid', $5, $4, $3, 3
            from meetpunt.questionnaire, unnest(array['week', 'month']) as grain
            where municipality = 'GM9001' and questionnaire = $6 and version = 1""",
            month,
            touchpoint,
            given,
            is_test,
            kind,
            SURVEYS[touchpoint],
        )


async def standing(database: Database, channel: str, schema: str = "bi") -> dict[str, Any]:
    (row,) = await read(database, f"select * from {schema}.doelen where kanaal = '{channel}'")
    return row


async def test_a_mean_is_that_of_the_last_twelve_full_months(own_database: Database) -> None:
    await grant(own_database)
    now, last, before = await months(own_database)
    a_year_ago = now.replace(year=now.year - 1)
    given = {
        before: [1] * 50,  # too long ago
        a_year_ago: [7, 7, 7, 7],
        last: [9, 9, 9, 9, 9, 8],
        now: [2] * 20,  # not over yet
    }
    for month, marks in given.items():
        await summarise(own_database, month, DESK, marks)
    await summarise(own_database, last, PHONE, [1] * 30)
    row = await standing(own_database, "balie")
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
    own_database: Database,
) -> None:
    await grant(own_database)
    _, last, _ = await months(own_database)
    await summarise(own_database, last, DESK, [8] * 2_999_999 + [7])
    row = await standing(own_database, "balie")
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
    await grant(own_database)
    _, last, _ = await months(own_database)
    await move_base_year(own_database, 2021)
    await summarise(own_database, date(2021, 1, 1), PHONE, [6] * 12 + [7] * 18)
    await summarise(own_database, date(2021, 12, 1), PHONE, [1] * 8 + [10] * 12)
    await summarise(own_database, date(2020, 12, 1), PHONE, [1] * 40)
    await summarise(own_database, date(2022, 1, 1), PHONE, [1] * 40)
    await summarise(own_database, last, PHONE, [6] * low + [7] * (25 - low))
    row = await standing(own_database, "telefonie")
    assert (row["maat"], row["opgave"], row["basisjaar"]) == ("aandeel_le_6_daalt", 30, 2021)
    assert (row["basis_n"], row["basis"]) == (50, Decimal("0.4"))
    assert row["doelwaarde"] == Decimal("0.28")
    assert (row["nu_n"], row["nu"], row["behaald"]) == (25, present, reached)


async def test_under_ten_answers_there_is_a_number_and_no_figure(own_database: Database) -> None:
    await grant(own_database)
    _, last, _ = await months(own_database)
    await move_base_year(own_database, 2021)
    await summarise(own_database, date(2021, 6, 1), PHONE, [6] * 9)
    await summarise(own_database, last, PHONE, [9] * 10)
    await summarise(own_database, last, DESK, [9] * 9)
    desk = await standing(own_database, "balie")
    assert (desk["nu_n"], desk["nu"], desk["behaald"]) == (9, None, None)
    phone = await standing(own_database, "telefonie")
    assert (phone["basis_n"], phone["basis"], phone["doelwaarde"]) == (9, None, None)
    assert (phone["nu_n"], phone["nu"], phone["behaald"]) == (10, 0, None)


async def test_only_answers_of_the_targets_own_kind_and_no_test_data_count(
    own_database: Database,
) -> None:
    await grant(own_database)
    _, last, _ = await months(own_database)
    await summarise(own_database, last, DESK, [3] * 10, is_test=True)
    await summarise(own_database, last - timedelta(days=300), DESK, [5] * 10, kind="agreement")
    assert (await standing(own_database, "balie"))["nu_n"] == 0
    test = await standing(own_database, "balie", "bi_test")
    assert (test["nu_n"], test["nu"]) == (10, 3)


async def test_a_target_that_left_the_files_leaves_the_reports(
    own_database: Database, catalogue: Catalogue
) -> None:
    await grant(own_database)
    municipality = catalogue.municipality("molensloot")
    others = [each for each in catalogue.municipalities.values() if each.slug != municipality.slug]
    fewer = Catalogue(
        [*others, replace(municipality, targets=municipality.targets[:1])],
        catalogue.questionnaires,
    )
    async with own_database.connected("meetpunt_owner") as owner:
        await mirror_files(owner, fewer, date(2026, 2, 1))
    rows = await read(own_database, "select kanaal from bi.doelen")
    assert [row["kanaal"] for row in rows] == ["balie"]


async def move_base_year(database: Database, year: int) -> None:
    """To a year that the last twelve months cannot reach into."""
    async with database.connected("meetpunt_owner") as owner:
        await owner.execute(
            "update meetpunt.target set base_year = $1 where base_year is not null", year
        )


# --- What residents wrote ------------------------------------------------------------------------


async def write(served: Served, path: str, text: str, token: str, **answers: Any) -> None:
    asked = {"cijfer": 4, "toelichting": text} | answers
    reply = await served.post(served.body(token, path, answers=asked))
    assert reply.status_code == 201, reply.text


async def texts_of_three(served: Served) -> None:
    """One municipality's open and invited texts, and an open one of another."""
    desk, phone, other = "molensloot/balie-hal", "molensloot/telefonie", "waterakker/balie-hal"
    await write(served, desk, "Lang gewacht. Mail jan@voorbeeld.nl", served.token(desk), cijfer=7)
    await write(served, phone, "Niet teruggebeld.", await served.invitation(phone))
    await write(served, other, "Van een ander.", served.token(other))


async def test_texts_are_for_readers_with_the_grant_and_of_their_own_municipality(
    serve: Serve, database: Database
) -> None:
    async with serve() as served:
        await texts_of_three(served)
    await grant(database, free_text=False)
    assert await read(database, "select * from bi.toelichting") == []
    await grant(database, free_text=True)
    # The right to read one municipality's texts is no right to read another's.
    await grant(database, code="GM9002", free_text=False)
    rows = await read(database, "select * from bi.toelichting")
    assert {row["gemeente_code"] for row in rows} == {"GM9001"}
    assert len(rows) == 2
    assert await read(database, "select * from bi_test.toelichting") == []
    await grant(database, free_text=False)
    assert await read(database, "select * from bi.toelichting") == []


@pytest.mark.parametrize("role", ["meetpunt_owner", "meetpunt_reader"])
async def test_nobody_else_reads_texts_through_the_view(
    serve: Serve, database: Database, role: str
) -> None:
    async with serve() as served:
        await texts_of_three(served)
    await grant(database, free_text=True)
    assert await read(database, "select * from bi.toelichting", role) == []


@pytest.mark.parametrize("role", ["meetpunt_ingest", "meetpunt_folder", "meetpunt_benchmark"])
async def test_the_service_does_not_reach_the_view(database: Database, role: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await read(database, "select * from bi.toelichting", role)


async def test_the_grant_opens_the_view_and_not_the_table(database: Database) -> None:
    await grant(database, free_text=True)
    for column in ("text", "response_id", "municipality"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await read(database, f"select {column} from meetpunt.free_text")


async def test_an_invited_text_has_a_month_and_an_open_one_its_day(
    serve: Serve, database: Database
) -> None:
    async with serve() as served:
        await texts_of_three(served)
        await write(
            served,
            "molensloot/telefonie",
            "Weer niet.",
            await served.invitation("molensloot/telefonie"),
            cijfer=9,
        )
    await grant(database, free_text=True)
    rows = await read(database, "select * from bi.toelichting")
    by_text = {row["tekst"]: row for row in rows}
    opened = next(row for text, row in by_text.items() if text.startswith("Lang gewacht."))
    assert opened["datum"] is not None
    assert opened["maand"] == opened["datum"].replace(day=1)
    assert (opened["afgeschermd"], opened["oordeel"]) == (["e-mail"], "midden")
    assert "jan@" not in opened["tekst"]
    invited = by_text["Niet teruggebeld."]
    assert (invited["datum"], invited["product"], invited["oordeel"]) == (None, None, "laag")
    assert invited["maand"] == opened["maand"]
    assert by_text["Weer niet."]["oordeel"] == "hoog"


async def test_nothing_in_the_view_leads_back_to_one_response(database: Database) -> None:
    async with database.superuser() as db:
        columns = await db.fetch(
            "select column_name as name, data_type as type from information_schema.columns"
            " where table_schema = 'bi' and table_name = 'toelichting'"
        )
    assert "uuid" not in {row["type"] for row in columns}
    names = {row["name"] for row in columns}
    assert not names & {"reactie_id", "uur", "cijfer", "waarde", "kenmerken", "taal"}


async def test_rows_come_in_an_order_that_says_nothing_of_when_they_were_stored(
    database: Database,
) -> None:
    await grant(database, free_text=True)
    texts = [f"Tekst nummer {number}." for number in range(12)]
    seen = []
    for order in (texts, texts[::-1]):
        async with database.superuser() as db:
            await db.execute("truncate meetpunt.response cascade")
        for text in order:
            await store_text(database, text)
        seen.append([row["tekst"] for row in await read(database, "select * from bi.toelichting")])
    assert seen[0] == seen[1]
    assert sorted(seen[0]) == sorted(texts)


async def test_a_function_of_a_readers_own_sees_no_row_before_the_view_left_it_out(
    serve: Serve, database: Database
) -> None:
    async with serve() as served:
        await texts_of_three(served)
    await store_text(database, "Koop nu.", suspect=["honeypot"])
    await grant(database, free_text=True)
    async with database.superuser() as db:
        heard: list[str] = []
        db.add_log_listener(lambda _, message: heard.append(message.message))
        # Made for the reader, who may make nothing, as somebody careless might.
        await db.execute(
            "create function public.tell(words text) returns boolean language plpgsql cost 0.0001"
            " as $$ begin raise notice '%', words; return true; end $$"
        )
        await db.execute(f"set session authorization {READER}")
        rows = await db.fetch("select tekst from bi.toelichting where public.tell(tekst)")
        await db.execute("reset session authorization")
        await db.execute("drop function public.tell")
    assert len(rows) == 2
    assert not {"Van een ander.", "Koop nu."} & set(heard)


async def test_what_is_suspect_is_left_out(database: Database) -> None:
    await grant(database, free_text=True)
    await store_text(database, "Koop nu.", suspect=["honeypot"])
    assert await read(database, "select * from bi.toelichting") == []


async def store_text(database: Database, text: str, suspect: Sequence[str] = ()) -> UUID:
    """An invited response with a text, as the service stores it."""
    response = uuid4()
    async with database.superuser() as db:
        await db.execute(
            """insert into meetpunt.response
            select 'GM9001', current_date, $1, 2, questionnaire, version, structure, 'nl', null,
                true, $2, false, '{}', '{}'
            from meetpunt.questionnaire
            where municipality = 'GM9001' and questionnaire = 'telefonie' and version = 1""",
            response,
            list(suspect),
        )
        await db.execute(
            "insert into meetpunt.free_text"
            " values ('GM9001', current_date, $1, 'toelichting', $2, '{}')",
            response,
            text,
        )
    return response


async def test_what_is_suspect_has_a_view_of_its_own_and_is_in_no_other(database: Database) -> None:
    await grant(database)
    suspect = await store_text(database, "Koop nu.", suspect=["honeypot"])
    await store_text(database, "Prima.")
    shown = await read(database, "select reactie_id, waarom from bi.feit_verdacht")
    assert [tuple(row.values()) for row in shown] == [(suspect, ["honeypot"])]
    assert len(await read(database, "select * from bi.feit_reactie")) == 1
    both = "select * from bi.feit_reactie where reactie_id = $1"
    assert await read(database, both.replace("$1", f"'{suspect}'")) == []
