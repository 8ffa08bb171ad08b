"""Figures that are worked out anew come out as publishing made them, and what is purged stays."""

from datetime import UTC, date, datetime

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.counting import rebuild
from ingest.retention.purging import purge
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    FIGURES,
    MONDAY,
    TODAY,
    figures,
    invited,
    look,
    made_up,
    many,
    morning_after,
    rows,
    six_o_clock,
    store,
)

pytestmark = pytest.mark.anyio

BREAKDOWNS = "lees.cijfer_uitgesplitst"


async def rebuilt(database: Database) -> int:
    async with database.connected("meetpunt_folder") as db:
        return await rebuild(db)


async def test_rebuilding_gives_the_same_figures(database: Database, catalogue: Catalogue) -> None:
    await store(database, [*made_up(catalogue), *made_up(catalogue, "rietbroek")])
    await look(database, catalogue, six_o_clock(TODAY))
    published = await figures(database)
    assert all(published.values())
    ((readable,),) = await rows(database, "select count(*) from lees.reactie where suspect = '{}'")
    told: dict[str, int] = {}
    async with database.connected("meetpunt_folder") as db:
        assert await rebuild(db, on_municipality=told.__setitem__) == readable
    assert sum(told.values()) == readable
    assert told.keys() == {each.code for each in catalogue.municipalities.values()}
    assert await figures(database) == published


async def test_rebuilding_mends_figures_that_are_wrong(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(12, catalogue))
    await look(database, catalogue, morning_after())
    right = await figures(database)
    for table in FIGURES:
        if table == BREAKDOWNS:
            await rows(database, f"update {table} set daypart = 'avond'")
            continue
        await rows(database, f"update {table} set period = period - 7 where grain = 'week'")
        await rows(database, f"delete from {table} where grain = 'month'")
    assert await figures(database) != right
    assert await rebuilt(database) == 12
    assert await figures(database) == right


async def test_rebuilding_counts_nothing_of_what_waits(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(12, catalogue))
    await look(database, catalogue, morning_after())
    published = await figures(database)
    await store(database, many(9, catalogue))
    assert await rebuilt(database) == 12
    assert await figures(database) == published


async def test_rebuilding_leaves_spent_invitations_as_they_were_counted(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, invited(10, catalogue))
    await look(database, catalogue, morning_after())
    counted = "select day, product, issued, spent from meetpunt.invitation_count"
    assert await rows(database, counted) == [(MONDAY, "", 0, 10)]
    await rebuilt(database)
    assert await rows(database, counted) == [(MONDAY, "", 0, 10)]


# Rebuilding is done by hand after a fault; below it mends what is wrong.
@pytest.mark.long
async def test_rebuilding_keeps_the_figures_of_periods_that_were_purged(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, made_up(catalogue))
    await look(database, catalogue, six_o_clock(TODAY))
    published = await figures(database)
    async with database.connected("meetpunt_folder") as db:
        # Five years and some months after it all began.
        await purge(db, {}, now=datetime(2031, 4, 15, 12, tzinfo=UTC))
    purged = await rows(database, "select day from meetpunt.purged_before")
    assert purged == [(date(2026, 4, 1),)]
    ((oldest,),) = await rows(database, "select min(month) from lees.reactie")
    assert oldest == date(2026, 4, 1)
    # Breakdowns say nearly what the rows do: they went with them.
    breakdowns = published[BREAKDOWNS]
    published[BREAKDOWNS] = [row for row in breakdowns if row[1] >= date(2026, 4, 1)]
    assert 0 < len(published[BREAKDOWNS]) < len(breakdowns)
    await rebuilt(database)
    assert await figures(database) == published
    # Control: without that day they are lost.
    await rows(database, "delete from meetpunt.purged_before")
    await rebuilt(database)
    assert await figures(database) != published


async def test_a_month_of_which_only_what_was_published_is_purged_keeps_its_figures(
    database: Database, catalogue: Catalogue
) -> None:
    """Of ten who were invited nine answered in October; the batch closed in November."""
    october, november = date(2026, 10, 30), date(2026, 11, 2)
    await store(
        database, [*invited(9, catalogue, day=october), *invited(1, catalogue, day=november)]
    )
    await look(database, catalogue, morning_after(november))
    published = await figures(database)
    # Whoever asked to be forgotten was the only one of November.
    await rows(database, "delete from meetpunt.response where day = $1", november)
    async with database.connected("meetpunt_folder") as db:
        for month in (11, 12):
            await purge(db, {}, now=datetime(2031, month, 15, 12, tzinfo=UTC))
    assert not await rows(database, "select id from lees.reactie")
    published[BREAKDOWNS] = []
    await rebuilt(database)
    assert await figures(database) == published
