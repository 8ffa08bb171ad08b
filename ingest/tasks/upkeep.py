"""Runs the tasks beside the requests; each is done by the one worker that holds its lease."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from secrets import SystemRandom
from uuid import UUID, uuid4

import asyncpg
import msgspec

from ingest.database import connection_errors
from ingest.database.connecting import connect
from ingest.running.logs import log
from ingest.tasks.failing import PAUSES_SECONDS, Failing
from ingest.tasks.leases import (
    LONGEST_SECONDS,
    LeaseLost,
    free,
    give_back,
    note_failed,
    note_ran,
    prepare_session,
    prolong,
    take,
)
from ingest.tasks.names import LEASE_SECONDS, TaskName

LOOK_SECONDS = 5.0
"""How often a worker looks for tasks that are free."""

# At most so long: when prolonging fails once, the lease lasts for two more tries.
_PROLONG_SECONDS = LEASE_SECONDS / 3
_GIVE_BACK_SECONDS = 2.0
_chance = SystemRandom()

AWAY = (
    OSError,
    TimeoutError,
    *connection_errors.AWAY,
    asyncpg.IdleInTransactionSessionTimeoutError,
)


def _since_boot() -> float:
    """Seconds, those of a machine that was suspended among them; nobody sets this clock."""
    # The wall's where there is none, as on macOS.
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_REALTIME))


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do every `seconds` (None: its usual period), by one worker at a time.

    `work` gets a connection as meetpunt_folder for itself, and the holder of the lease. Each of its
    transactions must begin with `ingest.tasks.leases.hold`. `let_go` is called when this worker has
    the task no more: what it told of it, another may know better from now on.
    """

    name: TaskName
    work: Callable[[asyncpg.Connection, UUID], Awaitable[object]]
    seconds: float | None = None
    let_go: Callable[[], None] | None = None

    @property
    def period_seconds(self) -> float:
        """The time between two runs."""
        return self.name.period_seconds if self.seconds is None else self.seconds


class Upkeep:
    """Does those of `tasks` that no other worker has. `start` on the event loop, then `close`.

    After a failure a task is left alone for the next of `pauses_seconds`, by this worker. Raises
    ValueError for two tasks under one name: one of them would never run.
    """

    def __init__(
        self,
        folder_url: str,
        tasks: Sequence[Task],
        *,
        look_seconds: float = LOOK_SECONDS,
        pauses_seconds: Sequence[float] = PAUSES_SECONDS,
        files: str | None = None,
        clock: Callable[[], float] = _since_boot,
    ) -> None:
        """`files` is the checksum of those that the tasks go by, for whoever looks.

        `clock` tells seconds that go on while the machine sleeps.
        """
        self._tasks = {task.name: task for task in tasks}
        if len(self._tasks) < len(tasks):
            raise ValueError(f"two tasks have one name: {sorted(task.name for task in tasks)}")
        self.holder = uuid4()  # a new one after a restart: the old process may still be running
        self._url = folder_url
        self._files = files
        self._clock = clock
        # A worker has two: one does the tasks of connectors.
        of_work = any(name.of_work for name in self._tasks)
        self._role = "meetpunt_work" if of_work else "meetpunt_folder"
        self._look_seconds = look_seconds
        self._failing = {name: Failing(pauses_seconds) for name in self._tasks}
        self._looking: asyncio.Task[None] | None = None
        self._doing: dict[TaskName, asyncio.Task[None]] = {}
        self._waits: str | None = None  # why no task can be taken, as it was logged

    async def start(self) -> None:
        """Begin; returns at once."""
        self._looking = asyncio.create_task(self._keep_looking(), name="look at tasks")

    async def close(self) -> None:
        """Stop every task, and give its lease back, so that another worker goes on with it."""
        if self._looking is None:
            return
        self._looking.cancel()
        # The loop that begins tasks must end before the tasks.
        await asyncio.gather(self._looking, return_exceptions=True)
        doing = list(self._doing.values())
        for task in doing:
            task.cancel()
        await asyncio.gather(*doing, return_exceptions=True)
        self._looking = None

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self._look()
            except asyncpg.InvalidAuthorizationSpecificationError as refused:
                self._tell_waiting("role-refused", refused)
            except asyncpg.TooManyConnectionsError as full:
                self._tell_waiting("too-many-connections", full)
            except AWAY:
                self._tell_waiting("database-away")
            except Exception as failure:
                self._tell_waiting("failed", failure)
            await asyncio.sleep(self._look_seconds)

    def _tell_waiting(self, reason: str, failure: Exception | None = None) -> None:
        """Log once for each reason: the reason may change while the database stays away."""
        news = f"{reason} {type(failure).__name__}"
        if self._waits != news:
            self._waits = news
            log("tasks_wait", level="warning", role=self._role, reason=reason, exception=failure)

    async def _look(self) -> None:
        """Begin what is free, over and over, until the connection is lost."""
        db = await self.connected("tasks")
        try:
            while True:
                for name in await free(db, self.holder) & self._tasks.keys() - self._doing.keys():
                    self._begin(self._tasks[TaskName(name)])
                if self._waits:
                    self._waits = None
                    log("tasks_go_on", role=self._role)
                await asyncio.sleep(self._look_seconds)
        finally:
            await _closed(db)

    def _begin(self, task: Task) -> None:
        doing = asyncio.create_task(self._do(task), name=f"task {task.name}")
        self._doing[task.name] = doing
        doing.add_done_callback(lambda _: self._doing.pop(task.name, None))

    async def _do(self, task: Task) -> None:
        """Take the task and do it for as long as it is ours; return when it is not."""
        try:
            db = await self.connected(task.name)
            try:
                if await take(db, task.name, self.holder, files=self._files):
                    log("task_taken", kind=task.name)
                    await self._do_while_ours(task, db)
            finally:
                await _closed(db)
        except LeaseLost:
            log("task_lost", level="warning", kind=task.name)
        except AWAY as away:
            # The loop that looks for tasks logs that the database is away.
            log("task_cut_off", kind=task.name, reason="database-away", exception=away)
        except Exception as failure:
            failing = self._failing[task.name]
            if failing.told.is_news(type(failure).__name__):
                log("task_failed", level="error", kind=task.name, exception=failure)
            await asyncio.sleep(failing.failed())

    async def _do_while_ours(self, task: Task, db: asyncpg.Connection) -> None:
        try:
            while True:
                await task.work(db, self.holder)
                failed_before = await note_ran(db, task.name, self.holder)
                # Also where another worker failed, and logged that.
                if self._failing[task.name].over() or failed_before:
                    log("task_goes_on", kind=task.name)
                await self._rest(task, db)
        except (LeaseLost, *AWAY):
            raise
        except Exception as failure:
            with contextlib.suppress(*AWAY):
                await note_failed(db, task.name, self.holder, type(failure).__name__)
            raise
        finally:
            if task.let_go is not None:
                task.let_go()
            with contextlib.suppress(*AWAY):
                async with asyncio.timeout(_GIVE_BACK_SECONDS):
                    await give_back(db, task.name, self.holder)

    async def _rest(self, task: Task, db: asyncpg.Connection) -> None:
        """Wait until the next run, and keep the lease meanwhile.

        Not by a beat: a reader who counts transactions could leave out those that it foresees.
        """
        began, slept = self._clock(), 0.0
        # By whatever went furthest: while a machine is suspended nobody sleeps.
        while (left := task.period_seconds - max(slept, self._clock() - began)) > _PROLONG_SECONDS:
            pause = _PROLONG_SECONDS * _chance.uniform(0.5, 1)
            await asyncio.sleep(pause)
            await prolong(db, task.name, self.holder)
            slept += pause
        await asyncio.sleep(left)

    async def connected(self, name: str) -> asyncpg.Connection:
        """A session that the server ends when this worker stops during a transaction."""
        db = await connect(
            self._url,
            timeout=5,
            command_timeout=LONGEST_SECONDS,
            server_settings={"application_name": f"meetpunt {name}"},
        )
        await prepare_session(db)
        return db


async def _closed(db: asyncpg.Connection) -> None:
    with contextlib.suppress(*AWAY):
        await db.close(timeout=_GIVE_BACK_SECONDS)
