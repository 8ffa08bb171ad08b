"""The task of publishing, which one worker at a time does beside the requests."""

import asyncio
from datetime import UTC, datetime
from math import nan
from uuid import UUID

import asyncpg

from ingest.reporting.half_days import close_half_days
from ingest.reporting.plan import Plan
from ingest.reporting.publishing import publish, waiting
from ingest.reporting.region import tell_regions
from ingest.running import metrics
from ingest.tasks.names import TaskName
from ingest.tasks.upkeep import Task

# In the demo, where somebody wants to see the answer that they just gave.
_SECONDS_AT_ONCE = 1.0
# After this time the look is given up, and its transaction is rolled back.
_MOST_SECONDS = 600.0


async def look(
    db: asyncpg.Connection, plan: Plan, *, now: datetime, holder: UUID | None = None
) -> None:
    """Close a half day that is over, publish what is due, and then the figures of the regions.

    `holder` has the lease of the task; None: somebody runs it by hand. Raises `LeaseLost`.
    """
    async with asyncio.timeout(_MOST_SECONDS):
        await close_half_days(db, plan, now=now, holder=holder)
        published = await publish(db, plan, now=now, holder=holder)
        metrics.published_rows.inc(published.responses)
        metrics.unpublished_rows.set(await waiting(db))
        if published.looked_at and (published.responses or not plan.at_once):
            await tell_regions(db, now=now, at_once=plan.at_once, holder=holder)


def publishing(plan: Plan) -> Task:
    """The task of publishing."""

    async def work(db: asyncpg.Connection, holder: UUID) -> None:
        await look(db, plan, now=datetime.now(UTC), holder=holder)

    return Task(
        name=TaskName.PUBLISH,
        work=work,
        # A look is due once a day, or an hour; the period says how much later it may begin.
        seconds=_SECONDS_AT_ONCE if plan.at_once else None,
        let_go=lambda: metrics.unpublished_rows.set(nan),
    )
