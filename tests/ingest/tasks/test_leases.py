"""Each task is done by one worker, and by another as soon as that one is gone."""

import asyncio
import logging
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from ingest.app import tasks_of
from ingest.connectors.work import ConnectorWork
from ingest.database.migrate import migrate
from ingest.followup.pushing.work import Telling
from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from ingest.reports.sending import sending_reports
from ingest.retention.purging import purge
from ingest.senders.senders import Senders
from ingest.tasks.leases import (
    LeaseLost,
    TaskUnknown,
    give_back,
    hold,
    note_failed,
    note_ran,
    take,
)
from ingest.tasks.names import LEASE_SECONDS, TaskName
from ingest.tasks.status import TaskStatus, read_holders, read_tasks
from ingest.tasks.upkeep import Task, Upkeep
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.cut_line import cut_line
from tests.log_lines import lines_of
from tests.test_architecture import PACKAGE

pytestmark = pytest.mark.anyio

_PATIENCE_SECONDS = 20.0
# Those that were advisory locks once, and the two ways to name one.
_FORMER_LOCKS = range(7_203_151_946, 7_203_151_953)


async def _until(
    database: Database, is_so: Callable[[Sequence[TaskStatus]], bool]
) -> Sequence[TaskStatus]:
    """How tasks are, once it `is_so`."""
    async with asyncio.timeout(_PATIENCE_SECONDS), database.connected("meetpunt_ingest") as db:
        while not is_so(found := await read_tasks(db)):
            pass
    return found


async def _run_out(database: Database, name: TaskName) -> None:
    async with database.superuser() as db:
        await db.execute(
            "update meetpunt.task set held_until = clock_timestamp() - interval '1 second'"
            " where name = $1",
            name,
        )


def work_of(url: str, catalogue: Catalogue, keys: Keys) -> ConnectorWork:
    """What is done as meetpunt_work, as the service puts it together."""
    telling = Telling(catalogue, folder=Path("nowhere"))
    reports = sending_reports(catalogue, Senders({}, folder=Path()))
    more = [telling.task(), reports]
    return ConnectorWork(url, catalogue=catalogue, keys=keys, more=more)


def test_every_task_of_the_service_has_a_name_of_its_own(catalogue: Catalogue, keys: Keys) -> None:
    of_work = work_of("postgresql://nowhere", catalogue, keys).tasks()
    every = [*tasks_of(catalogue), *of_work]
    assert sorted(task.name for task in every) == sorted(TaskName)
    assert {task.name for task in of_work} == {name for name in TaskName if name.of_work}


def test_two_tasks_under_one_name_are_refused(catalogue: Catalogue) -> None:
    twice = [*tasks_of(catalogue), tasks_of(catalogue)[0]]
    with pytest.raises(ValueError, match="two tasks have one name"):
        Upkeep("postgresql://nowhere", twice)


def test_no_lock_is_taken_that_a_reader_could_hold() -> None:
    taking = re.compile(r"advisory\w*lock\w*\(")
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.sql")]
    assert [path.name for path in files if taking.search(path.read_text("utf-8"))] == []


async def test_every_task_runs_beside_the_requests(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    upkeep = Upkeep(database.url("meetpunt_folder"), tasks_of(catalogue))
    work = work_of(database.url("meetpunt_work"), catalogue, keys)
    await upkeep.start()
    await work.start()
    try:
        found = await _until(database, lambda tasks: all(task.last_ran for task in tasks))
        async with database.connected("meetpunt_ingest") as db:
            told = {name for each in await read_holders(db) for name in each.tasks}
    finally:
        await upkeep.close()
        await work.close()
    assert told >= {name for name in TaskName if name.of_work}
    assert not [task.name for task in found if task.is_late() or task.failed_last]
    # A clean stop leaves them to others at once.
    assert not any(task.held for task in await _until(database, bool))


async def test_a_second_worker_does_what_the_first_was_killed_at(database: Database) -> None:
    """Control: while the lease lasts, it does not."""
    dead = uuid4()
    async with database.connected("meetpunt_folder") as db:
        assert await take(db, TaskName.PUBLISH, dead)
    done: list[UUID] = []

    async def work(_db: asyncpg.Connection, holder: UUID) -> None:
        done.append(holder)

    second = Upkeep(
        database.url("meetpunt_folder"),
        [Task(name=TaskName.PUBLISH, work=work), Task(name=TaskName.PURGE, work=work)],
        look_seconds=0.05,
    )
    await second.start()
    try:
        await _until(database, lambda tasks: _of(tasks, TaskName.PURGE).last_ran is not None)
        assert _of(await _until(database, bool), TaskName.PUBLISH).last_ran is None
        await _run_out(database, TaskName.PUBLISH)
        await _until(database, lambda tasks: _of(tasks, TaskName.PUBLISH).last_ran is not None)
    finally:
        await second.close()
    assert done == [second.holder] * 2


def _of(tasks: Sequence[TaskStatus], name: TaskName) -> TaskStatus:
    return next(task for task in tasks if task.name == name)


async def test_who_lost_the_lease_writes_nothing_more(database: Database) -> None:
    slow, quick = uuid4(), uuid4()
    async with database.connected("meetpunt_folder") as db:
        assert await take(db, TaskName.PURGE, slow)
        assert not await take(db, TaskName.PURGE, quick)
        await _run_out(database, TaskName.PURGE)
        assert await take(db, TaskName.PURGE, quick)
        with pytest.raises(LeaseLost):
            async with db.transaction():
                await hold(db, TaskName.PURGE, holder=slow)
        with pytest.raises(LeaseLost):
            await note_ran(db, TaskName.PURGE, slow)
        # Nor does it take the lease away from who has it now.
        await give_back(db, TaskName.PURGE, slow)
        assert not await take(db, TaskName.PURGE, slow)


async def test_who_runs_it_after_a_failure_hears_that_it_had_failed(database: Database) -> None:
    one, other = uuid4(), uuid4()
    async with database.connected("meetpunt_folder") as db:
        assert await take(db, TaskName.PURGE, one)
        assert not await note_ran(db, TaskName.PURGE, one)
        await note_failed(db, TaskName.PURGE, one, "DiskFullError")
        await give_back(db, TaskName.PURGE, one)
        assert await take(db, TaskName.PURGE, other)
        assert await note_ran(db, TaskName.PURGE, other)
        assert not await note_ran(db, TaskName.PURGE, other)


async def test_a_long_transaction_keeps_the_task_after_its_lease(database: Database) -> None:
    holder = uuid4()
    async with (
        database.connected("meetpunt_folder") as one,
        database.connected("meetpunt_folder") as two,
    ):
        assert await take(one, TaskName.PURGE, holder)
        await _run_out(database, TaskName.PURGE)
        async with one.transaction():
            await hold(one, TaskName.PURGE, holder=holder)
            assert not await take(two, TaskName.PURGE, uuid4())


async def test_why_no_task_is_done_is_told_anew_when_it_changes(
    own_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Sessions end before a role that was closed is asked who it is: that alone is an outage."""
    caplog.set_level(logging.INFO, "meetpunt")

    def told() -> list[tuple[str, str | None]]:
        return [(line["event"], line.get("reason")) for line in lines_of(caplog)]

    async def until(event: str, reason: str | None = None) -> None:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while (event, reason) not in told():  # noqa: ASYNC110 - a log tells nobody of a line
                await asyncio.sleep(0)

    url = own_database.url("meetpunt_folder")
    async with cut_line(url) as (line, through), own_database.superuser() as db:
        line.refuses = 1
        upkeep = Upkeep(through, [], look_seconds=0.02)
        await upkeep.start()
        try:
            await until("tasks_wait", "database-away")
            await until("tasks_go_on")
            ours = [each for each in lines_of(caplog) if each["event"].startswith("tasks_")]
            assert {each["role"] for each in ours} == {"meetpunt_folder"}
            for closed, reason in (
                ("nologin", "role-refused"),
                ("login connection limit 0", "too-many-connections"),
            ):
                await db.execute(f"alter role meetpunt_folder {closed}")
                await db.execute(_END_SESSIONS)
                await until("tasks_wait", reason)
        finally:
            await db.execute("alter role meetpunt_folder login connection limit -1")
            await upkeep.close()


_END_SESSIONS = """
    select pg_terminate_backend(pid) from pg_stat_activity where usename = 'meetpunt_folder'
        and datname = current_database()
"""


async def test_a_task_that_fails_over_and_over_is_told_once_and_that_it_goes_on(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    tries = 0

    async def work(_db: asyncpg.Connection, _holder: UUID) -> None:
        nonlocal tries
        tries += 1
        if tries < 5:
            raise ValueError

    upkeep = Upkeep(
        database.url("meetpunt_folder"),
        [Task(name=TaskName.PUBLISH, work=work)],
        look_seconds=0.01,
        pauses_seconds=(0.01,),
    )
    await upkeep.start()
    try:
        await _until(database, lambda tasks: _of(tasks, TaskName.PUBLISH).last_ran is not None)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while (events := _events(caplog))[-1] != "task_goes_on":  # noqa: ASYNC110
                await asyncio.sleep(0)
    finally:
        await upkeep.close()
    assert [each for each in events if each != "task_taken"] == ["task_failed", "task_goes_on"]


def _events(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [line["event"] for line in lines_of(caplog)]


async def test_a_session_that_stops_in_a_transaction_is_ended(database: Database) -> None:
    """Within the length of a lease, by the server itself."""
    upkeep = Upkeep(database.url("meetpunt_folder"), [])
    db = await upkeep.connected("test")
    try:
        limit = await db.fetchval("show idle_in_transaction_session_timeout")
    finally:
        await db.close()
    assert limit == "15s"


# Takes the task by name, says so, and is in the middle of a long statement then.
_LONG_WORK = """
import asyncio, sys
from uuid import uuid4
from ingest.tasks.leases import hold, take
from ingest.tasks.upkeep import Upkeep

async def work():
    holder = uuid4()
    db = await Upkeep(sys.argv[1], []).connected("test")
    await take(db, sys.argv[2], holder)
    async with db.transaction():
        await hold(db, sys.argv[2], holder=holder)
        print(db.get_server_pid(), flush=True)
        await db.execute("select pg_sleep(600)")

asyncio.run(work())
"""


@pytest.mark.long
async def test_a_statement_of_a_worker_that_was_killed_is_ended(database: Database) -> None:
    """Within the length of a lease, by the server itself: nobody else could begin before."""
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _LONG_WORK, database.url("meetpunt_folder"), "purge"),
        stdout=asyncio.subprocess.PIPE,
        cwd=PACKAGE.parent,
    )
    assert worker.stdout is not None
    pid = int(await worker.stdout.readline())
    async with database.superuser() as db, asyncio.timeout(LEASE_SECONDS):
        sleeping = (
            "select exists (select from pg_stat_activity where pid = $1 and wait_event = 'PgSleep')"
        )
        while not await db.fetchval(sleeping, pid):
            pass
        worker.kill()
        await worker.wait()
        while await db.fetchval("select exists (select from pg_stat_activity where pid = $1)", pid):
            pass


@pytest.mark.long  # two services for a second; the drill of tasks does so too
async def test_a_task_of_another_version_is_left_to_that_version(
    own_database: Database, catalogue: Catalogue
) -> None:
    """An older one may serve beside this one while it is replaced, or a newer one."""
    async with own_database.superuser() as db:
        await db.execute("insert into meetpunt.task (name) values ('of-another-version')")
    newer = Upkeep(own_database.url("meetpunt_folder"), tasks_of(catalogue))
    await newer.start()
    try:
        found = await _until(
            own_database,
            lambda tasks: all(task.last_ran for task in tasks if not task.name.of_work),
        )
    finally:
        await newer.close()
    assert [task.name for task in found] == list(TaskName)
    async with own_database.superuser() as db:
        other = await db.fetchrow("select * from meetpunt.task where name = 'of-another-version'")
        assert other["last_ran"] is None
        assert other["holder"] is None
    async with own_database.connected("meetpunt_owner") as owner:
        await migrate(owner)
        assert await owner.fetchval("select count(*) from meetpunt.task") == len(TaskName) + 1


async def test_a_database_that_knows_no_such_task_says_what_to_do(own_database: Database) -> None:
    async with own_database.superuser() as db:
        await db.execute("delete from meetpunt.task where name = 'publish'")
    async with own_database.connected("meetpunt_folder") as db:
        with pytest.raises(TaskUnknown, match="meetpunt migrate"):
            async with db.transaction():
                await hold(db, TaskName.PUBLISH)
        unknown = _of(await read_tasks(db), TaskName.PUBLISH)
    assert unknown.is_late()


async def test_who_holds_every_advisory_lock_keeps_nothing_waiting(
    own_database: Database, catalogue: Catalogue
) -> None:
    """A reader may do so where `once.sql` did not run."""
    now = datetime.now(UTC)
    async with own_database.superuser() as reader:
        for number in _FORMER_LOCKS:
            await reader.execute("select pg_advisory_lock($1)", number)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            async with own_database.connected("meetpunt_owner") as owner:
                await migrate(owner)
            async with own_database.connected("meetpunt_folder") as folder:
                looked = await publish(folder, plan_of(catalogue), now=now, due_only=False)
                await purge(folder, {}, now=now)
    assert looked.looked_at == len(catalogue.municipalities)


async def test_a_reader_cannot_touch_the_rows(database: Database) -> None:
    async with database.superuser() as db:
        may = await db.fetch(
            "select grantee::regrole::text from pg_class, aclexplode(relacl)"
            " where oid = 'meetpunt.task'::regclass and grantee <> relowner"
        )
    assert {row["grantee"] for row in may} == {
        *("meetpunt_folder", "meetpunt_ingest", "meetpunt_work")
    }


def test_what_nobody_ever_did_as_meetpunt_work_is_not_late() -> None:
    """Who sends no invitations has no such role. Control: once it was done, it must go on."""
    name, silent = TaskName.POLL_CASES, 1e6
    assert not TaskStatus(name=name, silent_seconds=silent).is_late()
    assert TaskStatus(name=name, silent_seconds=silent, last_ran=datetime.now(UTC)).is_late()
    assert TaskStatus(name=name).is_late()


@pytest.mark.parametrize("name", TaskName)
def test_a_task_is_late_after_three_of_its_periods_and_a_lease(name: TaskName) -> None:
    limit, ran = 3 * name.period_seconds + 15, datetime.now(UTC)
    once = TaskStatus(name=name, last_ran=ran, silent_seconds=limit - 1)
    assert not once.is_late()
    assert once.is_late(elapsed_seconds=2)
    # The database's clock was put back: when it ran tells nothing.
    assert TaskStatus(name=name, last_ran=ran, silent_seconds=-3600).is_late()
