"""Every task runs in the whole of `serve` and `demo`, however many workers there are."""

from pathlib import Path

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.tasks.names import TaskName
from tests.conftest import Database
from tests.system.task_drill import (
    SERVE,
    done_twice,
    held_by_another,
    one_demo,
    prepare,
    seed,
    started,
    wait_for_tasks,
)

pytestmark = [pytest.mark.anyio, pytest.mark.processes, pytest.mark.long]

_PATIENCE_SECONDS = 30.0


@pytest.mark.parametrize("workers", [1, 2, 3])
async def test_serve_runs_every_task(
    own_database: Database, catalogue: Catalogue, tmp_path: Path, keys_file: Path, workers: int
) -> None:
    await prepare(own_database)
    began = await seed(own_database, catalogue)
    with started(own_database, tmp_path / "data", keys_file, SERVE, workers):
        left = await wait_for_tasks(own_database, began, seconds=_PATIENCE_SECONDS)
    assert left == set()
    assert await done_twice(own_database) == 0


async def test_the_demo_runs_every_task_whatever_number_of_workers_it_is_told(
    own_database: Database, catalogue: Catalogue, tmp_path: Path, keys_file: Path
) -> None:
    await prepare(own_database)
    found = await one_demo(own_database, catalogue, tmp_path / "data", keys_file, workers=3)
    assert found.not_run == 0


async def test_a_task_that_somebody_else_holds_counts_as_not_run(
    own_database: Database, catalogue: Catalogue, tmp_path: Path, keys_file: Path
) -> None:
    """Control: two tasks behind one lock looked like this, and nobody saw it."""
    await prepare(own_database)
    left = await held_by_another(own_database, catalogue, tmp_path / "data", keys_file)
    assert left == {TaskName.WATCH_KIOSKS}


async def test_what_is_done_twice_is_counted(own_database: Database, catalogue: Catalogue) -> None:
    await prepare(own_database)
    await seed(own_database, catalogue)
    assert await done_twice(own_database) == 0
    async with own_database.superuser() as db:
        await db.execute(
            "insert into meetpunt.destruction_record values ('GM9001', current_date,"
            " 'spent_token', 21)"
        )
        await db.execute(
            "update meetpunt.task set holder = gen_random_uuid(), pid = 1,"
            " held_until = clock_timestamp() + interval '15 s'"
        )
        await db.execute("update meetpunt.task set holder = gen_random_uuid()")
    # One token too many, and each task taken from who had it.
    assert await done_twice(own_database) == 1 + len(TaskName)
