"""The connections that the service takes: as many as are counted on, and as the documents say."""

import asyncio
import re
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest

from ingest.app import connector_work_of, sending_of, tasks_of, upkeep_of, writing_of
from ingest.database.room import COMMANDS, LOOKUPS, as_folder, as_ingest, as_work, needed
from ingest.municipalities.catalogue import Catalogue
from ingest.service import Options, Service
from ingest.settings import Settings, settings_from
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.reports import with_signalen

_ROOT = Path(__file__).resolve().parents[3]
_NOWHERE = "http://127.0.0.1:1"
_PATIENCE_SECONDS = 30.0
_HELD = """
    select usename::text as role, count(*) as held from pg_stat_activity
    where datname = current_database() and usename::text = any ($1) group by usename
"""


@pytest.mark.anyio
async def test_a_worker_takes_as_many_as_are_counted_on(
    own_database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    """All that a worker does at once, with every task in its hands."""
    files = with_signalen(catalogue, _NOWHERE)
    settings = Settings(
        folder_url=own_database.url("meetpunt_folder"),
        work_url=own_database.url("meetpunt_work"),
        data=tmp_path,
    )
    service = Service(
        catalogue=files, keys=keys, database_url=own_database.ingest, options=Options()
    )
    beside = [
        service,
        upkeep_of(settings, files),
        connector_work_of(settings, service),
        sending_of(settings, service),
        writing_of(settings, service),
    ]
    expected = {
        "meetpunt_ingest": as_ingest(1),
        "meetpunt_work": as_work(1),
        "meetpunt_folder": as_folder(1),
    }
    async with own_database.superuser() as db, AsyncExitStack() as started:
        for each in beside:
            assert each is not None
            await each.start()
            started.push_async_callback(each.close)
        for _ in range(LOOKUPS):
            await started.enter_async_context(service.lookups.acquire())
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while (held := await _held(db, list(expected))) != expected:
                assert all(held[role] <= expected[role] for role in held), held
        with pytest.raises(TimeoutError):
            await service.lookups.acquire(timeout=0.01)


@pytest.mark.anyio
async def test_a_copy_that_tells_nobody_has_nobody_who_tells(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    files = with_signalen(catalogue, _NOWHERE)
    service = Service(catalogue=files, keys=keys, database_url=database.ingest, options=Options())
    work_url = database.url("meetpunt_work")
    for tells in ("everybody", "nobody"):
        settings = settings_from(
            {
                "MEETPUNT_WORK_URL": work_url,
                "MEETPUNT_FOLDER_URL": database.url("meetpunt_folder"),
                "MEETPUNT_DATA": str(tmp_path),
                "MEETPUNT_TELLS": tells,
            }
        )
        telling = [of(settings, service) for of in (connector_work_of, sending_of, writing_of)]
        assert [each is not None for each in telling] == [tells == "everybody"] * 3
        # No other task acts as who tells.
        assert not any(task.name.of_work for task in tasks_of(files))


async def _held(db: asyncpg.Connection, roles: list[str]) -> dict[str, int]:
    return {row["role"]: row["held"] for row in await db.fetch(_HELD, roles)}


def test_the_documents_say_how_many_that_are() -> None:
    each = needed(2, copies=1) - needed(1, copies=1)
    beside = needed(1, copies=1) - COMMANDS - each
    deploy = (_ROOT / "deploy" / "README.md").read_text("utf-8")
    said = re.search(r"(\d+) for each worker, (\d+) for each copy and (\d+) for a command", deploy)
    assert said is not None
    assert tuple(map(int, said.groups())) == (each, beside, COMMANDS)
    assert f"{needed(2, copies=2)} for two copies of two workers" in deploy
    architecture = (_ROOT / "docs" / "architecture.md").read_text("utf-8")
    of_ingest, of_work = as_ingest(2) - as_ingest(1), as_work(2) - as_work(1)
    assert f"at most {_WORDS[LOOKUPS]} to look things up" in architecture
    assert f"at most {_WORDS[of_ingest]} each" in architecture
    assert f"at most {_WORDS[of_work]} each, and one for each of" in architecture


_WORDS = {5: "five", 6: "six", 7: "seven"}
