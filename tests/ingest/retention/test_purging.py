"""What is past its term is destroyed and recorded; what is not stays, and so do the figures."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from ingest.clock import ClockDoubted
from ingest.municipalities.retention import Retention
from ingest.retention.purging import hourly_purge, months_before, purge
from ingest.tasks.upkeep import Upkeep
from tests.conftest import Database

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)
TODAY = NOW.date()
SHORT = {"GM9001": Retention(free_text_months=6, responses_years=2)}


@pytest.fixture
async def folder(database: Database) -> AsyncIterator[asyncpg.Connection]:
    async with database.superuser() as db:
        await db.execute("truncate meetpunt.destruction_record")
    async with database.connected("meetpunt_folder") as db:
        yield db


async def a_response(
    database: Database, day: date, *, municipality: str = "GM9001", published: bool = True
) -> UUID:
    """One response of that day, with an answer, a text and a receipt."""
    id = uuid4()
    async with database.superuser() as db:
        await db.execute(
            """insert into meetpunt.response (municipality, day, id, touchpoint, questionnaire,
                version, structure, language, mode, complete, suspect, is_test, dimensions, answers)
            select $1, $3, $2, t.number, q.questionnaire, q.version, q.structure, 'nl', 'bericht',
                true, '{}', false, '{}', '{"cijfer": 8}'
            from meetpunt.touchpoint t join meetpunt.questionnaire q using (municipality)
            where t.municipality = $1 limit 1""",
            municipality,
            id,
            day,
        )
        await db.execute(
            "insert into meetpunt.receipt (municipality, week, id, content_code, complete)"
            " values ($1, $4, $2, $3, true)",
            municipality,
            id,
            bytes(32),
            day - timedelta(days=day.weekday()),
        )
        await db.execute(
            "insert into meetpunt.free_text (municipality, day, response_id, item, text, masked)"
            " values ($1, $2, $3, 'toelichting', 'Prima.', '{}')",
            municipality,
            day,
            id,
        )
        if not published:
            await db.execute(
                "insert into meetpunt.unpublished (municipality, day, response_id)"
                " values ($1, $2, $3)",
                municipality,
                day,
                id,
            )
    return id


async def look(database: Database, query: str, *arguments: Any) -> list[Any]:
    async with database.superuser() as db:
        return [tuple(row) for row in await db.fetch(query, *arguments)]


async def days_of(database: Database, table: str) -> list[date]:
    rows = await look(database, f"select * from meetpunt.{table}")
    return sorted(value for row in rows for value in row if isinstance(value, date))


def counts(destroyed: list[Any]) -> dict[str, int]:
    return {each.kind: each.rows for each in destroyed}


async def test_a_term_ends_at_its_day_and_not_before(
    folder: asyncpg.Connection, database: Database
) -> None:
    days = [
        date(2024, 9, 30),  # a month that is past two years
        date(2024, 10, 1),  # the month that the term ends in: kept whole
        date(2026, 4, 14),  # a day past six months
        date(2026, 4, 15),
        TODAY - timedelta(days=31),
        TODAY - timedelta(days=30),
        TODAY,
    ]
    for day in days:
        await a_response(database, day)
    destroyed = await purge(folder, SHORT, now=NOW)
    # The text of the oldest goes with its response.
    assert counts(destroyed) == {"receipt": 6, "free_text": 3, "response": 1}
    assert await days_of(database, "response") == days[1:]
    assert await days_of(database, "free_text") == days[3:]
    # Receipts go by the week, before any of it is older than 30 days.
    assert await days_of(database, "receipt") == [TODAY - timedelta(days=TODAY.weekday())]
    assert await look(database, "select * from meetpunt.purged_before") == [
        ("GM9001", date(2024, 10, 1))
    ]


async def test_a_municipality_that_sets_no_term_has_the_usual_one(
    folder: asyncpg.Connection, database: Database
) -> None:
    for municipality in ("GM9001", "GM9002"):
        await a_response(database, date(2022, 1, 1), municipality=municipality)
        await a_response(database, date(2021, 9, 30), municipality=municipality)
    destroyed = await purge(folder, SHORT, now=NOW)
    responses = {each.municipality: each.rows for each in destroyed if each.kind == "response"}
    assert responses == {"molensloot": 2, "waterakker": 1}
    assert await days_of(database, "response") == [date(2022, 1, 1)]


async def test_a_second_purge_finds_nothing(folder: asyncpg.Connection, database: Database) -> None:
    for _ in range(7):
        await a_response(database, date(2020, 1, 1))
    assert counts(await purge(folder, {}, now=NOW, batch_rows=2))["response"] == 7
    recorded = "select municipality, day, kind, rows from meetpunt.destruction_record order by kind"
    before = await look(database, recorded)
    assert before == [("GM9001", TODAY, kind, 7) for kind in ("free_text", "receipt", "response")]
    assert await purge(folder, {}, now=NOW, batch_rows=2) == []
    assert await look(database, recorded) == before


async def test_a_purge_that_was_broken_off_is_on_record_and_goes_on(
    folder: asyncpg.Connection, database: Database
) -> None:
    for _ in range(5):
        await a_response(database, date(2020, 1, 1))
    async with database.superuser() as db:
        await db.execute(
            """create function meetpunt.refuse() returns trigger language plpgsql as $$ begin
                if (select count(*) from meetpunt.free_text) <= 3 then raise 'enough'; end if;
                return null; end $$;
            create trigger refuse after delete on meetpunt.free_text
                for each statement execute function meetpunt.refuse()"""
        )
    try:
        with pytest.raises(asyncpg.RaiseError):
            await purge(folder, {}, now=NOW, batch_rows=1)
    finally:
        async with database.superuser() as db:
            await db.execute("drop function meetpunt.refuse() cascade")
    left = len(await days_of(database, "free_text"))
    rows = await look(
        database, "select rows from meetpunt.destruction_record where kind = 'free_text'"
    )
    assert rows == [(5 - left,)] == [(1,)]
    assert counts(await purge(folder, {}, now=NOW, batch_rows=1))["free_text"] == 4


async def test_what_waits_to_be_published_is_destroyed_with_its_response(
    folder: asyncpg.Connection, database: Database
) -> None:
    await a_response(database, date(2020, 1, 1), published=False)
    kept = await a_response(database, TODAY, published=False)
    assert counts(await purge(folder, {}, now=NOW))["response"] == 1
    for queue in ("response_id from meetpunt.unpublished", "id from meetpunt.response"):
        assert await look(database, f"select {queue}") == [(kept,)]


async def test_a_text_that_waits_in_its_response_is_destroyed_at_its_own_term(
    folder: asyncpg.Connection, database: Database
) -> None:
    id = await a_response(database, date(2026, 4, 14), published=False)
    assert counts(await purge(folder, SHORT, now=NOW)) == {"free_text": 1, "receipt": 1}
    assert await look(database, "select response_id from meetpunt.unpublished") == [(id,)]


async def test_figures_stay(folder: asyncpg.Connection, database: Database) -> None:
    await a_response(database, date(2020, 1, 6))
    figure = (
        "insert into lees.deelname (municipality, grain, period, channel, responses, complete)"
        " select municipality, 'week', '2020-01-06', 'balie', 1, 1"
        " from meetpunt.response returning 1"
    )
    assert await look(database, figure) == [(1,)]
    assert counts(await purge(folder, {}, now=NOW))["response"] == 1
    assert await look(database, "select responses from lees.deelname") == [(1,)]


async def test_permissions_go_once_nobody_can_use_them_any_more(
    folder: asyncpg.Connection, database: Database
) -> None:
    """`expires_on` is the day after the last one; a clock may be some minutes behind."""
    touchpoint = "select municipality, number from meetpunt.touchpoint order by number limit 1"
    code, number = (await look(database, touchpoint))[0]
    for seed, expires_on in enumerate((TODAY - timedelta(days=1), TODAY)):
        digest = bytes([seed]) * 32
        expired_at = datetime.combine(expires_on, time(), UTC) - timedelta(minutes=1)
        for table, columns, values in (
            ("spent_token", "id, expires_on", (digest[:16], expires_on)),
            (
                "invitation",
                "digest, touchpoint, expires_on, dimensions",
                (digest, number, expires_on, '{"product": "pas"}'),
            ),
            (
                "invitation_call",
                "key_digest, body_digest, touchpoint, expires_at",
                (digest, digest, number, expired_at),
            ),
        ):
            places = ", ".join(f"${place}" for place in range(2, len(values) + 2))
            insert = f"insert into meetpunt.{table} (municipality, {columns}) values ($1, {places})"
            await look(database, insert, code, *values)
    destroyed = await purge(folder, {}, now=NOW)
    assert counts(destroyed) == {"spent_token": 1, "invitation": 1, "invitation_call": 1}
    for table in ("spent_token", "invitation"):
        assert await look(database, f"select expires_on from meetpunt.{table}") == [(TODAY,)]
    # Issued without what expired is who answered.
    assert await look(database, "select * from meetpunt.invitation_count") == []


async def test_of_several_workers_one_purges_and_another_takes_over(
    folder: asyncpg.Connection, database: Database
) -> None:
    url = database.url("meetpunt_folder")
    workers = [Upkeep(url, [hourly_purge({})], look_seconds=0.05) for _ in range(3)]
    holding = (
        "select holder from meetpunt.task"
        " where name = 'purge' and holder is not null and last_ran is not null"
    )

    async def holders(others_than: set[UUID]) -> set[UUID]:
        async with asyncio.timeout(20):
            while True:
                found = {row[0] for row in await look(database, holding)}
                if found - others_than:
                    return found

    # Else a clock that is years after the only response is doubted.
    await look(database, "insert into meetpunt.purge_moment (at) values (now())")
    for worker in workers:
        await worker.start()
    try:
        first = await holders(set())
        (purging,) = (worker for worker in workers if {worker.holder} == first)
        await a_response(database, date(2020, 1, 1))
        await purging.close()
        (second,) = await holders(first)
        assert second in {worker.holder for worker in workers}
        async with asyncio.timeout(20):
            while await days_of(database, "response"):
                pass
    finally:
        for worker in workers:
            await worker.close()


async def test_the_hourly_purge_fails_in_a_sentence_while_the_clock_is_doubted(
    folder: asyncpg.Connection, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await a_response(database, date(2020, 1, 1))
    with pytest.raises(ClockDoubted):
        await hourly_purge({}).work(folder, uuid4())
    assert await days_of(database, "response") == [date(2020, 1, 1)]
    (line,) = caplog.records
    assert line.msg == "purge_refused"
    assert "meetpunt purge --clock-is-right" in line.__dict__["meetpunt"]["reason"]


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
        (date(2024, 2, 29), 60, date(2019, 2, 28)),
        (date(2026, 1, 31), 2, date(2025, 11, 30)),
    ],
)
def test_a_month_earlier_is_the_same_day_or_the_last(day: date, months: int, earlier: date) -> None:
    assert months_before(day, months) == earlier
