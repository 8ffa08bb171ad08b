"""Responses, answers and texts as readers have them: what was kept of them, and nothing beside."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database, Serve
from tests.publishing import published, reading, reads, seen, tomorrow

pytestmark = pytest.mark.anyio

READER = "lezer_feiten"


async def show(database: Database, **row: Any) -> UUID:
    """A published response; what is left out is as where nothing of it was kept."""
    told: dict[str, Any] = {
        "municipality": "GM9001",
        "month": date(2026, 11, 1),
        "week": date(2026, 11, 23),
        "touchpoint": 2,
        "questionnaire": "telefonie",
        "version": 1,
        "complete": True,
        "suspect": [],
        "small_group": False,
        "dimensions": {},
        "answers": {"cijfer": 8},
    } | row
    told |= {name: json.dumps(told[name]) for name in ("dimensions", "answers")}
    async with database.connected("meetpunt_folder") as folder:
        told["structure"] = await folder.fetchval(
            "select structure from meetpunt.questionnaire where municipality = $1"
            " and questionnaire = $2 and version = $3",
            *(told[name] for name in ("municipality", "questionnaire", "version")),
        )
        places = ", ".join(f"${number}" for number in range(1, len(told) + 1))
        shown: UUID = await folder.fetchval(
            f"insert into lees.reactie ({', '.join(told)}) values ({places}) returning id",
            *told.values(),
        )
    return shown


async def write(database: Database, text: str, **row: Any) -> None:
    """A published text."""
    told: dict[str, Any] = {
        "municipality": "GM9001",
        "month": date(2026, 11, 1),
        "touchpoint": 2,
        "questionnaire": "telefonie",
        "item": "toelichting",
        "judgement": "laag",
        "small_group": False,
        "text": text,
        "masked": [],
    } | row
    async with database.connected("meetpunt_folder") as folder:
        places = ", ".join(f"${number}" for number in range(1, len(told) + 1))
        await folder.execute(
            f"insert into lees.tekst ({', '.join(told)}) values ({places})", *told.values()
        )


# --- Responses and answers -----------------------------------------------------------------------


async def test_a_response_shows_what_was_kept_of_it(database: Database) -> None:
    await reads(database, "molensloot", READER)
    await show(
        database,
        touchpoint=1,
        questionnaire="balie",
        day=date(2026, 11, 24),
        mode="kiosk",
        language="nl",
        dimensions={"product": "paspoort", "loket": "3"},
        small_group=True,
        complete=False,
    )
    (row,) = await seen(database, READER, "select * from feit_reactie")
    assert (row["gemeente_code"], row["kanaal"], row["meetpunt"]) == (
        "GM9001", "balie", "balie-hal",
    )  # fmt: skip
    assert (row["maand"], row["week"], row["datum"]) == (
        date(2026, 11, 1), date(2026, 11, 23), date(2026, 11, 24),
    )  # fmt: skip
    assert (row["afnamewijze"], row["taal"], row["volledig"]) == ("kiosk", "nl", False)
    # The touchpoint has a place of its own, which is no detail of the response.
    assert (row["product"], row["locatie"]) == ("paspoort", "hal")
    assert json.loads(row["kenmerken"]) == {"loket": "3"}
    assert (row["vragenlijst"], row["vragenlijst_versie"]) == ("balie", 1)
    assert row["kleine_groep"] is True
    details = await seen(database, READER, "select * from feit_kenmerk")
    assert [
        (each["reactie_id"], each["maand"], each["kenmerk"], each["waarde"]) for each in details
    ] == [(row["reactie_id"], date(2026, 11, 1), "loket", "3")]


async def test_what_was_not_kept_is_empty_and_the_row_still_counts_in_a_month_and_a_week(
    database: Database,
) -> None:
    await reads(database, "molensloot", READER)
    await show(database, dimensions={"loket": None})
    (row,) = await seen(database, READER, "select * from feit_reactie")
    empty = ("datum", "afnamewijze", "taal", "product", "locatie")
    assert [row[name] for name in empty] == [None] * 5
    assert (row["maand"], row["week"]) == (date(2026, 11, 1), date(2026, 11, 23))
    assert json.loads(row["kenmerken"]) == {"loket": None}
    assert await seen(database, READER, "select from feit_kenmerk") == []


async def test_a_place_that_was_not_kept_is_not_the_one_that_the_touchpoint_stands_for(
    database: Database,
) -> None:
    await reads(database, "molensloot", READER)
    await show(database, touchpoint=1, dimensions={"location": None})
    (row,) = await seen(database, READER, "select locatie, kenmerken from feit_reactie")
    assert (row["locatie"], json.loads(row["kenmerken"])) == (None, {})


async def test_who_came_to_another_place_of_a_touchpoint_is_not_counted_at_its_own(
    serve: Serve, database: Database, catalogue: Catalogue
) -> None:
    """Twelve at the desk in the hall, of whom eleven said nothing of where; three elsewhere."""
    await reads(database, "molensloot", READER)
    async with serve() as served:
        for location in [None] * 11 + ["hal"] + ["wijkpost"] * 3:
            token = served.token("molensloot/balie-hal")
            told = {"dimensions": {"location": location}} if location else {}
            assert (await served.post(served.body(token, **told))).status_code == 201
    assert await published(database, catalogue, at_once=False, now=tomorrow()) == 15
    rows = await seen(
        database, READER, "select locatie, count(*) from feit_reactie group by 1 order by 1"
    )
    places = {row["locatie"]: row["count"] for row in rows}
    assert places.get("hal", 0) <= 12
    assert places.get("wijkpost") is None
    assert sum(places.values()) == 15


async def test_an_answer_is_a_row_and_each_choice_of_several_is_one(database: Database) -> None:
    await reads(database, "molensloot", READER)
    shown = await show(
        database,
        day=date(2026, 11, 24),
        answers={"cijfer": 8, "geholpen": "nvt", "kiezen": ["a", "b"], "niets": []},
    )
    rows = await seen(database, READER, "select * from feit_antwoord order by vraag, code")
    assert {(row["reactie_id"], row["maand"], row["datum"]) for row in rows} == {
        (shown, date(2026, 11, 1), date(2026, 11, 24))
    }
    assert [(row["vraag"], row["waarde"], row["code"], row["nvt"]) for row in rows] == [
        ("cijfer", 8, None, False),
        ("geholpen", None, "nvt", True),
        ("kiezen", None, "a", False),
        ("kiezen", None, "b", False),
    ]
    assert {row["vraag"]: row["indicator"] for row in rows} == {
        "cijfer": "tevredenheid", "geholpen": "oplossing", "kiezen": None,
    }  # fmt: skip
    # One column joins an answer to its question, and another to what that measures.
    joined = await seen(
        database,
        READER,
        "select dim_item.vraag, dim_indicator.naam from feit_antwoord"
        " join dim_item using (vraag_sleutel) join dim_indicator"
        " on dim_indicator.indicator = dim_item.indicator order by 1",
    )
    assert [tuple(row) for row in joined] == [("cijfer", "Tevredenheid"), ("geholpen", "Oplossing")]
    keys = "select count(*), count(distinct vraag_sleutel) from dim_item"
    assert len({*(await seen(database, READER, keys))[0]}) == 1


async def test_what_is_suspect_has_a_view_of_its_own_and_is_in_no_other(database: Database) -> None:
    await reads(database, "molensloot", READER)
    suspect = await show(
        database, suspect=["honeypot"], answers={"cijfer": 1}, dimensions={"loket": "3"}
    )
    await show(database, dimensions={"loket": "3"})
    (row,) = await seen(database, READER, "select * from feit_verdacht")
    assert (row["reactie_id"], row["waarom"]) == (suspect, ["honeypot"])
    assert json.loads(row["antwoorden"]) == {"cijfer": 1}
    for view in ("feit_reactie", "feit_antwoord", "feit_kenmerk"):
        rows = await seen(database, READER, f"select reactie_id from {view}")
        assert len(rows) == 1
        assert rows[0]["reactie_id"] != suspect


@pytest.mark.parametrize("view", ["feit_reactie", "feit_verdacht", "feit_antwoord"])
async def test_no_response_has_an_hour_or_a_number_that_counts_up(
    database: Database, view: str
) -> None:
    columns = await columns_of(database, view)
    assert not columns.keys() & {"uur", "tijd", "moment", "nummer", "id"}
    finer = ("time", "interval", "xid", "tid", "bigint", "integer")
    assert not [name for name, kind in columns.items() if kind.startswith(finer)]


async def columns_of(database: Database, view: str) -> dict[str, str]:
    async with database.superuser() as db:
        rows = await db.fetch(
            "select column_name as name, data_type as type from information_schema.columns"
            " where table_schema = 'bi_molensloot' and table_name = $1",
            view,
        )
    return {row["name"]: row["type"] for row in rows}


# --- What residents wrote ------------------------------------------------------------------------


async def texts_of_three(database: Database) -> None:
    await write(database, "Lang gewacht.", judgement="midden", masked=["e-mail"], small_group=True)
    await write(database, "Niet teruggebeld.", judgement="")
    await write(database, "Van een ander.", municipality="GM9002", touchpoint=12)


async def test_a_text_shows_where_it_was_asked_and_in_which_month_it_appeared(
    database: Database,
) -> None:
    await reads(database, "molensloot", READER, free_text=True)
    await texts_of_three(database)
    rows = await seen(database, READER, "select * from toelichting order by tekst")
    assert [tuple(row.values()) for row in rows] == [
        ("GM9001", date(2026, 11, 1), "telefonie", "telefonie", "telefonie", "toelichting",
         "6 of 7", "Lang gewacht.", ["e-mail"], True, "", None),
        ("GM9001", date(2026, 11, 1), "telefonie", "telefonie", "telefonie", "toelichting",
         None, "Niet teruggebeld.", [], False, "", None),
    ]  # fmt: skip


async def test_texts_are_for_readers_with_that_right(database: Database) -> None:
    await texts_of_three(database)
    await reads(database, "molensloot", READER)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await seen(database, READER, "select * from toelichting")
    await reads(database, "molensloot", READER, free_text=True)
    assert len(await seen(database, READER, "select * from toelichting")) == 2
    # Granted again without it: taken away.
    await reads(database, "molensloot", READER)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await seen(database, READER, "select * from toelichting")


async def test_the_right_to_texts_of_one_municipality_is_no_right_to_those_of_another(
    database: Database,
) -> None:
    await texts_of_three(database)
    await reads(database, "molensloot", READER, free_text=True)
    await reads(database, "waterakker", READER)
    for view, count in (("bi_molensloot", 2), ("bi_waterakker", None)):
        async with reading(database, READER) as db:
            query = f"select * from {view}.toelichting"
            if count is None:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await db.fetch(query)
            else:
                assert len(await db.fetch(query)) == count


@pytest.mark.parametrize("role", ["meetpunt_owner", "meetpunt_ingest", "meetpunt_folder"])
async def test_the_service_and_the_owner_do_not_reach_the_view(
    database: Database, role: str
) -> None:
    await texts_of_three(database)
    async with database.connected(role) as db:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.fetch("select * from bi_molensloot.toelichting")


async def test_nothing_in_the_view_leads_back_to_one_response(database: Database) -> None:
    columns = await columns_of(database, "toelichting")
    assert "uuid" not in columns.values()
    assert [name for name, kind in columns.items() if kind == "date"] == ["maand"]
    forbidden = {"reactie_id", "uur", "week", "datum", "product", "locatie", "cijfer", "waarde"}
    assert not columns.keys() & (forbidden | {"kenmerken", "taal", "afnamewijze"})
