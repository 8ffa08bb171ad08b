"""How the demo publishes: at once, and it does not write every second while nothing comes in."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.plan import plan_of
from ingest.reporting.upkeep import look
from tests.conftest import Database, Serve, Served
from tests.publishing import reads, seen

pytestmark = pytest.mark.anyio

NOW = datetime.now(UTC)
ROLE = "lezer_at_once"


async def looked(database: Database, catalogue: Catalogue, seconds: int) -> tuple[int, datetime]:
    """Look that many seconds later; the rows that its reader sees, and of what moment they are."""
    async with database.connected("meetpunt_folder") as folder:
        plan = plan_of(catalogue, at_once=True)
        await look(folder, plan, now=NOW + timedelta(seconds=seconds))
    (row,) = await seen(
        database,
        ROLE,
        "select (select count(*) from feit_reactie) as rows, max(peilmoment) as at from stand",
    )
    return row["rows"], row["at"]


async def answer(served: Served) -> None:
    assert (await served.post(served.body(served.token()))).status_code == 201


async def test_one_response_is_readable_at_the_next_look(
    serve: Serve, catalogue: Catalogue
) -> None:
    async with serve() as served:
        await reads(served.database, "molensloot", ROLE)
        assert await looked(served.database, catalogue, 0) == (0, NOW)
        await answer(served)
        later = NOW + timedelta(seconds=1)
        assert await looked(served.database, catalogue, 1) == (1, later)


async def test_while_nothing_comes_in_the_moment_moves_once_a_minute(
    database: Database, catalogue: Catalogue
) -> None:
    await reads(database, "molensloot", ROLE)
    assert await looked(database, catalogue, 0) == (0, NOW)
    assert await looked(database, catalogue, 1) == (0, NOW)
    assert await looked(database, catalogue, 59) == (0, NOW)
    assert await looked(database, catalogue, 60) == (0, NOW + timedelta(minutes=1))


async def test_what_is_left_halfway_is_readable_the_next_day(
    serve: Serve, catalogue: Catalogue
) -> None:
    async with serve() as served:
        await reads(served.database, "molensloot", ROLE)
        token = served.token("molensloot/online", "embed")
        body = served.body(token, "molensloot/online", complete=False)
        assert (await served.post(body)).status_code == 201
        rows, _ = await looked(served.database, catalogue, 0)
        assert rows == 0
        rows, _ = await looked(served.database, catalogue, 86_400 + 1_200)
        assert rows == 1
