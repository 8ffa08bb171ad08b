"""`meetpunt purge` says what it destroyed, in words, as JSON and in the log."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Database
from tests.example import example_directory


def purge(
    database: Database, *arguments: str, exit_code: int = 0
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "purge", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        env=os.environ
        | {
            "MEETPUNT_DATABASE_URL": database.ingest,
            "MEETPUNT_FOLDER_URL": database.url("meetpunt_folder"),
            "MEETPUNT_CONFIG": str(example_directory()),
        },
    )
    assert done.returncode == exit_code, done.stderr
    return done


async def spend_tokens_long_ago(database: Database, count: int) -> None:
    async with database.superuser() as db:
        await db.execute("truncate meetpunt.destruction_record")
        await db.execute(
            "insert into meetpunt.spent_token select 'GM9001', uuid_send(gen_random_uuid()), day"
            " from generate_series(1, $1::integer), (values (date '2020-01-01')) as t (day)",
            count,
        )


def test_what_is_destroyed_is_told_and_a_second_time_there_is_nothing(database: Database) -> None:
    asyncio.run(spend_tokens_long_ago(database, 3))
    told = purge(database)
    assert told.stdout == "molensloot  spent_token  3\n"
    (line,) = map(json.loads, told.stderr.splitlines())
    assert (line["event"], line["municipality"], line["rows"]) == ("destroyed", "molensloot", 3)
    assert purge(database).stdout == "Nothing was past its term.\n"
    asyncio.run(spend_tokens_long_ago(database, 2))
    assert json.loads(purge(database, "--json").stdout) == {
        "destroyed": [{"municipality": "molensloot", "kind": "spent_token", "rows": 2}]
    }


async def last_purge_was(database: Database, days: int) -> None:
    async with database.superuser() as db:
        await db.execute(
            "insert into meetpunt.purge_moment (at) values (now() - make_interval(days => $1))",
            days,
        )


async def trail(database: Database) -> list[tuple[str, str]]:
    async with database.superuser() as db:
        rows = await db.fetch(
            "select outcome, object from meetpunt.audit where action = 'purge' order by at"
        )
    return [(row["outcome"], row["object"]) for row in rows]


@pytest.mark.long  # `make faults ARGS=clock` shows it in short every day
def test_a_clock_that_jumped_destroys_nothing_until_somebody_answers_for_it_once(
    database: Database,
) -> None:
    before = len(asyncio.run(trail(database)))
    asyncio.run(last_purge_was(database, 400))
    asyncio.run(spend_tokens_long_ago(database, 3))
    refused = purge(database, exit_code=1)
    assert refused.stdout == ""
    (sentence,) = refused.stderr.splitlines()
    assert sentence.startswith("Error: nothing is destroyed: ")
    assert "400 days after the last purge" in sentence
    assert purge(database, "--clock-is-right").stdout == "molensloot  spent_token  3\n"
    assert asyncio.run(trail(database))[before:] == [
        ("begun", "-"),
        ("refused", "-"),
        ("begun", "clock-is-right"),
        ("done", "3 rows by clock-is-right"),
    ]
    assert purge(database).stdout == "Nothing was past its term.\n"
