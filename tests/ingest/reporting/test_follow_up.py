"""Signals of who was invited come with their batch; what was done about signals is told by ten."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

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
    assert {day >= datetime.now(UTC).date() for _, _, _, day, _ in told} == {True}
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
        "ended_on": None,
    } | changes  # fmt: skip
    places = ", ".join(f"${place}" for place in range(4, len(columns) + 4))
    async with database.superuser() as db:
        await db.execute(
            f"insert into meetpunt.signal (municipality, reason, half, day, shown_from,"
            f" {', '.join(columns)}) select 'GM9001', 'laag', 'ochtend', $1, $2, {places}"
            " from generate_series(1, $3)",
            day,
            datetime(2026, month, 2, 11, 30, tzinfo=UTC),
            n,
            *columns.values(),
        )


async def test_what_was_done_is_told_from_ten_signals_on_and_outlives_them(
    database: Database, catalogue: Catalogue
) -> None:
    seen_late = {"seen_on": date(2026, 10, 9), "seen_after": 40.0}
    improved = {"state": "afgehandeld", "outcome": "verbeterd", "ended_on": date(2026, 10, 9)}
    await fill(database, 4, 10, seen_on=date(2026, 10, 2), seen_after=1.5, state="gezien")
    await fill(database, 5, 10, **seen_late, **improved)
    await fill(database, 9, 11)
    await reads(database, "molensloot", "lezer_opvolging")

    async def told(view: str = "opvolging_per_maand") -> list[tuple[Any, ...]]:
        found = await seen(
            database,
            "lezer_opvolging",
            "select kanaal, afdeling, signalen, gezien, mediaan_werkuren_tot_gezien, te_beoordelen,"
            f" op_tijd_gezien, aandeel_op_tijd, oudste_open, afgehandeld, verbeterd from {view}"
            " order by 1, 2 nulls first",
        )
        return [tuple(row) for row in found]

    now = datetime(2026, 11, 3, 6, tzinfo=UTC)
    await look(database, catalogue, now, due_only=False)
    assert await told() == []
    # The tenth of that month: seen at once.
    await fill(database, 1, 10)
    await look(database, catalogue, now, due_only=False)
    october = (10, 9, 40.0, 10, 4, 0.4, date(2026, 10, 2), 5, 5)
    assert await told() == [("balie", None, *october), ("balie", "publiekszaken", *october)]
    # The quarter less October would tell of the nine of November.
    assert await told("opvolging_per_kwartaal") == []
    # What goes at its term leaves what was told of it.
    async with database.connected("meetpunt_folder") as folder:
        gone = await purge(
            folder, {"GM9001": Retention(signals_months=13)}, now=datetime(2027, 12, 31, tzinfo=UTC)
        )
        assert [each.kind for each in gone] == []
        gone = await purge(
            folder, {"GM9001": Retention(signals_months=13)}, now=datetime(2028, 2, 1, tzinfo=UTC)
        )
    assert [(each.kind, each.rows) for each in gone] == [("signal", 19)]
    await look(database, catalogue, datetime(2028, 2, 1, 6, tzinfo=UTC), due_only=False)
    assert [row[2] for row in await told()] == [10, 10]


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
