"""Publishes over and over what came in: python -m tests.bench.monday.publisher SECONDS URL FOLDER.

A day has one look; here each is followed by the next, as if every day of a year were now.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import msgspec

from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import load_catalogue
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from tests.bench.measuring import cpu_us
from tests.bench.monday.together import tell, wait_until_told

PAUSE_SECONDS = 5.0

# Since Postgres 18, which the bench has. What a session did last is told a moment later.
_WAL = "select wal_bytes from pg_stat_get_backend_wal(pg_backend_pid())"


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """How often it looked, how many became readable, and what that took.

    `seconds` are all of it: a look that began is ended. CPU of both ends is in microseconds; the
    bytes of WAL are those of its session.
    """

    seconds: float
    looks: int
    responses: int
    longest_seconds: float
    python_cpu_us: float
    postgres_cpu_us: float
    wal_bytes: int


async def look(seconds: float, url: str, folder: Path) -> Looked:
    """For so many seconds; `url` is that of meetpunt_folder, `folder` has the municipalities."""
    plan = plan_of(load_catalogue(folder, questionnaires_directory()))
    db = await asyncpg.connect(url)
    backend = [db.get_server_pid()]
    wait_until_told()
    used, started = cpu_us(backend), time.monotonic()
    until = started + seconds
    python, responses, took = time.process_time(), 0, []
    while time.monotonic() < until:
        began = time.monotonic()
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        responses += (await publish(db, plan, now=tomorrow, wait=True, due_only=False)).responses
        took.append(time.monotonic() - began)
        await asyncio.sleep(min(PAUSE_SECONDS, max(0.0, until - time.monotonic())))
    looked = Looked(
        seconds=time.monotonic() - started,
        looks=len(took),
        responses=responses,
        longest_seconds=round(max(took, default=0.0), 2),
        python_cpu_us=(time.process_time() - python) * 1_000_000,
        postgres_cpu_us=cpu_us(backend) - used,
        wal_bytes=int(await db.fetchval(_WAL)),
    )
    await db.close()
    return looked


def main() -> None:
    seconds, url, folder = sys.argv[1:]
    tell(asyncio.run(look(float(seconds), url, Path(folder))))


if __name__ == "__main__":
    main()
