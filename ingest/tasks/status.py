"""The state of each task, from its row: when it last ran and failed, and whether it is late."""

from datetime import datetime

import asyncpg
import msgspec

from ingest.tasks.names import LEASE_SECONDS, TaskName


class TaskStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One task at one moment, by the database's clock.

    `silent_seconds` is the time since it last ran, or since its row was made; None where it has no
    row, which 'meetpunt migrate' would make. `reason` is the class of its last failure.
    """

    name: TaskName
    held: bool = False
    last_ran: datetime | None = None
    last_failed: datetime | None = None
    reason: str | None = None
    silent_seconds: float | None = None

    def is_late(self, *, elapsed_seconds: float = 0.0) -> bool:
        """Whether it is late, `elapsed_seconds` after this was read; the rule is in `TaskName`.

        Late as well when its last run lies in the future, because the clock was set back.
        """
        if self.name.of_work and self.last_ran is None and self.silent_seconds is not None:
            return False
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

    Rows of tasks that are not in the list, from another version, are ignored.
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


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A process that does `tasks` now: where it runs, and the checksum of the files it goes by."""

    place: str
    files: str
    tasks: list[str]


async def read_holders(db: asyncpg.Connection) -> list[Holder]:
    """Every one that told of its files, by any role of the service or as the owner."""
    return [Holder(**row) for row in await db.fetch(_HOLDERS)]


async def read_untold(db: asyncpg.Connection) -> list[str]:
    """Tasks whose holder told nothing of its files: it is of a version that knows of no such thing.

    By any role of the service or as the owner.
    """
    return [row["name"] for row in await db.fetch(_UNTOLD)]


_UNTOLD = """/* untold_tasks */
    select name from meetpunt.task
    where held_until > clock_timestamp() and told_by is distinct from holder order by name
"""

_HOLDERS = """/* task_holders */
    select place, files, array_agg(name order by name) as tasks from meetpunt.task
    where told_by = holder and held_until > clock_timestamp()
    group by holder, place, files order by place
"""

_TASKS = """/* tasks */
    select name, coalesce(held_until > clock_timestamp(), false) as held, last_ran, last_failed,
        reason,
        extract(epoch from clock_timestamp() - coalesce(last_ran, since))::float8 as silent_seconds
    from meetpunt.task
"""
