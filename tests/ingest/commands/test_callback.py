"""`meetpunt callback`: who waits, the number once, and that somebody called."""

import asyncio
import json
from functools import partial
from uuid import uuid4

import pytest

from ingest.callbacks.sealing import ToCall, sealing_of
from ingest.clock import today_here
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.calling_back import a_row, kept
from tests.conftest import Database
from tests.ingest.commands.conftest import type_of_run

NUMBER = "+31612345678"


@pytest.fixture
def run(run: type_of_run, database: Database) -> type_of_run:
    """The same, and as the role that opens them too."""
    return partial(run, MEETPUNT_WORK_URL=database.url("meetpunt_work"))


def waiting(database: Database, keys: Keys, *, moment: str = "ochtend") -> str:
    """The id of somebody who asked for it at molensloot/telefonie today."""
    id, wanted = uuid4(), ToCall(number=NUMBER, moment=moment, language="pl")  # type: ignore[arg-type]

    async def store() -> None:
        async with database.connected("meetpunt_ingest") as db:
            await db.execute(
                "insert into meetpunt.callback (municipality, id, touchpoint, day, sealed)"
                " values ('GM9001', $1, 2, $2, $3)",
                id,
                today_here(),
                sealing_of(derived_keys(keys)).seal("GM9001", id, wanted),
            )

    asyncio.run(store())
    return str(id)


def trail(run: type_of_run) -> list[tuple[str, str]]:
    lines = json.loads(run("audit", "--json", "--action", "open-callback").stdout)
    return [(line["object"], line["outcome"]) for line in lines]


def test_a_number_is_shown_once_and_that_is_on_record_without_it(
    database: Database, keys: Keys, run: type_of_run
) -> None:
    id = waiting(database, keys)
    assert run("callback", "list").output == (
        f"{today_here()}  {id}  molensloot/telefonie  nieuw  14 days left  in the morning  pl\n"
    )
    assert run("callback", "open", id).output == f"{NUMBER}  in the morning  pl\n"
    (row,) = asyncio.run(kept(database))
    assert (row["state"], row["sealed"]) == ("geopend", None)
    again = run("callback", "open", id, exit_code=1).output
    assert f"nobody waits under {id}" in again
    assert trail(run) == [(id, "done"), (id, "refused")]
    assert NUMBER not in run("audit").output
    assert run("callback", "list", "molensloot").output.endswith("geopend  14 days left\n")
    for _ in ("once", "again"):
        assert run("callback", "done", id).output == f"Done: {id}.\n"
    assert [row["state"] for row in asyncio.run(kept(database))] == ["afgehandeld"]
    assert "nobody waits" in run("callback", "open", id, exit_code=1).output


def test_all_that_a_program_filled_in_at_a_touchpoint_are_ended_at_once_and_on_record(
    database: Database, keys: Keys, run: type_of_run
) -> None:
    for _ in range(3):
        waiting(database, keys)
    opened = waiting(database, keys)
    run("callback", "open", opened)
    where = ("callback", "clear", "molensloot/telefonie")
    assert run(*where, "--yes", "--day", "2020-01-01").output == "Ended: 0.\n"
    assert "Nobody of molensloot/telefonie" in run(*where, exit_code=1).output
    assert run(*where, "--yes").output == "Ended: 3.\n"
    rows = asyncio.run(kept(database))
    assert sorted(row["state"] for row in rows) == ["afgehandeld"] * 3 + ["geopend"]
    assert [row["sealed"] for row in rows] == [None] * 4
    lines = json.loads(run("audit", "--json", "--action", "clear-callbacks").stdout)
    assert [line["object"] for line in lines] == [
        "molensloot/telefonie, 0",
        "molensloot/telefonie, 3",
    ]
    assert "there is no touchpoint" in run("callback", "clear", "molensloot/x", exit_code=1).output


def test_who_waits_stands_first_and_only_of_the_municipality_that_is_named(
    database: Database, run: type_of_run
) -> None:
    async def rows() -> tuple[str, ...]:
        return (
            await a_row(database, days_ago=13, state="afgehandeld"),
            await a_row(database, days_ago=1),
            await a_row(database, days_ago=15),
            await a_row(database, municipality="GM9002"),
        )

    done, one, over, elsewhere = asyncio.run(rows())
    told = run("callback", "list", "molensloot").output.splitlines()
    assert [line.split()[1] for line in told] == [over, one, done]
    # Nothing that tests put in the seal's place opens.
    assert told[0].endswith("gone tomorrow  sealed with other keys")
    assert told[2].endswith("1 day left")
    assert [line.split()[1] for line in run("callback", "list").output.splitlines()] == [
        *(over, one, elsewhere, done)
    ]
    assert run("callback", "list", "rietbroek").output == "Nobody asked to be called.\n"


def test_what_cannot_be_opened_stays_as_it_is(
    database: Database, keys: Keys, run: type_of_run
) -> None:
    id = asyncio.run(a_row(database))
    assert "sealed with other keys" in run("callback", "open", id, exit_code=1).output
    assert f"nobody opened {id} yet" in run("callback", "done", id, exit_code=1).output
    assert [row["state"] for row in asyncio.run(kept(database))] == ["nieuw"]
    unknown = str(uuid4())
    assert "there is none" in run("callback", "done", unknown, exit_code=1).output
    assert trail(run) == [(id, "refused")]
    run("callback", "open", "geen-id", exit_code=2)


def test_where_it_cannot_be_noted_no_number_is_shown(
    own_database: Database, keys: Keys, run: type_of_run
) -> None:
    id = waiting(own_database, keys)

    async def unnoted() -> None:
        async with own_database.superuser() as db:
            await db.execute("alter function meetpunt.note_deed rename to note_deed_elsewhere")

    asyncio.run(unnoted())
    url = own_database.url("meetpunt_work")
    told = run("callback", "open", id, exit_code=1, MEETPUNT_WORK_URL=url).output
    assert "run 'meetpunt migrate' first" in told
    assert NUMBER not in told
    assert [row["state"] for row in asyncio.run(kept(own_database))] == ["nieuw"]


def test_another_role_than_that_of_who_calls_opens_nothing(
    database: Database, keys: Keys, run: type_of_run
) -> None:
    id = waiting(database, keys)
    told = run("callback", "open", id, exit_code=1, MEETPUNT_WORK_URL=database.ingest).output
    assert "it has to be role meetpunt_work" in told
