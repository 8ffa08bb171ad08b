"""Numbers of transactions that mean nothing: how many, when, and at what price."""

import asyncio
from collections.abc import Iterator
from itertools import islice, pairwise
from random import Random

import asyncpg
import pytest

from ingest.app import tasks_of
from ingest.municipalities.catalogue import Catalogue
from ingest.tasks.cover import _RUN_SECONDS, A_SECOND, pauses
from ingest.tasks.names import LEASE_SECONDS, TaskName
from tests.attacks.beside import CLOCK_SECONDS, Stretch, right_beside, until_sixty
from tests.conftest import Database
from tests.postgres import newest_first

pytestmark = pytest.mark.anyio
on_the_newest_first = pytest.mark.parametrize("postgres_version", newest_first())

_COVER = "select meetpunt.cover($1)"


async def next_number(db: asyncpg.Connection) -> int:
    number: int = await db.fetchval("select pg_current_xact_id()::text::bigint")
    return number


def test_the_service_covers_without_a_rest(catalogue: Catalogue) -> None:
    (covering,) = [task for task in tasks_of(catalogue) if task.name is TaskName.COVER]
    assert covering.period_seconds == 0


def test_moments_have_no_memory_and_a_call_ends_within_a_lease() -> None:
    calls = [pauses() for _ in range(1_500)]
    drawn = [pause for call in calls for pause in call]
    assert max(map(sum, calls)) + _RUN_SECONDS < LEASE_SECONDS
    mean = sum(drawn) / len(drawn)
    assert mean == pytest.approx(1 / A_SECOND, rel=0.05)
    # Of what has no memory the deviation is the mean, and one pause says nothing of the next.
    squares = sum((pause - mean) ** 2 for pause in drawn) / len(drawn)
    assert squares == pytest.approx(mean**2, rel=0.15)
    together = sum((one - mean) * (other - mean) for one, other in pairwise(drawn)) / len(drawn)
    assert abs(together) < 0.05 * squares


def answered_or_not(
    calls: Iterator[list[float]], chance: Random, *, most_seconds: float
) -> list[Stretch]:
    """Calls by the worst reader, who knows where each one ends and how long it took."""
    stretches = []
    for call in islice(calls, 12_000):
        if 0.5 < sum(call) < most_seconds:
            answers = int(chance.random() < 0.5)
            stretches.append(
                Stretch(seconds=sum(call), numbers=len(call) + answers, answers=answers)
            )
    return stretches


def test_who_sees_where_calls_end_cannot_count_beside_them() -> None:
    """Guessing is right in half; a reader who counts windows as long is right in 0.56 or so."""
    calls = iter(pauses, None)
    assert right_beside(answered_or_not(calls, Random(1), most_seconds=1.8)) < 0.6


def test_beside_calls_of_a_number_that_is_known_anybody_counts() -> None:
    """Control: calls that end by sixty, or by the clock."""
    calls = iter(until_sixty, None)
    assert right_beside(answered_or_not(calls, Random(1), most_seconds=CLOCK_SECONDS)) > 0.95


@on_the_newest_first
async def test_each_pause_ends_with_one_number(database: Database) -> None:
    async with database.connected("meetpunt_folder") as folder, database.superuser() as db:
        for pauses_ in ([0.0], [0.0] * 60, [0.0] * 7):
            before = await next_number(db)
            await folder.fetchval(_COVER, pauses_)
            # Postgres itself may take some now and then, to tidy up.
            assert 0 <= await next_number(db) - before - 1 - len(pauses_) <= 5


@on_the_newest_first
async def test_numbers_are_taken_after_a_crash_too(database: Database) -> None:
    async with database.connected("meetpunt_folder") as folder, database.superuser() as db:
        await folder.fetchval(_COVER, [0.0])
        assert await db.fetchval(
            "select relpersistence = 'u' from pg_class where oid = 'meetpunt.cover'::regclass"
        ), "what Postgres empties after a crash, and does not write to its log"
        await db.execute("truncate meetpunt.cover")
        before = await next_number(db)
        await folder.fetchval(_COVER, [0.0] * 30)
        assert await next_number(db) - before > 30


@on_the_newest_first
async def test_a_session_has_room_for_its_numbers(database: Database) -> None:
    async with database.connected("meetpunt_folder") as folder:
        with pytest.raises(asyncpg.ProgramLimitExceededError):
            await folder.fetchval(_COVER, [0.0] * 61)


@on_the_newest_first
async def test_who_covers_beside_another_does_not_wait(database: Database) -> None:
    """While one worker takes over from another both may cover."""
    async with (
        database.connected("meetpunt_folder") as one,
        database.connected("meetpunt_folder") as other,
        database.superuser() as db,
    ):
        await one.fetchval(_COVER, [0.0])  # who finds the table empty fills it, and another waits
        async with one.transaction(), asyncio.timeout(10):
            await one.fetchval(_COVER, [0.0] * 60)
            before = await next_number(db)
            await other.fetchval(_COVER, [0.0] * 60)
            assert await next_number(db) - before > 60
        before = await next_number(db)
        await one.fetchval(_COVER, [0.0] * 60)
        assert await next_number(db) - before > 60


@pytest.mark.parametrize("role", ["meetpunt_ingest", "meetpunt_work"])
async def test_only_the_tasks_take_them(database: Database, role: str) -> None:
    async with database.connected(role) as db:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.fetchval(_COVER, [0.0])
