"""The command against a server that follows another: rows from there, the line on the primary."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import asyncpg
import pytest

from ingest.database.readers import grant_reader
from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import load_catalogue
from ingest.postgres.cluster import DATABASE
from ingest.postgres.server import OWNER, SUPERUSER
from ingest.reporting.export import BrokenOff, export
from tests.country import settle
from tests.example import example_directory
from tests.system.pair import Pair, pair

# Two servers are made, and one copied from the other: some ten seconds.
pytestmark = [pytest.mark.anyio, pytest.mark.long]

READER, PASSWORD = "lezer_kopie", "a-password"
_ROWS = """
    insert into lees.reactie (municipality, month, week, touchpoint, questionnaire, version,
        structure, complete, suspect, small_group, mode, language, dimensions, answers)
    select 'GM9001', date '2026-10-01', date '2026-10-05', t.number, q.questionnaire, q.version,
        q.structure, true, '{}', false, 'link', 'nl', '{}', '{"cijfer": 8}'
    from generate_series(1, 100)
    cross join (
        select number from meetpunt.touchpoint where municipality = 'GM9001' order by 1 limit 1
    ) as t
    join meetpunt.questionnaire as q
        on q.municipality = 'GM9001' and q.questionnaire = 'balie' and q.version = 1"""


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[Pair]:
    """A primary with a hundred rows that a reader may read, and who follows it has them too."""
    async with pair(tmp_path / "servers") as both:
        catalogue = load_catalogue(example_directory(), questionnaires_directory())
        async with connected(both.primary.url(OWNER)) as owner:
            await settle(owner, catalogue, date(2026, 1, 1))
            await grant_reader(owner, "molensloot", READER, PASSWORD, free_text=False)
        await on_both(both, _ROWS)
        yield both


@asynccontextmanager
async def connected(there: str) -> AsyncIterator[asyncpg.Connection]:
    db = await asyncpg.connect(there)
    try:
        yield db
    finally:
        await db.close()


async def on_both(servers: Pair, *statements: str) -> None:
    """Run them on the primary, and return when the other has done the same."""
    async with connected(servers.primary.url(SUPERUSER)) as db:
        await db.execute("set synchronous_commit = remote_apply")
        for statement in statements:
            await db.execute(statement)


def url(*ports: int | None) -> str:
    places = ",".join(f"127.0.0.1:{port}" for port in ports)
    return (
        f"postgresql://{READER}:{PASSWORD}@{places}/{DATABASE}"
        "?sslmode=disable&target_session_attrs=prefer-standby"
    )


async def command(*asked: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        (sys.executable, "-m", "ingest", *asked),
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **settings},
    )


async def export_of(folder: Path, of_reader: str) -> subprocess.CompletedProcess[str]:
    asked = ("export", "feit_reactie", "--output", str(folder))
    return await command(*asked, MEETPUNT_READER_URL=of_reader)


async def test_rows_come_from_the_replica_and_the_line_goes_to_the_primary(
    servers: Pair, tmp_path: Path
) -> None:
    both = url(servers.primary.port, servers.standby.port)
    done = await export_of(tmp_path, both)
    assert (done.returncode, done.stderr) == (0, "")
    assert "100 rows" in done.stdout
    async with connected(servers.primary.url(SUPERUSER)) as db:
        noted = await db.fetch("select role, object from meetpunt.audit where action = 'export'")
    assert [tuple(row) for row in noted] == [
        (READER, "bi_molensloot.feit_reactie all csv (GM9001)")
    ]

    (tmp_path / "feit_reactie.csv").unlink()
    alone = await export_of(tmp_path, url(servers.standby.port))
    assert alone.returncode == 1
    assert alone.stderr.startswith("Error: Each export is noted on the primary, and nothing in ")
    assert not (tmp_path / "feit_reactie.csv").exists()

    # Pages at the end of a month are noted by nobody, and need no primary.
    replica = servers.standby.url("meetpunt_folder")
    made = await command("report", "rietbroek", "--to", str(tmp_path), MEETPUNT_FOLDER_URL=replica)
    assert (made.returncode, made.stderr) == (0, "")


async def test_what_the_primary_clears_away_breaks_a_reading_off(
    servers: Pair, tmp_path: Path
) -> None:
    def on_rows(_rows: int) -> None:
        cleared = ("delete from lees.reactie", "vacuum lees.reactie")
        with ThreadPoolExecutor(1) as other:
            other.submit(lambda: asyncio.run(on_both(servers, *cleared))).result()

    async with connected(servers.standby.url(SUPERUSER)) as replica:
        await replica.execute("alter system set max_standby_streaming_delay = 0")
        await replica.execute("select pg_reload_conf()")

    async def exported() -> None:
        async with connected(url(servers.standby.port)) as reader:
            await export(
                reader,
                "feit_reactie",
                month=None,
                file_format="csv",
                folder=tmp_path,
                today=date(2026, 11, 2),
                on_rows=on_rows,
                primary=lambda: connected(url(servers.primary.port)),
            )

    # In a thread: the line between the servers is ours to keep going.
    with pytest.raises(BrokenOff, match="export month by month") as broken_off:
        await asyncio.to_thread(lambda: asyncio.run(exported()))
    assert broken_off.value.of_replica
    assert os.listdir(tmp_path) == ["servers"]
