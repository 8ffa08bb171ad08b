"""Watches in every worker whether the tasks run, for /readyz, metrics and the log.

And whether the systems of others do as they are asked by tasks.

A process that does no task watches as well, because the process that does them may be dead.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from time import monotonic

import asyncpg

from ingest.running import metrics
from ingest.running.logs import log
from ingest.tasks.names import TaskName
from ingest.tasks.neighbours import Neighbour, read_neighbours
from ingest.tasks.status import TaskStatus, read_tasks

_LOOK_SECONDS = 10.0
_TELL_SECONDS = 3600.0
# After a night off, or while the database was away, everything is late until it has run.
_QUIET_SECONDS = 60.0


class TaskWatch:
    """Reads how the tasks are, every ten seconds. `start` on the event loop, then `close`.

    `database` lends a connection as a role that may read `meetpunt.task`. While it raises, the last
    state is kept; as time goes on its tasks become late.
    """

    def __init__(
        self,
        database: Callable[[], AbstractAsyncContextManager[asyncpg.Connection]],
        *,
        look_seconds: float = _LOOK_SECONDS,
        quiet_seconds: float = _QUIET_SECONDS,
        of_work: bool = True,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Without `of_work` none of those tasks is late: nobody here is to do them.

        `clock` counts seconds.
        """
        self._database = database
        self._of_work = of_work
        self._look_seconds = look_seconds
        self._quiet_seconds = quiet_seconds
        self._read: Sequence[TaskStatus] = ()
        self._neighbours: Sequence[Neighbour] = ()
        self._clock = clock
        self._read_at = clock()
        self._answers_since: float | None = None
        self._told_at: dict[TaskName, float] = {}
        self._looking: asyncio.Task[None] | None = None

    async def start(self, *, tells: bool) -> None:
        """Begin; returns at once. `tells`: whether this worker is the one that logs."""
        self._looking = asyncio.create_task(self._keep_looking(tells), name="watch tasks")

    async def close(self) -> None:
        """Stop looking."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
            self._looking = None

    @property
    def known(self) -> bool:
        """Whether it was read at all."""
        return bool(self._read)

    def late(self) -> list[TaskStatus]:
        """Those that are late now, as they were when they were last read."""
        elapsed = self._clock() - self._read_at
        return [
            task
            for task in self._read
            if (self._of_work or not task.name.of_work) and task.is_late(elapsed_seconds=elapsed)
        ]

    def away(self) -> list[str]:
        """Kinds of systems of others of which one does not do as asked, as it was last read."""
        return sorted({each.kind for each in self._neighbours if each.reason is not None})

    async def look(self) -> None:
        """Read once."""
        async with self._database() as db:
            self._read = await read_tasks(db)
            self._read_at = self._clock()
            self._neighbours = await read_neighbours(db)

    async def _keep_looking(self, tells: bool) -> None:
        while True:
            try:
                await self.look()
            except Exception as failure:
                # The writer logs that the database is away, and this loop must go on.
                log("tasks_unread", level="debug", reason=type(failure).__name__)
                self._answers_since = None
            else:
                if self._answers_since is None:
                    self._answers_since = self._clock()
            self._count()
            if tells and self._answered_long_enough():
                self._tell()
            await asyncio.sleep(self._look_seconds)

    def _answered_long_enough(self) -> bool:
        """Whether the tasks had the time to run since the database answers."""
        since = self._answers_since
        return since is not None and self._clock() - since >= self._quiet_seconds

    def _count(self) -> None:
        late = {task.name for task in self.late()}
        for task in self._read:
            ran = task.last_ran.timestamp() if task.last_ran else 0.0
            metrics.task_last_ran_timestamp_seconds.labels(task=task.name).set(ran)
            metrics.task_late.labels(task=task.name).set(task.name in late)
        for each in self._neighbours:
            away = each.reason is not None
            metrics.neighbour_away.labels(municipality=each.slug, kind=each.kind).set(away)

    def _tell(self) -> None:
        """One line an hour for each that is late, and one when it runs again."""
        now = self._clock()
        late = {task.name: task for task in self.late()}
        for name, task in late.items():
            if now - self._told_at.get(name, -_TELL_SECONDS) < _TELL_SECONDS:
                continue
            self._told_at[name] = now
            seconds = None if task.silent_seconds is None else round(task.silent_seconds)
            reason = task.reason if task.failed_last else None
            log("task_late", level="warning", kind=name, seconds=seconds, reason=reason)
        for name in self._told_at.keys() - late.keys():
            del self._told_at[name]
            log("task_runs_again", kind=name)
