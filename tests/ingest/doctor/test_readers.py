"""What the doctor tells of readers that could take connections, disk or rest from the service."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from ingest.database.once import run_once
from ingest.database.room import needed
from ingest.doctor import readers
from ingest.doctor.findings import Finding, Mark
from ingest.doctor.sight import FOLDER, INGEST, OWNER
from tests.conftest import Database
from tests.ingest.doctor.looking import marks, seen, sentences, sight_of, told_of_settings
from tests.postgres import versions

pytestmark = pytest.mark.anyio

HAS_RESERVED = 16


@asynccontextmanager
async def reading(database: Database, options: str) -> AsyncIterator[asyncpg.Connection]:
    """While one login reads, with these options, and no other; gives a superuser."""
    async with database.superuser() as db:
        # Those of other tests are of the same server.
        others = [row["rolname"] for row in await db.fetch(_OTHERS)]
        for role in others:
            await db.execute(f"alter role {role} nologin")
        await db.execute(
            f"create role lezer_veel login {options} in role meetpunt_reads_bi_molensloot"
        )
        try:
            yield db
        finally:
            await db.execute("drop role lezer_veel")
            for role in others:
                await db.execute(f"alter role {role} login")


_OTHERS = r"""
    select quote_ident(rolname) as rolname from pg_roles
    where rolcanlogin and not rolsuper and rolname not like 'meetpunt\_%'
"""


async def told(database: Database) -> list[Finding]:
    return await seen(sight_of(database), readers.examine)


@pytest.mark.parametrize("postgres_version", versions())
async def test_nobody_who_reads_is_no_danger(database: Database) -> None:
    found = await told(database)
    assert marks(found) == [Mark.OK] * 3, sentences(found, Mark.LOOK)


async def test_where_nobody_reads_no_room_is_told(database: Database) -> None:
    async with unreserved(database), reading(database, "") as db:
        await db.execute("alter role lezer_veel nologin")
        first, *_ = await told(database)
    assert (first.mark, first.sentence) == (Mark.OK, "Nobody has rights as a reader yet.")


@pytest.mark.parametrize("postgres_version", [min(versions())])
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("", "No limit of connections has lezer_veel"),
        ("connection limit 180", "Readers may take 180 of 197 connections"),
    ],
)
async def test_readers_that_may_take_every_connection_are_told(
    database: Database, options: str, sentence: str
) -> None:
    async with unreserved(database), reading(database, options):
        assert sentence in sentences(await told(database), Mark.LOOK)


async def test_readers_with_room_beside_the_service_are_well(database: Database) -> None:
    async with unreserved(database), reading(database, "connection limit 20"):
        first, *_ = await told(database)
    assert first.mark is Mark.OK
    assert "room for 20 connections" in first.sentence


async def test_what_is_in_use_now_is_told_by_whose_it_is(database: Database) -> None:
    async with reading(database, "connection limit 20 password 'leest veel'"):
        reader = await asyncpg.connect(database.ingest, user="lezer_veel", password="leest veel")
        try:
            before = sentences(await told(database), Mark.OK)
        finally:
            await reader.close()
    (every, ours, readers_now) = map(int, _IN_USE.search(before).groups())  # type: ignore[union-attr]
    assert readers_now == 1
    assert every > ours >= len((INGEST, FOLDER, OWNER))


_IN_USE = re.compile(r"In use now: (\d+) of \d+ connections, (\d+) by the service and (\d+) by")


async def test_where_sessions_are_hidden_their_number_is_said_to_be_unseen(
    own_database: Database,
) -> None:
    async with own_database.superuser() as db:
        await run_once(db)
    by_service = await seen(sight_of(own_database, roles=(INGEST,)), readers.examine)
    assert "How many connections are in use now" in sentences(by_service, Mark.UNSEEN)
    by_owner = await seen(sight_of(own_database), readers.examine)
    assert "In use now: " in sentences(by_owner, Mark.OK)


async def test_a_service_that_finds_no_room_left_is_told(database: Database) -> None:
    sight = told_of_settings(sight_of(database), workers=64)
    looks = sentences(await seen(sight, readers.examine), Mark.LOOK)
    assert f"are left, and the service may need {needed(64, copies=2)} in all" in looks


@asynccontextmanager
async def unreserved(database: Database) -> AsyncIterator[None]:
    """While nothing is kept for the service: its roles may not use it, or there is none."""
    async with database.superuser() as db:
        there = db.get_server_version().major >= HAS_RESERVED
        was = there and await db.fetch(
            "select member::regrole::text as role from pg_auth_members"
            " where roleid = 'pg_use_reserved_connections'::regrole"
        )
        for row in was or []:
            await db.execute(f"revoke pg_use_reserved_connections from {row['role']}")
        try:
            yield
        finally:
            for row in was or []:
                await db.execute(f"grant pg_use_reserved_connections to {row['role']}")


async def test_a_reader_whose_sorts_nothing_limits_is_told(database: Database) -> None:
    async with reading(database, "connection limit 1") as db:
        assert "What lezer_veel sorts may fill the disk" in sentences(
            await told(database), Mark.LOOK
        )
        await db.execute("alter role lezer_veel set temp_file_limit = '1GB'")
        assert marks(await told(database)) == [Mark.OK] * 3
        await db.execute("alter role lezer_veel set temp_file_limit = -1")
        assert "may fill the disk" in sentences(await told(database), Mark.LOOK)
