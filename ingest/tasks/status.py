"""How the tasks are, as their rows tell: when each last ran and failed, and whether it is late."""

from datetime import datetime

import asyncpg
import msgspec

from ingest.tasks.names import LEASE_SECONDS, TaskName


class TaskStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One task at one moment, by the database's clock.

    `silent_seconds` is since it last ran, or since the database knows it; None: it does not, and
    'meetpunt migrate' would make its row. `reason` is why it last failed: the name of a class.
    """

    name: TaskName
    held: bool = False
    last_ran: datetime | None = None
    last_failed: datetime | None = None
    reason: str | None = None
    silent_seconds: float | None = None

    def is_late(self, *, elapsed_seconds: float = 0.0) -> bool:
        """Whether it is late, so long after this was read; the rule is that of `TaskName`.

        A run that is still to come, after the clock was put back, tells nothing: late as well.
        """
        if self.silent_seconds is None or self.silent_seconds < -LEASE_SECONDS:
            return True
        return self.silent_seconds + elapsed_seconds > self.name.late_after_seconds

    @property
    def failed_last(self) -> bool:
        """Whether it failed since it last ran."""
        if self.last_failed is None:
            return False
        return self.last_ran is None or self.last_failed > self.last_ran


async def read_tasks(db: asyncpg.Connection) -> list[TaskStatus]:
    """Every task of our list, in its order, by any role of the service or as the owner.

    A row of a task that is not in the list, of another version, is left aside.
    """
    rows = {row["name"]: row for row in await db.fetch(_TASKS)}
    return [
        TaskStatus(
            name=name,
            held=rows[name]["held"],
            last_ran=rows[name]["last_ran"],
            last_failed=rows[name]["last_failed"],
            reason=rows[name]["reason"],
            silent_seconds=rows[name]["silent_seconds"],
        )
        if name in rows
        else TaskStatus(name=name)
        for name in TaskName
    ]


_TASKS = """/* tasks */
    select name, coalesce(held_until > clock_timestamp(), false) as held, last_ran, last_failed,
        reason,
        extract(epoch from clock_timestamp() - coalesce(last_ran, since))::float8 as silent_seconds
    from meetpunt.task
"""
