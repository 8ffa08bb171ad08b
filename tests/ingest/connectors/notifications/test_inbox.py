"""The inbox: followed by one process at a time, one thing at once, and forgotten in time."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest
from msgspec.structs import replace

from ingest.connectors.notifications.channels import Notification
from ingest.connectors.notifications.following import Follower as AnyFollower
from ingest.connectors.notifications.following import NotNow, NotYet, Store, Thing, following
from ingest.connectors.notifications.reception import Inbox
from ingest.connectors.notifications.statements import (
    MOST_OF_A_THING,
    read_inbox,
    waiting_notifications,
    who_waits,
)
from ingest.doctor import invitations
from ingest.doctor.findings import Mark
from ingest.doctor.sight import WORK
from ingest.municipalities.catalogue import Catalogue
from ingest.retention.purging import purge
from ingest.tasks.leases import LeaseLost, take
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.ingest.doctor.looking import seen, sight_of

pytestmark = pytest.mark.anyio

BASE = "https://openzaak.example/zaken/api/v1"
NOW = datetime.now(UTC)
MOLENSLOOT = {"GM9001": "molensloot"}


def notification(case: int, number: int = 0, *, resource: str = "status") -> Notification:
    """Something that happened to a case; each number is another thing."""
    return Notification(
        municipality="molensloot",
        channel="zaken",
        resource=resource,
        action="create",
        about=f"{BASE}/zaken/{case}",
        url=f"{BASE}/statussen/{case}-{number}",
        told_at=NOW,
    )


class Follower:
    """Remembers what it was asked; `does` may raise."""

    def __init__(self, does: Callable[[Thing], Store | None] = lambda _: None) -> None:
        self.asked: list[Thing] = []
        self._does = does

    async def follow(self, thing: Thing, *, now: datetime) -> Store | None:
        self.asked.append(thing)
        return self._does(thing)


async def keep(database: Database, files: Catalogue, keys: Keys, *told: Notification) -> int:
    inbox = Inbox(files.municipalities, keys)
    async with database.connected("meetpunt_ingest") as db:
        return await inbox.store(db, told, now=NOW)


async def follow(
    database: Database,
    follower: AnyFollower,
    codes: Mapping[str, str] = MOLENSLOOT,
    thing_seconds: float = 20.0,
) -> None:
    task = following({("zaken", "status"): follower}, codes, thing_seconds=thing_seconds)
    holder = uuid4()
    async with database.connected("meetpunt_work") as db:
        await db.execute("update meetpunt.task set holder = null, held_until = null, pid = null")
        assert await take(db, task.name, holder)
        await task.work(db, holder)


async def waiting(database: Database) -> int:
    async with database.superuser() as db:
        found: int = await db.fetchval(
            "select count(*) from meetpunt.notification where due is not null"
        )
    return found


async def test_all_that_waits_about_one_thing_is_looked_at_once(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    told = [notification(1, 0), notification(1, 1), notification(2), notification(1, 0)]
    assert await keep(database, catalogue, keys, *told) == 3
    assert await keep(database, catalogue, keys, *told) == 0
    follower = Follower()
    await follow(database, follower)
    assert sorted(each.about for each in follower.asked) == [f"{BASE}/zaken/1", f"{BASE}/zaken/2"]
    assert await waiting(database) == 0
    # It is known for as long as it may come again.
    assert await keep(database, catalogue, keys, *told) == 0


async def test_what_fails_waits_longer_each_time_and_keeps_nothing_else_waiting(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    def fails(thing: Thing) -> Store | None:
        if thing.about.endswith("/1"):
            raise NotNow("unreachable")
        if thing.about.endswith("/2"):
            raise ValueError("kanarie")
        if thing.about.endswith("/3"):
            return refused
        return None

    async def refused(db: asyncpg.Connection) -> None:
        await db.execute("select 1 / 0")

    await keep(database, catalogue, keys, *map(notification, range(1, 6)))
    follower = Follower(fails)
    await follow(database, follower)
    assert len(follower.asked) == 5
    assert await waiting(database) == 3
    # Nothing of it is due within the next minute.
    await follow(database, follower)
    assert len(follower.asked) == 5
    pauses = []
    async with database.superuser() as db:
        for _ in range(3):
            pauses.append(
                await db.fetchval(
                    "select round(extract(epoch from min(due) - clock_timestamp()) / 60)"
                    " from meetpunt.notification where due is not null"
                )
            )
            await db.execute(
                "update meetpunt.notification set due = clock_timestamp() where due is not null"
            )
            await follow(database, follower)
    assert pauses == [1, 5, 15]


async def test_what_is_not_to_be_told_yet_counts_as_no_failure(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    def not_yet(thing: Thing) -> Store | None:
        if thing.about.endswith("/1"):
            raise NotYet(NOW + timedelta(days=1))
        raise NotNow("key-refused")

    await keep(database, catalogue, keys, *map(notification, range(1, 4)))
    await follow(database, Follower(not_yet))
    async with database.connected("meetpunt_work") as db:
        inbox = await read_inbox(db)
    assert (inbox.waiting, inbox.failed, inbox.tried) == (3, 2, 0)


class Hanging:
    """Of Molensloot nothing is answered before another municipality was asked about."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def follow(self, thing: Thing, *, now: datetime) -> Store | None:
        if thing.municipality != "molensloot":
            self.asked.set()
        await self.asked.wait()
        return None


async def test_no_municipality_waits_for_the_system_of_another(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    other = replace(notification(7), municipality="waterakker")
    await keep(database, catalogue, keys, *map(notification, range(12)), other)
    codes = {each.code: slug for slug, each in catalogue.municipalities.items()}
    async with asyncio.timeout(20):
        await follow(database, Hanging(), codes)
    assert await waiting(database) == 0


async def test_what_takes_too_long_is_looked_at_again(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    await keep(database, catalogue, keys, notification(1))
    await follow(database, Hanging(), thing_seconds=0.05)
    assert await waiting(database) == 1


async def test_of_one_thing_so_much_is_read_at_once(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    told = [notification(1, number) for number in range(MOST_OF_A_THING + 1)]
    await keep(database, catalogue, keys, notification(2), *told)
    async with database.connected("meetpunt_work") as db:
        (code,) = await who_waits(db)
        read = await waiting_notifications(db, code, 20)
    assert len([each for each in read if each.about == told[0].about]) == MOST_OF_A_THING
    follower = Follower()
    await follow(database, follower)
    assert await waiting(database) == 0
    assert len([each for each in follower.asked if each.about == told[0].about]) == 2


async def test_what_nobody_follows_any_more_ends(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    await keep(database, catalogue, keys, notification(1, resource="substatus"))
    follower = Follower()
    await follow(database, follower)
    assert (follower.asked, await waiting(database)) == ([], 0)


async def test_who_lost_the_task_writes_nothing(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    await keep(database, catalogue, keys, notification(1))
    task = following({("zaken", "status"): Follower()}, {"GM9001": "molensloot"})
    async with database.connected("meetpunt_work") as db:
        with pytest.raises(LeaseLost):
            await task.work(db, uuid4())
    assert await waiting(database) == 1


async def test_the_service_adds_and_reads_nothing_and_each_goes_at_its_term(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    await keep(database, catalogue, keys, notification(1), notification(2))
    async with database.connected("meetpunt_ingest") as db:
        for column in ("about", "url", "channel", "due"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.fetch(f"select {column} from meetpunt.notification")
        for change in ("update meetpunt.notification set due = null", DELETE):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute(change)
    async with database.connected("meetpunt_folder") as db:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.fetch("select about from meetpunt.notification")
        for days, gone in ((34, 0), (37, 2)):
            told = await purge(db, {}, now=NOW + timedelta(days=days))
            rows = {each.kind: each.rows for each in told}
            assert rows.get("notification", 0) == gone


DELETE = "delete from meetpunt.notification"


async def test_the_doctor_says_what_waits_and_that_somebody_should_look(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    async def told() -> list[tuple[Mark, str]]:
        found = await seen(sight_of(database, roles=(WORK,)), invitations.examine)
        return [(each.mark, each.sentence) for each in found if "notification" in each.sentence]

    async def change(what: str) -> None:
        async with database.superuser() as db:
            await db.execute(f"update meetpunt.notification set {what}")

    assert await told() == []
    await keep(database, catalogue, keys, notification(1))
    ((mark, _),) = await told()
    assert mark == Mark.OK
    await change("attempts = 1")
    ((mark, sentence),) = await told()
    assert (mark, "1 of them were tried and failed" in sentence) == (Mark.LOOK, True)
    await change("due = clock_timestamp() - interval '10 minutes', attempts = 0")
    ((mark, sentence),) = await told()
    assert (mark, "for 600 seconds" in sentence) == (Mark.WRONG, True)
    await change("due = clock_timestamp(), attempts = 4")
    ((mark, sentence),) = await told()
    assert (mark, "notifications_wait" in sentence) == (Mark.WRONG, True)
