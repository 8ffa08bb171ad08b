"""The service publishes by itself, tells how far it is, and goes on after losing its connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from math import isnan

import msgspec
import pytest

from ingest.clock import today_here
from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.plan import plan_of
from ingest.reporting.upkeep import look, publishing
from ingest.running import metrics
from ingest.tasks.upkeep import Upkeep
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    MONDAY,
    many,
    morning_after,
    readable,
    rows,
    store,
    waiting_in_queue,
)

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def published_beside(database: Database, catalogue: Catalogue) -> AsyncIterator[None]:
    """The task of the demo, a little more often."""
    task = publishing(plan_of(catalogue, at_once=True))
    often = msgspec.structs.replace(task, seconds=0.05)
    upkeep = Upkeep(
        database.url("meetpunt_folder"), [often], look_seconds=0.05, pauses_seconds=(0.05,)
    )
    await upkeep.start()
    try:
        async with asyncio.timeout(20):
            yield
    finally:
        await upkeep.close()


async def test_the_service_publishes_by_itself_and_again_after_losing_its_connection(
    database: Database, catalogue: Catalogue
) -> None:
    today = today_here()
    async with published_beside(database, catalogue):
        for _ in range(2):
            await store(database, many(20, catalogue, day=today))
            while await waiting_in_queue(database):
                pass
            cut = await rows(
                database,
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'meetpunt publish' and datname = current_database()",
            )
            assert cut == [(True,)]
    assert await readable(database) == [(40,)]
    # What waits, another copy of the service may know from here.
    assert isnan(metrics.unpublished_rows._value.get())


async def test_the_task_looks_when_it_is_time_and_not_each_time_it_runs(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(10, catalogue))
    plan = plan_of(catalogue)
    async with database.connected("meetpunt_folder") as db:
        await look(db, plan, now=morning_after())
        assert await readable(database) == [(10,)]
        await store(database, many(10, catalogue))
        await look(db, plan, now=morning_after())
    assert await readable(database) == [(10,)]


async def test_operators_see_how_much_waits_and_how_much_was_published(
    database: Database, catalogue: Catalogue
) -> None:
    def shown(name: str) -> float:
        value = metrics.REGISTRY.get_sample_value(name)
        assert value is not None
        return value

    before = shown("published_rows_total")
    await store(database, [*many(10, catalogue), *many(4, catalogue, suspect="too-quick")])
    async with database.connected("meetpunt_folder") as db:
        await look(db, plan_of(catalogue), now=morning_after(MONDAY))
    assert shown("published_rows_total") - before == 10
    assert shown("unpublished_rows") == 4


async def test_a_look_tells_the_region_what_followed_from_it(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(12, catalogue))
    async with database.connected("meetpunt_folder") as db:
        await look(db, plan_of(catalogue), now=datetime(2026, 12, 7, 12, tzinfo=UTC))
        assert not await rows(database, "select * from lees.gepubliceerd")
        await look(db, plan_of(catalogue), now=datetime(2026, 12, 8, 12, tzinfo=UTC))
    assert await rows(database, "select distinct period, n from lees.gepubliceerd") == [
        (MONDAY.replace(day=1), 12)
    ]
