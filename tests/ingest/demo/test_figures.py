"""The figures of the start page are those of the views, and its reader's."""

from datetime import UTC, datetime
from typing import Any

import pytest
from anyio import to_thread

from ingest.clock import today_here
from ingest.demo.figures import Figures, read_figures
from ingest.demo.filling import fill
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.measures import CALLED_BACK
from ingest.operational.statements import count_in_share
from tests.conftest import Database, emptied
from tests.publishing import published, reading, reads

pytestmark = pytest.mark.anyio

ROLE = "lezer_figures"


async def read(database: Database, query: str | None = None) -> Any:
    """The figures, or the answer to a query, as a reader of Molensloot."""
    async with reading(database, ROLE) as db:
        return await (read_figures(db) if query is None else db.fetchval(query))


@pytest.fixture(scope="module")
async def filled(catalogue: Catalogue) -> Database:
    """All made-up responses, for who only reads them."""
    database = await to_thread.run_sync(emptied)
    await reads(database, "molensloot", ROLE)
    async with database.connected("meetpunt_ingest") as db:
        await fill(db, catalogue, today=today_here())
        # Two of a month that runs, as Open Klant has them counted: no figure of the whole of it.
        for _ in range(2):
            await count_in_share(
                db,
                catalogue.municipality("molensloot").code,
                today_here().replace(day=1),
                "terugbelverzoek",
                CALLED_BACK,
                holds=True,
                now=datetime.now(UTC),
            )
    await published(database, catalogue)
    return database


async def test_what_is_drawn_is_what_the_views_say(filled: Database, catalogue: Catalogue) -> None:
    figures: Figures = await read(filled)
    async with reading(filled, ROLE) as db:
        rows = await db.fetch(
            "select kanaal, maand, n, gemiddelde from indicator_per_maand"
            " where indicator = 'tevredenheid'"
        )
    told = {(row["kanaal"], row["maand"]): row for row in rows}
    drawn = [channel for channel in figures.channels if channel.drawn]
    # Of the municipality that the demo shows, every channel draws.
    assert drawn == list(figures.channels)
    asked = {each.channel for each in catalogue.municipality("molensloot").touchpoints}
    assert {channel.channel for channel in drawn} == asked
    for channel in drawn:
        assert len(channel.months) == 13
        for month in channel.months:
            if month.n:
                assert month.n == told[channel.channel, month.month]["n"]
            if month.mean is not None and month.low is not None and month.high is not None:
                assert month.n >= 10
                assert month.mean == float(told[channel.channel, month.month]["gemiddelde"])
                assert 1 <= month.low <= month.mean <= month.high <= 10
                assert sum(month.given or ()) == month.n


async def test_the_work_of_a_channel_is_that_of_its_last_month_that_is_over(
    filled: Database,
) -> None:
    figures: Figures = await read(filled)
    async with reading(filled, ROLE) as db:
        rows = await db.fetch(
            "select kanaal, kengetal, waarde, norm, norm_gehaald from kengetal_per_maand"
            " where maand = date_trunc('month', now() at time zone 'Europe/Amsterdam')"
            "   - interval '1 month'"
        )
    assert len(rows) == 10
    assert {
        (channel.channel, each.measure, each.value, each.norm, each.kept)
        for channel in figures.channels
        for each in channel.work
    } == {tuple(row) for row in rows}


async def test_the_region_is_of_the_last_month_that_is_over(filled: Database) -> None:
    figures: Figures = await read(filled)
    latest = await read(filled, "select max(maand) from benchmark_regio")
    assert figures.region_month == latest == figures.channels[0].months[-2].month
    for channel in figures.region:
        assert [row.municipality for row in channel.rows if row.own] == ["Molensloot"]
        assert {row.municipality for row in channel.rows} <= {
            *("Molensloot", "Rietbroek", "Waterakker")
        }
        for row in channel.rows:
            assert row.mean is None or (row.n is not None and row.n >= 10)


async def test_targets_have_the_figures_and_intervals_of_their_view(filled: Database) -> None:
    figures: Figures = await read(filled)
    desk, phone = figures.targets
    async with reading(filled, ROLE) as db:
        rows = {row["kanaal"]: row for row in await db.fetch("select * from doelen")}
    assert (desk.channel, phone.channel) == ("balie", "telefonie")
    for target in (desk, phone):
        row = rows[target.channel]
        assert (target.n, target.now, target.aim) == (row["nu_n"], row["nu"], row["doelwaarde"])
        assert (target.low, target.high) == (row["nu_ondergrens"], row["nu_bovengrens"])
        assert target.overlaps is row["perioden_overlappen"]
    assert None not in (desk.now, desk.low, desk.high, phone.now, phone.low, phone.high)
    assert desk.low < desk.now < desk.high  # type: ignore[operator]
    assert phone.low < phone.now < phone.high < 1  # type: ignore[operator]


async def test_without_responses_there_is_nothing_to_draw(database: Database) -> None:
    await reads(database, "molensloot", ROLE)
    figures: Figures = await read(database)
    assert figures == Figures(targets=figures.targets)
    assert [(each.n, each.verdict) for each in figures.targets] == [(0, "too_few")] * 2
