"""Publishing beside the requests, in one worker of all: what readers see moves when it is time."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from ingest.reporting.plan import Plan
from ingest.reporting.publishing import publish, waiting
from ingest.reporting.region import tell_regions
from ingest.running import metrics
from ingest.tasks.names import TaskName
from ingest.tasks.upkeep import Task

# Of the demo, where somebody looks whether the answer that they just gave is there.
_SECONDS_AT_ONCE = 1.0
# A connection that says nothing for this long is given up; what it was doing is rolled back.
_MOST_SECONDS = 600.0


async def look(
    db: asyncpg.Connection, plan: Plan, *, now: datetime, holder: UUID | None = None
) -> None:
    """Publish what is due, and tell the regions what followed from it.

    `holder` is who has the lease of the task; None: by hand. Raises `LeaseLost`.
    """
    async with asyncio.timeout(_MOST_SECONDS):
        published = await publish(db, plan, now=now, holder=holder)
        metrics.published_rows.inc(published.responses)
        metrics.unpublished_rows.set(await waiting(db))
        if published.looked_at and (published.responses or not plan.at_once):
            await tell_regions(db, now=now, at_once=plan.at_once, holder=holder)


def publishing(plan: Plan) -> Task:
    """The look as one worker of all takes it."""

    async def work(db: asyncpg.Connection, holder: UUID) -> None:
        await look(db, plan, now=datetime.now(UTC), holder=holder)

    return Task(
        name=TaskName.PUBLISH,
        work=work,
        # Looks are once a day, or an hour: the usual period is how long after it one may begin.
        seconds=_SECONDS_AT_ONCE if plan.at_once else None,
    )
