"""Who wanted to be called is gone after fourteen days, and those whom nobody called are counted."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.retention.purging import purge
from tests.calling_back import a_row, kept
from tests.conftest import Database

pytestmark = pytest.mark.anyio


async def test_it_goes_after_fourteen_days_whatever_its_state_and_a_broken_promise_is_counted(
    database: Database,
) -> None:
    async with database.superuser() as db:
        await db.execute("truncate meetpunt.destruction_record")
    stays = [await a_row(database, days_ago=days) for days in (0, 1, 14)]
    stays.append(await a_row(database, days_ago=14, state="geopend"))
    for state in ("nieuw", "nieuw", "geopend", "afgehandeld"):
        await a_row(database, days_ago=15, state=state)
    await a_row(database, days_ago=40, municipality="GM9002")
    now = datetime.now(UTC)
    async with database.connected("meetpunt_folder") as folder:
        destroyed = await purge(folder, {}, now=now, batch_rows=1)
        assert {(each.municipality, each.kind): each.rows for each in destroyed} == {
            ("molensloot", "callback_unopened"): 2,
            ("molensloot", "callback"): 2,
            ("waterakker", "callback_unopened"): 1,
        }
        rows = {str(row["id"]): row["mixed"] for row in await kept(database)}
        # Those of today are mixed when their day is over, and each once.
        assert rows == {id: id != stays[0] for id in stays}
        before = await transactions(database)
        await purge(folder, {}, now=now)
        assert await transactions(database) == before
        await purge(folder, {}, now=now + timedelta(days=1))
        assert len(set((await transactions(database)).values())) == 2
        assert (await transactions(database)).keys() < before.keys()


async def transactions(database: Database) -> dict[str, str]:
    async with database.superuser() as db:
        rows = await db.fetch("select id::text, xmin::text as number from meetpunt.callback")
    return {row["id"]: row["number"] for row in rows}
