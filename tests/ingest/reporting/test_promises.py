"""Who was promised ten waits for ten, with rows and texts, however the batch changes later.

A resident at the desk reads a page. While it says nothing of a small group, ten are promised.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from ingest.database.migrate import migrate, migration_files
from ingest.database.mirror import mirror_files
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    MONDAY,
    look,
    many,
    morning_after,
    one_response,
    rows,
    store,
    waiting_in_queue,
)
from tests.postgres import create_database, drop_database, running_postgres
from tests.surveys import with_changed

pytestmark = pytest.mark.anyio

DESK = "molensloot/balie-hal"
SAID = "Geweigerd, op mijn verjaardag."
LIFETIME = timedelta(days=14)
# Nobody holds a page or link of before any more: it was made on Monday at the latest.
OVER = MONDAY + LIFETIME + timedelta(days=2)
LOW: dict[str, int | str] = {"cijfer": 2}
HIGH: dict[str, int | str] = {"cijfer": 9}


def of(batch: int, catalogue: Catalogue, **changes: object) -> Catalogue:
    """The same files, but the desk publishes by so many."""
    return with_changed(catalogue, DESK, batch=batch, **changes)


async def mirror(database: Database, files: Catalogue, today: date) -> None:
    async with database.connected("meetpunt_owner") as owner:
        await mirror_files(owner, files, today)


async def readable_texts(database: Database) -> Sequence[tuple[Any, ...]]:
    return await rows(database, "select judgement, text from lees.tekst order by text")


async def say(database: Database, catalogue: Catalogue, day: date = MONDAY) -> None:
    """One who is not content writes so, and nine who are make their batch full."""
    spoke = one_response(catalogue, LOW, texts=[SAID], day=day)
    await store(database, [spoke, *many(9, catalogue, HIGH, day=day)])


async def test_rows_wait_for_ten_when_the_batch_is_made_smaller(
    own_database: Database, catalogue: Catalogue
) -> None:
    await store(own_database, many(4, catalogue))
    await mirror(own_database, smaller := of(3, catalogue), MONDAY)
    assert (await look(own_database, smaller, morning_after())).responses == 0
    await store(own_database, many(3, catalogue, day=OVER))
    assert (await look(own_database, smaller, morning_after(OVER))).responses == 3
    assert await waiting_in_queue(own_database) == 4


async def test_a_text_waits_for_ten_when_the_batch_is_made_smaller_after_its_row_was_read(
    own_database: Database, catalogue: Catalogue
) -> None:
    await say(own_database, catalogue)
    assert (await look(own_database, catalogue, morning_after())).responses == 10
    await mirror(own_database, smaller := of(3, catalogue), MONDAY + timedelta(days=1))
    later = OVER + timedelta(days=1)
    for day in (later, later + timedelta(days=1), later + timedelta(days=2)):
        await store(own_database, many(5, catalogue, LOW, day=day))
        assert (await look(own_database, smaller, morning_after(day))).responses == 5
    # Fifteen others who judge the same, and who knew that the municipality could guess.
    assert await readable_texts(own_database) == []


async def test_a_text_that_was_promised_ten_appears_when_ten_like_it_are_published(
    own_database: Database, catalogue: Catalogue
) -> None:
    await say(own_database, catalogue)
    await look(own_database, catalogue, morning_after())
    await mirror(own_database, of(3, catalogue), MONDAY)
    await mirror(own_database, catalogue, OVER)
    await store(own_database, many(10, catalogue, LOW, day=OVER))
    await look(own_database, catalogue, morning_after(OVER))
    assert await readable_texts(own_database) == [("laag", SAID)]


async def test_who_was_told_of_a_small_group_is_read_among_few_beside_who_waits_for_ten(
    own_database: Database, catalogue: Catalogue
) -> None:
    await say(own_database, catalogue)
    await look(own_database, catalogue, morning_after())
    await mirror(own_database, smaller := of(3, catalogue), MONDAY)
    told = one_response(catalogue, LOW, texts=["Koud."], day=OVER)
    await store(own_database, [told, *many(2, catalogue, LOW, day=OVER)])
    await look(own_database, smaller, morning_after(OVER))
    assert await readable_texts(own_database) == [("laag", "Koud.")]
    assert await rows(own_database, "select text from meetpunt.waiting_text") == [(SAID,)]


@pytest.mark.parametrize("days", [1, 14, 60])
async def test_the_promise_lasts_as_long_as_a_page_or_link_of_before_may_be_answered(
    own_database: Database, catalogue: Catalogue, days: int
) -> None:
    smaller = of(3, catalogue, link_lifetime_days=days)
    await mirror(own_database, smaller, MONDAY)
    # A link of a minute to midnight is taken for some minutes of the day after its last.
    last = MONDAY + timedelta(days=days + 1)
    await store(own_database, many(3, catalogue, day=last, mode="kiosk"))
    assert (await look(own_database, smaller, morning_after(last))).responses == 0
    after = last + timedelta(days=1)
    await store(own_database, many(3, catalogue, day=after))
    assert (await look(own_database, smaller, morning_after(after))).responses == 3


async def test_files_of_a_smaller_batch_change_nothing_before_they_are_mirrored(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(9, catalogue))
    assert (await look(database, of(3, catalogue), morning_after())).responses == 0


async def test_a_batch_that_was_always_small_promises_nothing(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, many(3, catalogue, at="molensloot/huwelijk"))
    assert (await look(database, catalogue, morning_after())).responses == 3


BEFORE = """
    insert into meetpunt.municipality values ('GM9001', 'a', 'A', 'R', true);
    insert into meetpunt.touchpoint
        (municipality, number, slug, name, channel, batch, ten_until, retired) values
        ('GM9001', 1, 'tien', 'A', 'balie', 10, null, false),
        ('GM9001', 2, 'klein', 'B', 'balie', 3, null, false),
        ('GM9001', 3, 'kleiner', 'C', 'balie', 3, '2026-11-12', false);
    insert into meetpunt.waiting_text (municipality, touchpoint, structure, invited, judgement,
        language, month, item, text, masked)
    select 'GM9001', number, 'a', false, 'laag', 'nl', month, 'toelichting', '', '{}'
    from generate_series(1, 3) as number, unnest('{2026-11-01,2026-12-01}'::date[]) as month;
    insert into meetpunt.judged
    select municipality, touchpoint, structure, invited, judgement, language, month, 4
    from meetpunt.waiting_text
"""


async def test_texts_that_waited_before_a_promise_was_noted_are_not_read_among_fewer(
    monkeypatch: pytest.MonkeyPatch, postgres_version: int
) -> None:
    server, name = running_postgres(postgres_version), "promises_of_before"
    await drop_database(server, name)
    await create_database(server, name)
    database = Database(server, name)
    before = [file for file in migration_files() if file.name < "0010"]
    try:
        async with database.connected("meetpunt_owner") as owner:
            with monkeypatch.context() as patched:
                patched.setattr("ingest.database.migrate.migration_files", lambda: before)
                await migrate(owner)
            async with database.superuser() as db:
                await db.execute(BEFORE)
            await migrate(owner)
        november, december = date(2026, 11, 1), date(2026, 12, 1)
        told = "select touchpoint, month, promised{} from meetpunt.{} order by 1, 2"
        promised = {1: (True, True), 2: (False, False), 3: (True, False)}
        assert await rows(database, told.format("", "waiting_text")) == [
            (number, month, promised[number][place])
            for number in (1, 2, 3)
            for place, month in enumerate((november, december))
        ]
        # Of November nobody knows who of the third was promised what: it begins anew.
        assert [row[2:] for row in await rows(database, told.format(", responses", "judged"))] == [
            *((True, 4), (True, 4)),
            *((False, 4), (False, 4)),
            *((True, 0), (False, 4)),
        ]
        forced = (
            "select relforcerowsecurity from pg_class where relname in ('judged', 'waiting_text')"
        )
        assert await rows(database, forced) == [(True,), (True,)]
    finally:
        await drop_database(server, name)
