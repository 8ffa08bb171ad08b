"""Starts the whole of `serve` and `demo`, sees every task run, and takes workers away mid-way.

A task ran when its row says so and what it does is there: responses became readable, spent tokens
were destroyed, a kiosk's line is fresh. Each exactly once, whoever was killed or stopped.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
import msgspec

from ingest.clock import today_here
from ingest.database.once import run_once
from ingest.kiosk.watching import watch_kiosks
from ingest.municipalities.catalogue import Catalogue
from ingest.tasks.names import LEASE_SECONDS, TaskName
from ingest.tasks.upkeep import LOOK_SECONDS
from ingest.tokens.keys import new_keys
from tests.conftest import Database, prepared
from tests.example import example_catalogue
from tests.ingest.reporting.responses import many, store
from tests.system.running import Running, running

SERVE, DEMO = "serve", "demo"
HANDED_ON_SECONDS = LEASE_SECONDS + LOOK_SECONDS
"""Within this a task is with another worker, and on a busy machine a little later."""

_ALLOWANCE_SECONDS = 10.0
_START_SECONDS = 30.0
_SEEDED = 20
_MUNICIPALITY = "GM9001"
# A row that each of these waits for in the middle of its transaction.
_BLOCKED = {
    TaskName.PUBLISH: "meetpunt.unpublished",
    TaskName.PURGE: "meetpunt.spent_token",
    TaskName.WATCH_KIOSKS: "lees.kiosk",
}


class Found(msgspec.Struct, kw_only=True):
    """What many starts came to. `seconds` is the longest that a task was with nobody who ran."""

    starts: int = 0
    not_run: int = 0
    killed: int = 0
    stopped: int = 0
    handed_on: int = 0
    twice: int = 0
    seconds: float = 0.0

    def add(self, other: "Found") -> None:
        """Count another's in."""
        for name in self.__struct_fields__:
            ours, theirs = getattr(self, name), getattr(other, name)
            setattr(self, name, max(ours, theirs) if name == "seconds" else ours + theirs)

    @property
    def sound(self) -> bool:
        """Whether every task ran in every start, and nothing was done twice."""
        return not self.not_run and not self.twice


async def prepare(database: Database) -> None:
    """Write down who had which task when, and make a kiosk that can be watched."""
    async with database.superuser() as db:
        await run_once(db)
        await db.execute(_DRILL)
        await db.execute(
            "insert into meetpunt.kiosk"
            " (municipality, touchpoint, public_key, name, enrolled_at, last_seen)"
            " values ($1, 1, decode(repeat('04', 65), 'hex'), 'Hal links', now(), now())",
            _MUNICIPALITY,
        )
    async with database.connected("meetpunt_folder") as folder:
        await watch_kiosks(folder)


async def seed(database: Database, catalogue: Catalogue) -> datetime:
    """Give each task something to do; returns the database's time before any can have done it."""
    async with database.superuser() as db:
        began: datetime = await db.fetchval("select clock_timestamp()")
        await db.executemany(
            "insert into meetpunt.spent_token values ($1, $2, $3)",
            [(_MUNICIPALITY, os.urandom(16), date(2026, 1, 1)) for _ in range(_SEEDED)],
        )
        await db.execute("delete from meetpunt.look")
    await seed_responses(database, catalogue)
    return began


async def seed_responses(database: Database, catalogue: Catalogue) -> None:
    """Store what may be published at the next look."""
    yesterday = today_here() - timedelta(days=1)
    responses = many(_SEEDED, catalogue, day=yesterday)
    async with database.superuser() as db:
        await db.executemany(
            "insert into drill.seeded values ($1)", [(each.id,) for each in responses]
        )
    await store(database, responses)


async def not_run(db: asyncpg.Connection, began: datetime) -> set[TaskName]:
    """The tasks that did not run since `began`, by their rows and by what they do."""
    names = await db.fetch("select name from meetpunt.task where last_ran > $1", began)
    left = set(TaskName) - {TaskName(row["name"]) for row in names}
    undone = await db.fetchrow(
        "select exists (select from meetpunt.unpublished join drill.seeded"
        " on id = response_id) as publish,"
        " exists (select from meetpunt.spent_token where expires_on < '2026-02-01') as purge,"
        " not exists (select from lees.kiosk where looked_at > $1) as watch",
        began,
    )
    tasks = (TaskName.PUBLISH, TaskName.PURGE, TaskName.WATCH_KIOSKS)
    return left | {task for task, is_so in zip(tasks, undone.values(), strict=True) if is_so}


async def wait_for_tasks(
    database: Database, began: datetime, *, seconds: float, but: frozenset[TaskName] = frozenset()
) -> set[TaskName]:
    """Return those that did not run within `seconds`; at once when only `but` are left."""
    until = time.monotonic() + seconds
    async with database.superuser() as db:
        while (left := await not_run(db, began)) - but and time.monotonic() < until:
            await db.execute("select pg_sleep(0.05)")
    return left


@contextlib.contextmanager
def started(
    database: Database, folder: Path, keys_file: Path, command: str, workers: int
) -> Iterator[Running]:
    """`meetpunt serve` or `demo` on this database; its log is `folder` with `.log` behind it."""
    with running(
        folder,
        *(sys.executable, "-m", "ingest", command),
        workers=workers,
        MEETPUNT_DATABASE_URL=database.ingest,
        MEETPUNT_FOLDER_URL=database.url("meetpunt_folder"),
        MEETPUNT_WORK_URL=database.url("meetpunt_work"),
        MEETPUNT_OWNER_URL=database.owner,
        MEETPUNT_KEYS_FILE=str(keys_file),
    ) as service:
        yield service


@asynccontextmanager
async def halted(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Let tasks come into the middle of a transaction, and no further."""
    async with database.superuser() as db:
        await db.execute("begin")
        for table in _BLOCKED.values():
            await db.execute(f"select from {table} for update")
        yield db


async def wait_until_halted(db: asyncpg.Connection, seconds: float) -> None:
    """Until every task that can be is in the middle of its work. Raises TimeoutError."""
    until = time.monotonic() + seconds
    names = [f"meetpunt {task}" for task in _BLOCKED]
    while time.monotonic() < until:
        waiting = await db.fetchval(
            "select count(distinct application_name) from pg_stat_activity"
            " where datname = current_database() and wait_event_type = 'Lock'"
            " and application_name = any ($1)",
            names,
        )
        if waiting == len(names):
            return
        await db.execute("select pg_sleep(0.05), pg_stat_clear_snapshot()")
    raise TimeoutError("the tasks did not begin")


class Worker(msgspec.Struct, frozen=True):
    """A worker as the log tells of it: its process, and the tasks that it took last."""

    pid: int
    tasks: frozenset[str]


def workers_of(service: Running) -> list[Worker]:
    """The workers that live, those with the most tasks first."""
    pids: dict[int, int] = {}
    taken: dict[str, int] = {}
    for line in service.data.with_name(f"{service.data.name}.log").read_text().splitlines():
        told = json.loads(line) if line.startswith("{") else {}
        if told.get("event") == "worker_started":
            pids[told["worker"]] = told["pid"]
        elif told.get("event") == "task_taken":
            taken[told["kind"]] = told["worker"]
    found = [
        Worker(pid, frozenset(kind for kind, by in taken.items() if by == number))
        for number, pid in pids.items()
    ]
    return sorted(found, key=lambda worker: -len(worker.tasks))


async def one_start(
    database: Database, catalogue: Catalogue, folder: Path, keys_file: Path, workers: int, turn: int
) -> Found:
    """Start `serve`, take workers away in the middle of their tasks, and see all done once."""
    began = await seed(database, catalogue)
    found = Found(starts=1)
    stopped: Sequence[Worker] = ()
    async with halted(database) as db:
        with started(database, folder, keys_file, SERVE, workers) as service:
            try:
                await wait_until_halted(db, _START_SECONDS)
                killed, stopped = _take_away(workers_of(service), turn)
                found.killed, found.stopped = 1, len(stopped)
                found.handed_on = sum(len(each.tasks) for each in (killed, *stopped))
                await db.execute("rollback")
                gone = time.monotonic()
                patience = HANDED_ON_SECONDS + _ALLOWANCE_SECONDS
                found.not_run = len(await wait_for_tasks(database, began, seconds=patience))
                found.seconds = round(time.monotonic() - gone, 1)
            finally:
                for each in stopped:
                    os.kill(each.pid, signal.SIGCONT)
    found.twice = await done_twice(database)
    return found


def _take_away(workers: list[Worker], turn: int) -> tuple[Worker, Sequence[Worker]]:
    """Kill one and stop another, by turns the one that has the most to do."""
    one, *others = workers[:2]
    killed, *stopped = (*others, one) if turn % 2 else (one, *others)
    os.kill(killed.pid, signal.SIGKILL)
    for each in stopped:
        os.kill(each.pid, signal.SIGSTOP)
    return killed, stopped


async def one_demo(
    database: Database, catalogue: Catalogue, folder: Path, keys_file: Path, workers: int
) -> Found:
    """Start `demo`, told to have so many workers, and see every task run."""
    began = await seed(database, catalogue)
    with started(database, folder, keys_file, DEMO, workers):
        # It published once before it served: what comes now is for the task.
        await seed_responses(database, catalogue)
        left = await wait_for_tasks(database, began, seconds=_START_SECONDS)
    return Found(starts=1, not_run=len(left))


async def done_twice(database: Database) -> int:
    """What was done more than once, or by one while another had the task."""
    async with database.superuser() as db:
        twice: int = await db.fetchval(_TWICE)
    return twice


class Drilled(msgspec.Struct, frozen=True):
    """What each lane came to, and the tasks that did not run where somebody held one."""

    lanes: dict[str, Found]
    control: set[TaskName]


def everything(starts: int, numbers: Sequence[int] = (1, 2, 3)) -> Drilled:
    """So many starts each of `serve` with so many workers, and of `demo`, side by side.

    They wait for leases to run out for most of the time.
    """
    lanes = {f"serve, {workers} workers": (SERVE, workers) for workers in numbers}
    lanes["demo"] = (DEMO, 1)
    # One after another: they are copies of one database, and what is said of it is said to all.
    databases = [prepared(f"lane_{number}") for number in range(len(lanes) + 1)]
    for database in databases:
        asyncio.run(prepare(database))
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(len(databases)) as threads:
        folder, keys_file = Path(temporary), Path(temporary) / "keys.json"
        new_keys(keys_file, now=datetime(2026, 1, 1, tzinfo=UTC))
        doing = {
            name: threads.submit(asyncio.run, _lane(folder, starts, database, *what))
            for (name, what), database in zip(lanes.items(), databases, strict=False)
        }
        held = held_by_another(databases[-1], example_catalogue(), folder / "control", keys_file)
        control = threads.submit(asyncio.run, held)
        return Drilled({name: done.result() for name, done in doing.items()}, control.result())


async def _lane(folder: Path, starts: int, database: Database, command: str, workers: int) -> Found:
    catalogue, keys_file = example_catalogue(), folder / "keys.json"
    total = Found()
    for turn in range(starts):
        place = folder / f"{database.name}-{turn}"
        if command == DEMO:
            found = await one_demo(database, catalogue, place, keys_file, turn % 3 + 1)
        else:
            found = await one_start(database, catalogue, place, keys_file, workers, turn)
        total.add(found)
    return total


async def held_by_another(
    database: Database, catalogue: Catalogue, folder: Path, keys_file: Path
) -> set[TaskName]:
    """Control: what does not run while somebody else has the row of one task. It has to be seen."""
    began = await seed(database, catalogue)
    held = TaskName.WATCH_KIOSKS
    async with database.superuser() as holder:
        await holder.execute("begin")
        await holder.execute("select from meetpunt.task where name = $1 for update", held)
        with started(database, folder, keys_file, SERVE, 2):
            return await wait_for_tasks(
                database, began, seconds=_START_SECONDS, but=frozenset({held})
            )


_DRILL = """
    create schema drill;
    create table drill.seeded (id uuid primary key);
    create table drill.history (
        at timestamptz, name text, before uuid, until timestamptz, after uuid
    );
    create function drill.note() returns trigger language plpgsql security definer as $$
    begin
        insert into drill.history
        values (clock_timestamp(), new.name, old.holder, old.held_until, new.holder);
        return null;
    end $$;
    create trigger note after update of holder on meetpunt.task
    for each row execute function drill.note();
"""

_TWICE = """
    select greatest((select count(*) from lees.reactie) - seeded, 0)
        + greatest((select coalesce(sum(responses), 0) from lees.deelname
            where grain = 'month') - seeded, 0)
        + greatest((select coalesce(sum(rows), 0) from meetpunt.destruction_record
            where kind = 'spent_token') - seeded, 0)
        + (select count(*) from drill.history
            where before is not null and after is not null and before <> after and until > at)
    from (select count(*) as seeded from drill.seeded) as _
"""
