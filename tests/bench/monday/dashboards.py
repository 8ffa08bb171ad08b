"""Dashboards that read all the time: python -m tests.bench.monday.dashboards SECONDS URL SLUG...

Each reads the views of one municipality, as its reader, one question a second in turn.
"""

import asyncio
import sys
import time
from datetime import timedelta

import asyncpg
import msgspec

from ingest.clock import today_here
from ingest.municipalities.schemas import bi_schema, reads_role
from tests.bench.growth import VIEWS
from tests.bench.measuring import cpu_us
from tests.bench.monday.together import tell, wait_until_told

PAUSE_SECONDS = 1.0


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """Of one dashboard: milliseconds of its questions, and the slowest view."""

    questions: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    slowest: str


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """All dashboards, by the slug of the municipality; CPU of their sessions in microseconds."""

    looks: dict[str, Looks]
    postgres_cpu_us: float


async def read(seconds: float, url: str, slugs: list[str]) -> Read:
    """For so many seconds; `url` is the superuser's."""
    dashboards = [await asyncpg.connect(url) for _ in slugs]
    backends = [db.get_server_pid() for db in dashboards]
    wait_until_told()
    before, until = cpu_us(backends), time.monotonic() + seconds
    looks = await asyncio.gather(
        *(_look(db, slug, until) for db, slug in zip(dashboards, slugs, strict=True))
    )
    used = cpu_us(backends) - before
    for db in dashboards:
        await db.close()
    return Read(looks=dict(zip(slugs, looks, strict=True)), postgres_cpu_us=used)


async def _look(db: asyncpg.Connection, slug: str, until: float) -> Looks:
    await db.execute(f"set search_path = {bi_schema(slug)}; set role {reads_role(slug)}")
    since = (today_here() - timedelta(days=365)).replace(day=1)
    took: list[tuple[float, str]] = []
    while time.monotonic() < until:
        for name, (question, _) in VIEWS.items():
            began = time.monotonic()
            await db.fetch(question, since, timeout=60)
            took.append((time.monotonic() - began, name))
            await asyncio.sleep(PAUSE_SECONDS)
            if time.monotonic() > until:
                break
    took.sort()
    at = [took[int((len(took) - 1) * share)][0] * 1000 for share in (0.5, 0.95, 0.99, 1)]
    return Looks(
        questions=len(took),
        p50_ms=round(at[0], 1),
        p95_ms=round(at[1], 1),
        p99_ms=round(at[2], 1),
        max_ms=round(at[3], 1),
        slowest=took[-1][1],
    )


def main() -> None:
    seconds, url, *slugs = sys.argv[1:]
    tell(asyncio.run(read(float(seconds), url, slugs)))


if __name__ == "__main__":
    main()
