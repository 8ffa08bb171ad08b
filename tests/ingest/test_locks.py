"""Two tasks under one number: only one of them would ever run, and nobody would hear of it."""

import re
from collections import Counter

import pytest

from ingest.app import tasks_of
from ingest.locks import Lock
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.test_architecture import PACKAGE

pytestmark = pytest.mark.anyio


def test_every_number_stands_once_and_in_one_list() -> None:
    assert len(set(Lock)) == len(Lock.__members__)
    literal = re.compile(r"advisory\w*lock\(\s*\d|7_203_151|7203151")
    spelled_out = [
        str(path.relative_to(PACKAGE))
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "locks.py" and literal.search(path.read_text("utf-8"))
    ]
    assert not spelled_out


def test_no_two_tasks_have_one_lock(catalogue: Catalogue) -> None:
    tasks = tasks_of(catalogue)
    assert len(tasks) > 2
    assert {lock: n for lock, n in Counter(task.lock for task in tasks).items() if n > 1} == {}


async def test_one_worker_can_do_every_task_at_once(
    database: Database, catalogue: Catalogue
) -> None:
    """Control: the same lock a second time, from another session, is refused."""
    async with database.connected("meetpunt_folder") as one:
        got = [
            await one.fetchval("select pg_try_advisory_lock($1)", task.lock)
            for task in tasks_of(catalogue)
        ]
        async with database.connected("meetpunt_folder") as another:
            for task in tasks_of(catalogue):
                assert not await another.fetchval("select pg_try_advisory_lock($1)", task.lock)
    assert all(got)
