"""Signals of who was invited come with their batch; what was done about signals is told by ten."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ingest.clock import today_here
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.retention import Retention
from ingest.reporting.plan import plan_of
from ingest.retention.purging import purge
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    MONDAY,
    invited,
    look,
    many,
    morning_after,
    rows,
    store,
)
from tests.publishing import reads, seen

pytestmark = pytest.mark.anyio

LOW, NOT_HELPED, FINE = {"cijfer": 2}, {"cijfer": 8, "geholpen": "nee"}, {"cijfer": 8}


async def signals(database: Database) -> list[tuple[Any, ...]]:
    return sorted(
        await rows(database, "select touchpoint, reason, state, day, half from meetpunt.signal")
    )


async def test_of_who_was_invited_there_are_signals_once_ten_are_published(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, invited(5, catalogue, answers=FINE))
    await store(database, invited(3, catalogue, answers=LOW))
    await store(database, invited(1, catalogue, answers=NOT_HELPED))
    # Suspect ones have a batch of their own, and count nowhere.
    await store(database, invited(10, catalogue, answers=LOW, suspect="too-quick"))
    await look(database, catalogue, morning_after())
    assert await signals(database) == []
    await store(database, invited(1, catalogue, answers=FINE))
    await store(database, many(10, catalogue, answers=LOW))
    await look(database, catalogue, morning_after(MONDAY + timedelta(days=1)))
    told = await signals(database)
    assert [(number, reason) for number, reason, *_ in told] == [
        *[(1, "laag")] * 10,
        *[(2, "laag")] * 3,
        (2, "niet-geholpen"),
    ]
    # Of the half day in which they were published, whatever the day of the answers was.
    assert {day >= today_here() for _, _, _, day, _ in told} == {True}
    await look(database, catalogue, morning_after(MONDAY + timedelta(days=2)))
    assert await signals(database) == told


async def test_where_the_log_of_a_form_knows_who_it_was_they_come_with_their_batch_too(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(9, catalogue, answers=LOW, at="molensloot/online"))
    await look(database, catalogue, morning_after())
    assert await signals(database) == []
    await store(database, many(1, catalogue, answers=FINE, at="molensloot/online"))
    await look(database, catalogue, morning_after(MONDAY + timedelta(days=1)))
    assert [(number, reason) for number, reason, *_ in await signals(database)] == [(3, "laag")] * 9


async def fill(database: Database, n: int, month: int, **changes: Any) -> None:
    day = date(2026, month, 2)
    columns = {
        "touchpoint": 1, "state": "nieuw", "outcome": None, "seen_on": None, "seen_after": None,
        "ended_on": None, "reason": "laag",
    } | changes  # fmt: skip
    places = ", ".join(f"${place}" for place in range(4, len(columns) + 4))
    async with database.superuser() as db:
        await db.execute(
            f"insert into meetpunt.signal (municipality, half, day, shown_from,"
            f" {', '.join(columns)}) select 'GM9001', 'ochtend', $1, $2, {places}"
            " from generate_series(1, $3)",
            day,
            datetime(2026, month, 2, 11, 30, tzinfo=UTC),
            n,
            *columns.values(),
        )


async def test_themes_that_rise_fill_up_no_ten(database: Database, catalogue: Catalogue) -> None:
    await fill(database, 9, 10)
    await fill(database, 5, 10, reason="thema", theme="wachttijd")
    await fill(database, 11, 11)
    await fill(database, 5, 11, reason="thema", theme="wachttijd")
    await look(database, catalogue, datetime(2026, 10, 1, 6, tzinfo=UTC), due_only=False)
    await look(database, catalogue, datetime(2026, 12, 1, 6, tzinfo=UTC), due_only=False)
    told = await rows(database, "select period, department, n from lees.opvolging order by 2")
    november = date(2026, 11, 1)
    assert told == [(november, "", 11), (november, "publiekszaken", 11)]


async def test_where_a_months_signals_count_is_noted_until_the_quarter_is_told(
    database: Database, catalogue: Catalogue
) -> None:
    await fill(database, 12, 10)
    await fill(database, 12, 11)
    noted = "select month, touchpoint, department, n from meetpunt.follow_up_place order by 1"
    await look(database, catalogue, datetime(2026, 10, 1, 6, tzinfo=UTC), due_only=False)
    await look(database, catalogue, datetime(2026, 11, 1, 6, tzinfo=UTC), due_only=False)
    assert await rows(database, noted) == [(date(2026, 10, 1), 1, "publiekszaken", 12)]
    there = catalogue.municipality("molensloot")
    moved = replace(there, departments=())
    others = [each for each in catalogue.municipalities.values() if each.slug != "molensloot"]
    later = Catalogue([*others, moved], catalogue.questionnaires)
    await look(database, later, datetime(2027, 1, 1, 6, tzinfo=UTC), due_only=False)
    told = await rows(
        database, "select department, n from lees.opvolging where grain = 'quarter' order by 1"
    )
    assert told == [("", 24), ("overig", 12), ("publiekszaken", 12)]
    assert await rows(database, noted) == []


async def test_what_was_done_is_told_once_of_ten_signals_and_outlives_them(
    database: Database, catalogue: Catalogue
) -> None:
    seen_late = {"seen_on": date(2026, 10, 9), "seen_after": 40.0}
    improved = {"state": "afgehandeld", "outcome": "verbeterd", "ended_on": date(2026, 10, 9)}
    await fill(database, 4, 10, seen_on=date(2026, 10, 2), seen_after=1.5, state="gezien")
    await fill(database, 5, 10, **seen_late, **improved)
    await fill(database, 9, 11)
    # Of the second of October.
    await fill(database, 1, 10)
    await fill(database, 12, 9, **seen_late, **improved)
    await reads(database, "molensloot", "lezer_opvolging")

    async def told(view: str = "opvolging_per_maand") -> list[tuple[Any, ...]]:
        found = await seen(
            database,
            "lezer_opvolging",
            "select afdeling, signalen, gezien, mediaan_werkuren_tot_gezien, te_beoordelen,"
            " op_tijd_gezien, aandeel_op_tijd, oudste_open_weken, afgehandeld, verbeterd"
            f" from {view} order by signalen, 1 nulls first",
        )
        return [tuple(row) for row in found]

    await look(database, catalogue, datetime(2026, 10, 1, 6, tzinfo=UTC), due_only=False)
    # Of September what was done in October is not told.
    september = (12, None, None, 12, 0, 0.0, 4, None, None)
    assert await told() == [(None, *september), ("publiekszaken", *september)]
    await look(database, catalogue, datetime(2026, 10, 31, 22, tzinfo=UTC), due_only=False)
    assert len(await told()) == 2
    await look(database, catalogue, datetime(2026, 11, 3, 6, tzinfo=UTC), due_only=False)
    # Nine of ten are seen, and five are done: numbers under ten are hidden.
    october = (10, None, 40.0, 10, 4, 0.4, 4, None, None)
    everything = [
        (None, *october),
        ("publiekszaken", *october),
        (None, *september),
        ("publiekszaken", *september),
    ]
    assert await told() == everything
    # Whatever is done now, nothing of it moves.
    async with database.superuser() as db:
        await db.execute(
            "update meetpunt.signal set state = 'gezien', seen_on = '2026-10-09', seen_after = 1"
            " where state = 'nieuw' and day < '2026-11-01'"
        )
    await look(database, catalogue, datetime(2026, 11, 4, 6, tzinfo=UTC), due_only=False)
    assert await told() == everything
    # The quarter less October would tell of the nine of November.
    await look(database, catalogue, datetime(2027, 1, 1, 6, tzinfo=UTC), due_only=False)
    assert [row[1] for row in await told("opvolging_per_kwartaal")] == [12, 12]
    everything = await told()
    # What goes at its term leaves what was told of it, also where that is cut off halfway.
    async with database.connected("meetpunt_folder") as folder:
        terms = {"GM9001": Retention(signals_months=13)}
        gone = await purge(folder, terms, now=datetime(2027, 10, 31, tzinfo=UTC))
        assert [(each.kind, each.rows) for each in gone] == []
    async with database.superuser() as db:
        await db.execute(
            "delete from meetpunt.signal where id in"
            " (select id from meetpunt.signal order by day, id limit 15)"
        )
    await look(database, catalogue, datetime(2027, 11, 1, 6, tzinfo=UTC), due_only=False)
    assert await told() == everything
    async with database.connected("meetpunt_folder") as folder:
        gone = await purge(folder, terms, now=datetime(2028, 2, 1, tzinfo=UTC))
    assert [(each.kind, each.rows) for each in gone] == [("signal", 16)]
    await look(database, catalogue, datetime(2028, 2, 1, 6, tzinfo=UTC), due_only=False)
    assert await told() == everything


async def test_what_a_row_may_be_published_without_is_no_signal(catalogue: Catalogue) -> None:
    """An answer that the municipality may know by itself is emptied where too few share it."""
    municipality = catalogue.municipality("molensloot")
    knowing = replace(
        municipality,
        touchpoints=tuple(
            replace(each, known=("geholpen",)) if each.slug == "telefonie" else each
            for each in municipality.touchpoints
        ),
    )
    others = [each for each in catalogue.municipalities.values() if each.slug != "molensloot"]
    files = Catalogue([knowing, *others], catalogue.questionnaires, catalogue.extensions)
    solved = {
        slug: {
            watched.solved
            for (number, _), watched in plan_of(files).signals.watched.items()
            if number == municipality_number(files, slug)
        }
        for slug in ("telefonie", "balie-hal")
    }
    assert solved == {"telefonie": {""}, "balie-hal": {"geholpen"}}


def municipality_number(files: Catalogue, slug: str) -> int:
    return files.touchpoint("molensloot", slug).number
