"""Work off what systems notified us of: a task, so that one process does it at a time.

Whoever follows a resource of a channel is a `Follower` under its name:

    followers = {("zaken", "status"): cases, ("internetaken", "internetaak"): calls_back}

It gets all that waits about one thing at once, looks at the system itself how that thing is now,
and gives back what to store. That is done in the transaction in which the notifications end. What
a notification says is never believed beyond "look there": they come twice, late, and in any order.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Literal, Protocol, TypeAlias
from uuid import UUID

import asyncpg
import msgspec

from ingest.clock import day_of, now_in_utc
from ingest.connectors.notifications.statements import (
    Waiting,
    end_notifications,
    postpone_notifications,
    waiting_notifications,
    who_waits,
)
from ingest.database.acknowledged import HEAR_WARNINGS
from ingest.running import metrics
from ingest.running.logs import log
from ingest.tasks.failing import Told
from ingest.tasks.leases import LeaseLost
from ingest.tasks.names import TaskName
from ingest.tasks.sharing import Shared
from ingest.tasks.upkeep import AWAY, Task

Store: TypeAlias = Callable[[asyncpg.Connection], Awaitable[None]]
"""Writes what came of it, as meetpunt_work, in the transaction that it is given."""

FOLLOWED_DAYS = 14
"""For so long a system that is away is asked again; then nobody is invited any more anyway."""

_PAUSES = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60))
_THINGS = 20
_AT_ONCE = 5
"""So many things of a municipality are looked at together: others ask that system too."""

_SHARE_SECONDS = 30.0
"""So long a municipality goes on while others may have begun to wait; all begin at once."""


class NotNow(Exception):
    """The system cannot be asked now, or does not let us; `reason` is a code of ours."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class NotYet(NotNow):
    """Nothing is to be said of it before `until` (UTC), within days; it is looked at again then."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__("not-yet")


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """What notifications are about: `municipality` is a slug, `about` the thing's address.

    `resources` and `actions` are those of all that was told of it.
    """

    municipality: str
    about: str
    resources: frozenset[str]
    actions: frozenset[str]

    def __repr__(self) -> str:
        return f"Thing({self.municipality})"


class Follower(Protocol):
    """Looks how a thing is now."""

    async def follow(self, thing: Thing, *, now: datetime) -> Store | None:
        """What to store, None where that is nothing.

        Calls the other system, and no database. Raises `NotNow` or `NotYet`, and is then asked
        again.
        """


Followers: TypeAlias = Mapping[tuple[str, str], Follower]
"""By channel and resource."""


def following(
    followers: Followers,
    slugs: Mapping[str, str],
    *,
    seconds: float | None = None,
    clock: Callable[[], datetime] = now_in_utc,
    thing_seconds: float = 20.0,
) -> Task:
    """The task; `slugs` by the municipality's code. As meetpunt_work.

    Municipalities are followed beside each other, so that none waits for another's system. Of one
    thing that takes more than `thing_seconds` nothing is known yet.
    """
    told = Told()

    async def work(db: asyncpg.Connection, holder: UUID) -> None:
        await db.execute(HEAR_WARNINGS)
        inbox = _Following(
            shared=Shared(db, TaskName.FOLLOW_NOTIFICATIONS, holder),
            followers=followers,
            slugs=slugs,
            told=told,
            clock=clock,
            until=monotonic() + _SHARE_SECONDS,
            thing_seconds=thing_seconds,
        )
        await inbox.shared.side_by_side([inbox.follow(each) for each in await who_waits(db)])

    return Task(name=TaskName.FOLLOW_NOTIFICATIONS, work=work, seconds=seconds)


class _Group(msgspec.Struct, frozen=True):
    """What one follower is asked at once. Of what nobody follows any more there is none."""

    follower: Follower | None
    thing: Thing
    waiting: list[Waiting]


def _by_follower(
    waiting: Sequence[Waiting], followers: Followers, slugs: Mapping[str, str]
) -> list[_Group]:
    groups: dict[tuple[str, str, int], list[Waiting]] = {}
    for each in waiting:
        follower = followers.get((each.channel, each.resource))
        groups.setdefault((each.municipality, each.about, id(follower)), []).append(each)
    return [
        _Group(
            # A municipality that left our files is followed no more.
            followers.get((each[0].channel, each[0].resource)) if code in slugs else None,
            Thing(
                municipality=slugs.get(code, ""),
                about=about,
                resources=frozenset(one.resource for one in each),
                actions=frozenset(one.action for one in each),
            ),
            each,
        )
        for (code, about, _), each in groups.items()
    ]


class _Following(msgspec.Struct, frozen=True, kw_only=True):
    """One run over what is due; nothing is begun after `until`, by the clock of this process."""

    shared: Shared
    followers: Followers
    slugs: Mapping[str, str]
    told: Told
    clock: Callable[[], datetime]
    until: float
    thing_seconds: float

    async def follow(self, municipality: str) -> None:
        """What is due of this one, by its code; however long it takes, no other waits for it."""
        while monotonic() < self.until:
            async with self.shared.reading() as db:
                waiting = await waiting_notifications(db, municipality, _THINGS)
            if not waiting:
                return
            groups = _by_follower(waiting, self.followers, self.slugs)
            for start in range(0, len(groups), _AT_ONCE):
                if monotonic() >= self.until:
                    return
                await self._follow_some(groups[start : start + _AT_ONCE])

    async def _follow_some(self, groups: Sequence[_Group]) -> None:
        now = self.clock()
        looking = [_looked(each, now, self.thing_seconds) for each in groups]
        found = await asyncio.gather(*looking)
        for group, came in zip(groups, found, strict=True):
            await _store(self.shared, group, came, now, self.told)


async def _looked(group: _Group, now: datetime, seconds: float) -> Store | NotNow | None:
    if group.follower is None:
        return None
    try:
        async with asyncio.timeout(seconds):
            return await group.follower.follow(group.thing, now=now)
    except NotNow as not_now:
        return not_now
    except TimeoutError:
        return NotNow("too-slow")
    except Exception as failure:
        # One thing that we do not understand keeps no other waiting.
        log("following_failed", level="error", exception=failure)
        return NotNow("failed")


async def _store(
    shared: Shared,
    group: _Group,
    came: Store | NotNow | None,
    now: datetime,
    told: Told,
) -> None:
    try:
        result = await _stored(shared, group, came, now)
    except (LeaseLost, *AWAY):
        raise
    except Exception as failure:
        # What cannot be stored keeps nothing else waiting either.
        log("following_failed", level="error", exception=failure)
        came = NotNow("failed")
        result = await _stored(shared, group, came, now)
    channel, slug = group.waiting[0].channel, group.thing.municipality
    metrics.connector_messages.labels(municipality=slug, connector=channel, verdict=result).inc()
    if isinstance(came, NotYet):
        return
    if isinstance(came, NotNow) and told.is_news(f"{slug} {channel} {came.reason}"):
        log(
            "notifications_wait" if result == "failed" else "notifications_given_up",
            level="warning",
            municipality=slug,
            kind=channel,
            reason=came.reason,
        )


async def _stored(
    shared: Shared,
    group: _Group,
    came: Store | NotNow | None,
    now: datetime,
) -> Literal["followed", "later", "failed", "given-up"]:
    async with shared.storing() as db:
        if isinstance(came, NotYet):
            pause = max(came.until - now, timedelta(0))
            await postpone_notifications(db, group.waiting, pause, failed=False)
            return "later"
        if isinstance(came, NotNow) and not _is_over(group, now):
            tried = min(each.attempts for each in group.waiting)
            pause = _PAUSES[min(tried, len(_PAUSES) - 1)]
            await postpone_notifications(db, group.waiting, pause, failed=True)
            return "failed"
        if came is not None and not isinstance(came, NotNow):
            await came(db)
        await end_notifications(db, group.waiting)
    return "given-up" if isinstance(came, NotNow) else "followed"


def _is_over(group: _Group, now: datetime) -> bool:
    today = day_of(now)
    return today - max(each.since for each in group.waiting) > timedelta(days=FOLLOWED_DAYS)
