"""The figures of the start page are those of the views, and its reader's."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.demo.figures import Figures, read_figures
from ingest.demo.filling import fill
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.publishing import published, reading, reads

pytestmark = pytest.mark.anyio

ROLE = "lezer_figures"


async def read(database: Database, query: str | None = None) -> Any:
    """The figures, or the answer to a query, as a reader of Molensloot."""
    async with reading(database, ROLE) as db:
        return await (read_figures(db) if query is None else db.fetchval(query))


async def prepared(database: Database, catalogue: Catalogue, *, filled: bool = True) -> None:
    await reads(database, "molensloot", ROLE)
    if filled:
        async with database.connected("meetpunt_ingest") as db:
            await fill(db, catalogue, today=datetime.now(UTC).date())
        await published(database, catalogue)


async def test_what_is_drawn_is_what_the_views_say(
    database: Database, catalogue: Catalogue
) -> None:
    await prepared(database, catalogue)
    figures: Figures = await read(database)
    drawn = [channel for channel in figures.channels if channel.drawn]
    assert {"balie", "telefonie", "online"} <= {channel.channel for channel in drawn}
    for channel in drawn:
        assert len(channel.months) == 13
        for month in channel.months:
            where = (
                f"where kanaal = '{channel.channel}' and indicator = 'tevredenheid'"
                f" and maand = '{month.month}'"
            )
            view = f"from indicator_per_maand {where}"
            if month.n:
                assert month.n == await read(database, f"select n {view}")
            if month.mean is not None and month.low is not None and month.high is not None:
                assert month.n >= 10
                assert month.mean == float(await read(database, f"select gemiddelde {view}"))
                assert 1 <= month.low <= month.mean <= month.high <= 10
                assert sum(month.given or ()) == month.n


async def test_the_region_is_of_the_last_month_that_is_over(
    database: Database, catalogue: Catalogue
) -> None:
    await prepared(database, catalogue)
    figures: Figures = await read(database)
    latest = await read(database, "select max(maand) from benchmark_regio")
    assert figures.region_month == latest == figures.channels[0].months[-2].month
    for channel in figures.region:
        assert [row.municipality for row in channel.rows if row.own] == ["Molensloot"]
        assert {row.municipality for row in channel.rows} <= {
            *("Molensloot", "Rietbroek", "Waterakker")
        }
        for row in channel.rows:
            assert row.mean is None or (row.n is not None and row.n >= 10)


async def test_without_responses_there_is_nothing_to_draw(
    database: Database, catalogue: Catalogue
) -> None:
    await prepared(database, catalogue, filled=False)
    assert await read(database) == Figures()
