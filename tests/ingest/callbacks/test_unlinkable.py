"""Nobody can lead from who wants to be called to what they answered, once that day is over.

An attacker here has everything: every row with its hidden columns, and who is behind each number.
Everybody answered, and asked to be called right after it, so an order or a transaction that is left
anywhere finds all of them.
"""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from ingest.callbacks.sealing import sealing_of
from ingest.retention.purging import purge
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.calling_back import PATH, sent
from tests.conftest import Database, Serve, Served

pytestmark = pytest.mark.anyio

RESIDENTS = 60


async def answer_and_ask(served: Served, keys: Keys) -> dict[UUID, str]:
    """One after another: the id of who wants to be called to that of what they answered."""
    by_number = {}
    for n in range(RESIDENTS):
        number = f"+3161000{n:04}"
        body = served.body(served.token(PATH), PATH)
        assert (await served.post(body)).status_code == 201
        assert (await sent(served, tel=number)).status_code == 303
        by_number[number] = str(served.stored_id(body["responseId"]))
    sealing = sealing_of(derived_keys(keys))
    async with served.database.superuser() as db:
        rows = await db.fetch("select municipality, id, sealed from meetpunt.callback")
    return {row["id"]: by_number[sealing.open(*row).number] for row in rows}


async def rows_of(db: asyncpg.Connection, table: str) -> list[dict[str, Any]]:
    """In the order in which they lie."""
    rows = await db.fetch(
        f"select xmin::text::bigint as xmin, t.* from meetpunt.{table} t order by t.ctid"
    )
    return [dict(row) for row in rows]


async def guesses(database: Database) -> dict[str, dict[UUID, str]]:
    """For each way: which answer each of them is said to have given."""
    async with database.superuser() as db:
        callbacks = await rows_of(db, "callback")
        responses = await rows_of(db, "response")
        spent = await rows_of(db, "spent_token")
    by_transaction = {row["xmin"]: row for row in spent}
    found: dict[str, dict[UUID, str]] = {"order": {}, "transaction": {}, "token": {}, "value": {}}
    for place, row in enumerate(callbacks):
        found["order"][row["id"]] = str(responses[place]["id"])
        # Who asked did so right after they answered.
        before = [each for each in responses if each["xmin"] < row["xmin"]]
        found["transaction"][row["id"]] = str(max(before, key=lambda each: each["xmin"])["id"])
        held = {value for value in row.values() if isinstance(value, UUID | bytes)}
        for way, other in (("token", by_transaction.get(row["xmin"])), ("value", row)):
            values = {*held, *(other or {}).values()} if way == "token" else held
            for each in responses:
                if each["xmin"] == row["xmin"] or values & {each["id"], each["id"].bytes}:
                    found[way][row["id"]] = str(each["id"])
    return found


def hits(guess: dict[UUID, str], truth: dict[UUID, str]) -> int:
    return sum(truth[known] == said for known, said in guess.items())


async def test_once_the_day_is_over_no_join_does_better_than_chance_and_before_each_does(
    serve: Serve, keys: Keys
) -> None:
    # Every look at the clock is half an hour later: nobody has to wait.
    async with serve(clock=count(step=1800).__next__) as served:
        truth = await answer_and_ask(served, keys)
        control = await guesses(served.database)
        assert hits(control["order"], truth) == RESIDENTS
        assert hits(control["transaction"], truth) == RESIDENTS
        assert control["token"] == control["value"] == {}
        async with served.database.connected("meetpunt_folder") as folder:
            await purge(folder, {}, now=datetime.now(UTC) + timedelta(days=1))
        for way, guess in (await guesses(served.database)).items():
            # Of 60 blind guesses one is right on average; six or more happen once in 1,500 tries.
            assert hits(guess, truth) <= 5, way
        async with served.database.superuser() as db:
            lie = [row["id"] for row in await rows_of(db, "callback")]
            assert lie == sorted(lie), "as their random ids lie"
            assert (
                await db.fetchval("select count(distinct xmin::text) from meetpunt.callback") == 1
            )


# What each role may see of it.


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("meetpunt_ingest", "select sealed from meetpunt.callback"),
        ("meetpunt_ingest", "select id from meetpunt.callback"),
        ("meetpunt_ingest", "update meetpunt.callback set state = 'geopend'"),
        ("meetpunt_ingest", "delete from meetpunt.callback"),
        ("meetpunt_folder", "select sealed from meetpunt.callback"),
        ("meetpunt_folder", "select xmin from meetpunt.callback"),
        ("meetpunt_folder", "update meetpunt.callback set sealed = null"),
        ("meetpunt_work", "select xmin from meetpunt.callback"),
        ("meetpunt_work", "select answers from meetpunt.response"),
        ("meetpunt_work", "select id from meetpunt.spent_token"),
        ("meetpunt_work", "delete from meetpunt.callback"),
        # What was opened is never sealed again.
        ("meetpunt_work", "update meetpunt.callback set state = 'nieuw', sealed = 'x'"),
    ],
)
async def test_no_role_of_the_service_sees_both_a_number_and_an_answer(
    database: Database, role: str, statement: str
) -> None:
    async with database.superuser() as db:
        await db.execute(
            "insert into meetpunt.callback (municipality, id, touchpoint, day, sealed)"
            " values ('GM9001', gen_random_uuid(), 2, current_date, 'x')"
        )
    async with database.connected(role) as db:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute(statement)
