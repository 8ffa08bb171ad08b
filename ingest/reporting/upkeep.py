"""Publishing beside the requests, in one worker of all: what readers see moves when it is time."""

import asyncio
from datetime import UTC, datetime

import asyncpg

from ingest.locks import Lock
from ingest.reporting.plan import Plan
from ingest.reporting.publishing import publish, waiting
from ingest.reporting.region import tell_regions
from ingest.running import metrics
from ingest.running.upkeep import Task

# Looks are once a day, or an hour; this is how long after the hour it may be before one begins.
_SECONDS = 60.0
# Of the demo, where somebody looks whether the answer that they just gave is there.
_SECONDS_AT_ONCE = 1.0
# A connection that says nothing for this long is given up; what it was doing is rolled back.
_MOST_SECONDS = 600.0


async def look(db: asyncpg.Connection, plan: Plan, *, now: datetime) -> None:
    """Publish what is due, and tell the regions what followed from it."""
    async with asyncio.timeout(_MOST_SECONDS):
        published = await publish(db, plan, now=now)
        metrics.published_rows.inc(published.responses)
        metrics.unpublished_rows.set(await waiting(db))
        if published.looked_at and (published.responses or not plan.at_once):
            await tell_regions(db, now=now, at_once=plan.at_once)


def publishing(plan: Plan) -> Task:
    """The look as one worker of all takes it."""

    async def work(db: asyncpg.Connection) -> None:
        await look(db, plan, now=datetime.now(UTC))

    return Task(
        name="publish",
        lock=Lock.SERVING_PUBLISH,
        seconds=_SECONDS_AT_ONCE if plan.at_once else _SECONDS,
        work=work,
    )
