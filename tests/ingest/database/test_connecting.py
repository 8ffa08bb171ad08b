"""Several hosts in one URL: all at once, so that none uses up the time of another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest

from ingest.database.connecting import connect, urls_of_hosts
from tests.conftest import Database, Serve
from tests.cut_line import cut_line

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def black_hole() -> AsyncIterator[str]:
    """A place that takes connections and says nothing."""
    heard: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: heard.append(writer), "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in heard:
            writer.close()


def at(url: str, *places: str) -> str:
    """The URL with these hosts in front of its own."""
    who, _, own = urlsplit(url).netloc.rpartition("@")
    return urlsplit(url)._replace(netloc=f"{who}@{','.join([*places, own])}").geturl()


async def test_a_host_that_says_nothing_takes_no_time_of_the_next(database: Database) -> None:
    async with cut_line(database.ingest) as (_, url), black_hole() as hole:
        async with asyncio.timeout(5):
            db = await connect(at(url, hole), timeout=60)
        assert await db.fetchval("select current_user") == "meetpunt_ingest"
        await db.close()


async def test_who_refused_is_asked_again_while_another_says_nothing(
    own_database: Database,
) -> None:
    """As in a failover: who led has fallen silent, and who leads next does so in a moment."""
    reads = f'alter database "{own_database.name}" set default_transaction_read_only ='
    async with (
        own_database.superuser() as db,
        cut_line(own_database.ingest) as (_, url),
        black_hole() as hole,
        asyncio.timeout(5),
    ):
        await db.execute(f"{reads} on")
        connecting = asyncio.create_task(connect(at(url, hole), timeout=60))
        refused = "select count(*) from pg_stat_activity where usename = 'meetpunt_ingest'"
        while not await db.fetchval(refused):
            pass
        await db.execute(f"set transaction_read_only = off; {reads} off")
        await (await connecting).close()


async def test_who_was_not_taken_is_let_go(database: Database) -> None:
    async with cut_line(database.ingest) as (_, url):
        own = urlsplit(url).netloc.rpartition("@")[2]
        mine = {"server_settings": {"application_name": "one of three"}}
        db = await connect(at(url, own, own), timeout=10, **mine)
        async with asyncio.timeout(5):
            while await _connected(db) > 1:
                pass
        await db.close()


async def _connected(db: asyncpg.Connection) -> int:
    count: int = await db.fetchval(
        "select count(*) from pg_stat_activity where application_name = 'one of three'"
    )
    return count


async def test_a_server_that_only_reads_is_not_taken_unless_asked_for(
    own_database: Database,
) -> None:
    async with own_database.superuser() as db:
        await db.execute(
            f'alter database "{own_database.name}" set default_transaction_read_only = on'
        )
    async with cut_line(own_database.ingest) as (_, url):
        two = at(url, urlsplit(url).netloc.rpartition("@")[2])
        with pytest.raises(asyncpg.TargetServerAttributeNotMatched):
            await connect(two)
        for kind in ("any", "read-only", "prefer-standby"):
            await (await connect(f"{two}&target_session_attrs={kind}")).close()


async def test_what_is_told_is_what_says_most(database: Database) -> None:
    async with cut_line(database.ingest) as (_, url), black_hole() as hole:
        wrong = url.replace(urlsplit(url).password or "", "wrong")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await connect(at(wrong, hole, "127.0.0.1:1"), timeout=0.5)
        with pytest.raises(OSError):  # noqa: PT011 - refused, which says more than silence
            await connect(f"postgresql://somebody@127.0.0.1:1,{hole}/x", timeout=0.2)


async def test_a_service_starts_behind_a_black_hole(serve: Serve, database: Database) -> None:
    async with (
        cut_line(database.ingest) as (_, url),
        black_hole() as hole,
        asyncio.timeout(10),
        serve(url=at(url, hole)) as served,
    ):
        assert (await served.post(served.body(served.token()))).status_code == 201
        assert (await served.client.get("/readyz")).status_code == 200


def test_every_way_to_name_hosts_is_understood() -> None:
    assert urls_of_hosts("postgresql://u:p@a:1,[::1]:2,c/d?sslmode=require") == [
        "postgresql://u:p@a:1/d?sslmode=require",
        "postgresql://u:p@[::1]:2/d?sslmode=require",
        "postgresql://u:p@c/d?sslmode=require",
    ]
    assert urls_of_hosts("postgresql://u@/d?host=/a,/b&port=1,2") == [
        "postgresql://u@/d?host=%2Fa&port=1",
        "postgresql://u@/d?host=%2Fb&port=2",
    ]
    assert urls_of_hosts("postgresql://u@/d?host=a,b&port=5433") == [
        "postgresql://u@/d?host=a&port=5433",
        "postgresql://u@/d?host=b&port=5433",
    ]
    for one in ("postgresql://u@a/d", "postgresql://u@/d?host=/tmp&port=1"):
        assert urls_of_hosts(one) == [one]
    with pytest.raises(ValueError, match="one port"):
        urls_of_hosts("postgresql://u@/d?host=a,b,c&port=1,2")
