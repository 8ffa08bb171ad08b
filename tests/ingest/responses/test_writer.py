"""Group commit: together when many wait, at once when idle, and one bad row harms no other."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.responses.statements import NewResponse
from ingest.responses.writer import ResponseUnstorable, TokenSpent, Writer, WriterUnavailable
from tests.conftest import Database
from tests.log_lines import lines_of

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def writing(database: Database, **options: Any) -> AsyncIterator[Writer]:
    writer = Writer(lambda: asyncpg.connect(database.ingest), **options)
    await writer.start()
    try:
        yield writer
    finally:
        await writer.close()


def response(catalogue: Catalogue, **changes: Any) -> NewResponse:
    touchpoint = catalogue.touchpoint("molensloot", "balie-hal")
    questionnaire = catalogue.questionnaire(touchpoint)
    fields: dict[str, Any] = {
        "municipality": "GM9001",
        "id": uuid4(),
        "touchpoint": touchpoint.number,
        "questionnaire": questionnaire.code,
        "version": questionnaire.version,
        "structure": questionnaire.structure,
        "language": "nl",
        "day": date(2026, 11, 21),
        "hour": 10,
        "mode": "link",
        "complete": True,
        "suspect": "",
        "is_test": False,
        "dimensions": "{}",
        "content_code": bytes(32),
        "answers": '{"cijfer":8}',
        "texts": "[]",
        "invitation": None,
        "token_id": uuid4().bytes,
        "token_expires_on": date(2026, 11, 22),
    }
    return NewResponse(**(fields | changes))


async def stored_ids(database: Database) -> set[UUID]:
    async with database.superuser() as db:
        rows = await db.fetch("select id from meetpunt.response")
    return {row["id"] for row in rows}


async def outcomes(writer: Writer, *responses: NewResponse) -> list[Any]:
    waiting = [writer.store(response) for response in responses]
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_one_bad_row_never_takes_its_batch_along(
    database: Database, catalogue: Catalogue
) -> None:
    good = [response(catalogue) for _ in range(5)]
    bad = [
        response(catalogue, answers='{"cijfer":99}'),
        response(catalogue, municipality="GM9001", touchpoint=4242),
        response(catalogue, language="not a language"),
        response(catalogue, mode="by pigeon"),
    ]
    async with writing(database) as writer:
        told = await outcomes(writer, *good[:3], *bad, *good[3:])
    assert [type(outcome) for outcome in told[3:7]] == [ResponseUnstorable] * 4
    assert [outcome for outcome in told if not isinstance(outcome, Exception)] == [None] * 5
    assert await stored_ids(database) == {row.id for row in good}


async def test_a_refused_response_leaves_its_permission(
    database: Database, catalogue: Catalogue
) -> None:
    token_id = uuid4().bytes
    bad = response(catalogue, answers='{"cijfer":99}', token_id=token_id)
    async with writing(database) as writer:
        await outcomes(writer, bad)
        assert await outcomes(writer, response(catalogue, token_id=token_id)) == [None]


async def test_two_with_one_permission_in_one_batch_store_one(
    database: Database, catalogue: Catalogue
) -> None:
    token_id = uuid4().bytes
    async with writing(database) as writer:
        told = await outcomes(writer, *(response(catalogue, token_id=token_id) for _ in range(10)))
    assert told.count(None) == 1
    assert sum(isinstance(outcome, TokenSpent) for outcome in told) == 9


async def test_what_arrives_while_a_batch_is_on_its_way_goes_with_the_next(
    database: Database, catalogue: Catalogue
) -> None:
    async with writing(database, largest_batch=8) as writer:
        for _ in range(20):  # the gap between an empty queue and rest, twenty times
            assert await outcomes(writer, *(response(catalogue) for _ in range(17))) == [None] * 17
    assert len(await stored_ids(database)) == 340


async def test_a_crowd_on_one_permission_does_not_fill_the_queue(
    database: Database, catalogue: Catalogue
) -> None:
    token_id = uuid4().bytes
    async with writing(database) as writer:
        waiting = [writer.store(response(catalogue, token_id=token_id)) for _ in range(128)]
        with pytest.raises(WriterUnavailable, match="permission-crowded"):
            writer.store(response(catalogue, token_id=token_id))
        assert await outcomes(writer, response(catalogue)) == [None]
        told = await asyncio.gather(*waiting, return_exceptions=True)
        assert told.count(None) == 1
        (late,) = await outcomes(writer, response(catalogue, token_id=token_id))
        assert isinstance(late, TokenSpent)


async def test_a_full_queue_refuses_at_once(database: Database, catalogue: Catalogue) -> None:
    async with writing(database, queue_rows=3) as writer:
        waiting = [writer.store(response(catalogue)) for _ in range(3)]
        with pytest.raises(WriterUnavailable, match="queue-full"):
            writer.store(response(catalogue))
        await asyncio.gather(*waiting)
    assert len(await stored_ids(database)) == 3


async def test_a_lost_connection_promises_nothing_and_comes_back_by_itself(
    database: Database, catalogue: Catalogue
) -> None:
    lost = response(catalogue)
    # So long that it is not back before it is asked, also on a machine that is busy.
    async with writing(database, reconnect_seconds=0.5) as writer:
        async with database.superuser() as db:
            await db.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where usename = 'meetpunt_ingest' and datname = current_database()"
            )
            (told,) = await outcomes_until_refused(writer, lost)
        assert isinstance(told, WriterUnavailable)
        while not writer.connected:  # noqa: ASYNC110 - the writer tells nobody when it is back
            await asyncio.sleep(0)
        assert await outcomes(writer, lost) == [None]
    assert await stored_ids(database) == {lost.id}


async def outcomes_until_refused(writer: Writer, row: NewResponse) -> list[Any]:
    try:
        return await outcomes(writer, row)
    except WriterUnavailable as refused:
        return [refused]


async def test_without_a_database_it_refuses_at_once(catalogue: Catalogue) -> None:
    async def nowhere() -> asyncpg.Connection:
        raise ConnectionRefusedError

    writer = Writer(nowhere)
    await writer.start()
    with pytest.raises(WriterUnavailable, match="database-away"):
        writer.store(response(catalogue))
    await writer.close()


async def test_closing_stores_what_waits(database: Database, catalogue: Catalogue) -> None:
    async with writing(database, largest_batch=2) as writer:
        waiting = [writer.store(response(catalogue)) for _ in range(9)]
    assert all(done.result() is None for done in waiting)
    assert len(await stored_ids(database)) == 9


async def test_a_connection_lost_while_idle_is_told_and_made_anew_unasked(
    database: Database, catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    """Or /readyz would keep responses away for ever, and only a response would bring it back."""
    caplog.set_level(logging.INFO, "meetpunt")
    made = asyncio.Queue[asyncpg.Connection]()

    async def connect() -> asyncpg.Connection:
        connection = await asyncpg.connect(database.ingest)
        made.put_nowait(connection)
        return connection

    writer = Writer(connect)
    await writer.start()
    try:
        first = await made.get()
        async with database.superuser() as db:
            await db.execute("select pg_terminate_backend($1)", first.get_server_pid())
        async with asyncio.timeout(10):
            await made.get()
            while not writer.connected:  # noqa: ASYNC110 - the writer tells nobody when it is back
                await asyncio.sleep(0)
        await writer.store(response(catalogue))
    finally:
        await writer.close()
        await asyncio.sleep(0)  # the closed connection tells its listeners in the loop's next turn
    told = lines_of(caplog)
    # Once when it is lost, once when it is back; nothing when we close it ourselves.
    assert [line["event"] for line in told] == ["database_lost", "database_back"]
    assert told[0]["reason"] == "connection-closed"


async def test_why_no_connection_is_to_be_had_is_told_by_its_own_name(
    own_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """One line for each reason, and none for each try."""
    caplog.set_level(logging.INFO, "meetpunt")

    def told() -> list[tuple[str, str | None]]:
        return [(line["event"], line.get("reason")) for line in lines_of(caplog)]

    async with writing(own_database, reconnect_seconds=0.001) as writer:
        async with own_database.superuser() as db:
            try:
                for closed, reason in (
                    ("nologin", "role-refused"),
                    ("login connection limit 0", "too-many-connections"),
                ):
                    await db.execute(f"alter role meetpunt_ingest {closed}")
                    await db.execute(_END_SESSIONS)
                    async with asyncio.timeout(10):
                        while writer.why_not != reason:  # noqa: ASYNC110 - it tells nobody
                            await asyncio.sleep(0)
            finally:
                await db.execute("alter role meetpunt_ingest login connection limit -1")
        async with asyncio.timeout(10):
            while writer.why_not:  # noqa: ASYNC110
                await asyncio.sleep(0)
    assert told() == [
        ("database_lost", "connection-closed"),
        ("database_away", "role-refused"),
        ("database_away", "too-many-connections"),
        ("database_back", None),
    ]


async def test_the_log_calls_a_full_disk_as_readyz_does(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with writing(database) as writer:
        writer.doubt(asyncpg.DiskFullError("no space left"))
        assert writer.why_not == "disk-full"
    assert lines_of(caplog)[0]["reason"] == "disk-full"


_END_SESSIONS = """
    select pg_terminate_backend(pid) from pg_stat_activity where usename = 'meetpunt_ingest'
        and datname = current_database()
"""


async def test_marks_come_at_moments_of_their_own_also_while_responses_are_stored(
    database: Database, catalogue: Catalogue
) -> None:
    # A reader can see transactions: a rhythm that begins anew with each response would tell when
    # it came.
    marks = 0
    marked = asyncio.Event()

    def hear(asked: asyncpg.connection.LoggedQuery) -> None:
        nonlocal marks
        marks += asked.query.startswith("/* prove */")
        if marks >= 3:
            marked.set()

    async def connect() -> asyncpg.Connection:
        db = await asyncpg.connect(database.ingest)
        db.add_query_logger(hear)
        return db

    writer = Writer(connect, quiet_seconds=0.05)
    await writer.start()
    try:
        async with asyncio.timeout(30):
            while not marked.is_set():
                await writer.store(response(catalogue))
    finally:
        await writer.close()
