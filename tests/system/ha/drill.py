"""Faults of a cluster under everybody's load, in rounds: what was thanked for and is gone.

And two that have to lose: one that does not wait for a standby, and the Patroni of Debian 12. Its
leader that was frozen finds itself in what it remembered, hears that its lease is over, takes a new
one and writes itself down as the leader without looking. With an etcd that was not frozen it may
hear of the other leader first; where its line is cut, the first request that fails has
it forget what it remembered.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import asyncpg
import msgspec

from ingest.postgres.server import SUPERUSER
from tests.system.ha import settings
from tests.system.ha.cluster import Cluster, a_cluster
from tests.system.ha.everything import Everything, Pages
from tests.system.ha.network import MEMBERS, a_network
from tests.system.ha.programs import Programs
from tests.system.ha.served import everybody
from tests.system.promises import Kept

MOST_GAP_SECONDS = settings.TTL_SECONDS + 5
"""A machine that fell silent keeps the lock for all of its time; then another has to take over."""

_AWAY_SECONDS = 15
_STALLED_SECONDS = 4
# Long enough for another to lead, and for those who were told to come back to have done so.
_CUT_OFF_SECONDS = 35
_CONTROL_SETTLES_SECONDS = 35
_CONTROL_AT_MOST = 4
_EACH = 10
"""Of every kind, thanked for before a fault and after it."""

_SECONDS_FOR_MORE = 90


class Found(msgspec.Struct, frozen=True):
    """What became of what was thanked for in all rounds of a fault.

    `gap_seconds` is the longest time in which nobody was thanked for some kind.
    """

    lane: str
    fault: str
    patroni: str
    rounds: int
    kinds: dict[str, Kept]
    gap_seconds: float
    pages: int
    pages_failed: int
    slowest_page_seconds: float

    @property
    def lost(self) -> int:
        return sum(kept.lost for kept in self.kinds.values())

    @property
    def double(self) -> int:
        return sum(kept.double for kept in self.kinds.values())


@contextlib.asynccontextmanager
async def _switchover(cluster: Cluster) -> AsyncIterator[None]:
    await cluster.switch_over()
    yield


@contextlib.asynccontextmanager
async def _killed(cluster: Cluster) -> AsyncIterator[None]:
    leader = await cluster.leader()
    cluster.network.kill(leader)
    yield
    cluster.start_member(leader)


@contextlib.asynccontextmanager
async def _cut_off(cluster: Cluster) -> AsyncIterator[None]:
    cluster.network.cut_off(await cluster.leader())
    await asyncio.sleep(_CUT_OFF_SECONDS)
    yield
    cluster.network.heal()


@contextlib.asynccontextmanager
async def _split(cluster: Cluster) -> AsyncIterator[None]:
    """The service still reaches who led; who leads next cannot."""
    cluster.network.split_off(await cluster.leader())
    await asyncio.sleep(_CUT_OFF_SECONDS)
    yield
    cluster.network.heal()


@contextlib.asynccontextmanager
async def _frozen(cluster: Cluster) -> AsyncIterator[None]:
    """Who led goes on in the middle of it, long after another took over."""
    leader = await cluster.leader()
    cluster.network.freeze(leader)
    await asyncio.sleep(_CUT_OFF_SECONDS)
    yield
    cluster.network.thaw(leader)


@contextlib.asynccontextmanager
async def _standby(cluster: Cluster) -> AsyncIterator[None]:
    """One that follows falls silent; the other one is enough."""
    leader = await cluster.leader()
    cluster.network.cut_off(next(member for member in MEMBERS if member != leader))
    await asyncio.sleep(_AWAY_SECONDS)
    cluster.network.heal()
    yield


@contextlib.asynccontextmanager
async def _stalled(cluster: Cluster) -> AsyncIterator[None]:
    """Both standbys hear nothing any more when the leader dies."""
    leader = await cluster.leader()
    standbys = [member for member in MEMBERS if member != leader]
    for member in standbys:
        cluster.stall(member, on=True)
    await asyncio.sleep(_STALLED_SECONDS)
    cluster.network.kill(leader)
    for member in standbys:
        cluster.stall(member, on=False)
    yield
    cluster.start_member(leader)


@contextlib.asynccontextmanager
async def _alone(cluster: Cluster) -> AsyncIterator[None]:
    """Nobody follows. Strict: nothing is stored meanwhile. Otherwise the leader goes on alone."""
    leader = await cluster.leader()
    for member in MEMBERS:
        if member != leader:
            cluster.network.follow_no_more(member)
    await asyncio.sleep(_AWAY_SECONDS)
    cluster.network.heal()
    yield


type_of_fault = Callable[[Cluster], AbstractAsyncContextManager[None]]
FAULTS: dict[str, type_of_fault] = {
    "switchover": _switchover,
    "kill -9": _killed,
    "cut off": _cut_off,
    "split": _split,
    "frozen": _frozen,
    "standby": _standby,
    "stalled": _stalled,
    "alone": _alone,
}
# In these nobody can be thanked for so long before anybody could take over.
_OF_ITSELF = {"stalled": _STALLED_SECONDS, "alone": _AWAY_SECONDS}
LANES = ("strict", "sync")
ASYNCHRONOUS, DEBIANS = "asynchronous", "Debian's Patroni"
CONTROLS = {
    ASYNCHRONOUS: (settings.ASYNCHRONOUS, "split", False),
    DEBIANS: (settings.NAMED, "frozen", True),
}


async def drilled(
    programs: Programs, folder: Path, mode: str, faults: tuple[str, ...], rounds: int
) -> AsyncGenerator[Found]:
    """What came of each fault, one cluster for all of them."""
    with a_network() as network:
        async with (
            a_cluster(folder, network, programs, mode) as cluster,
            everybody(cluster) as (promises, pages),
        ):
            for fault in faults:
                yield await _rounds(cluster, promises, pages, mode, fault, rounds)


async def _rounds(
    cluster: Cluster, promises: Everything, pages: Pages, mode: str, fault: str, rounds: int
) -> Found:
    pages.asked = pages.failed = 0
    pages.slowest = 0.0
    before = {kind: len(kept) for kind, kept in promises.kept.items()}
    gaps: list[float] = []
    for _ in range(rounds):
        await cluster.healthy()
        await _more(promises)
        began = time.monotonic()
        async with FAULTS[fault](cluster):
            await _more(promises)
            gaps.append(promises.longest_gap(began, time.monotonic()))
        await cluster.healthy()
    kinds = await _verdict(cluster, promises)
    return Found(
        lane=mode,
        fault=fault,
        patroni=cluster.version(),
        rounds=rounds,
        kinds={
            kind: msgspec.structs.replace(kept, acknowledged=kept.acknowledged - before[kind])
            for kind, kept in kinds.items()
        },
        gap_seconds=round(max(gaps), 1),
        pages=pages.asked,
        pages_failed=pages.failed,
        slowest_page_seconds=round(pages.slowest, 2),
    )


async def control(programs: Programs, folder: Path, name: str) -> Found:
    """What came of it at its first loss, each in a new cluster; of the last of four if none."""
    turns, found = 0, None
    while found is None or (not found.lost and turns < _CONTROL_AT_MOST):
        turns += 1
        found = await _one_control(programs, folder, name, turns)
    return found


async def _one_control(programs: Programs, folder: Path, name: str, turns: int) -> Found:
    mode, fault, of_debian = CONTROLS[name]
    with a_network() as network:
        async with (
            a_cluster(folder, network, programs, mode, of_debian=of_debian) as cluster,
            everybody(cluster) as (promises, pages),
        ):
            await _more(promises)
            version, began = cluster.version(), time.monotonic()
            async with FAULTS[fault](cluster):
                pass
            await asyncio.sleep(_CONTROL_SETTLES_SECONDS)
            return Found(
                lane=f"control: {name}",
                fault=fault,
                patroni=version,
                rounds=turns,
                kinds=await _verdict(cluster, promises),
                gap_seconds=round(promises.longest_gap(began, time.monotonic()), 1),
                pages=pages.asked,
                pages_failed=pages.failed,
                slowest_page_seconds=round(pages.slowest, 2),
            )


async def _more(promises: Everything) -> None:
    """Return when so many more of every kind are thanked for; who is refused for good ends it."""
    thanked = asyncio.create_task(promises.more(_EACH))
    waited_for = {thanked, *promises.at_work}
    done, _ = await asyncio.wait(
        waited_for, timeout=_SECONDS_FOR_MORE, return_when=asyncio.FIRST_COMPLETED
    )
    for task in done:
        task.result()
    if not thanked.done():
        thanked.cancel()
        held = {kind: len(kept) for kind, kept in promises.kept.items()}
        raise AssertionError(f"nobody was thanked any more: {held}")


async def _verdict(cluster: Cluster, promises: Everything) -> dict[str, Kept]:
    db = await asyncpg.connect(cluster.url(SUPERUSER, member=await cluster.leader()))
    try:
        return await promises.verdict(db)
    finally:
        await db.close()


def report(found: Found) -> str:
    """A line a fault, and one more for how much there was of each kind."""
    thanked = sum(kept.acknowledged for kept in found.kinds.values())
    of_each = ", ".join(
        f"{kind} {kept.acknowledged}" + (f" (lost {kept.lost})" if kept.lost else "")
        for kind, kept in found.kinds.items()
    )
    return (
        f"{found.lane}, Patroni {found.patroni}, {found.fault}, {found.rounds} rounds:"
        f" acknowledged {thanked}, lost {found.lost}, double {found.double},"
        f" longest gap {found.gap_seconds} s, pages {found.pages - found.pages_failed} of"
        f" {found.pages}, the slowest {found.slowest_page_seconds} s\n"
        f"  {of_each}"
    )


def faults_of(found: Found) -> list[str]:
    """What should not be."""
    name = f"{found.lane}, {found.fault}"
    if found.lane.startswith("control"):
        return [] if found.lost else [f"{name}: it lost nothing"]
    wrong = [f"{name}: lost or doubled"] if found.lost or found.double else []
    if found.gap_seconds > MOST_GAP_SECONDS + _OF_ITSELF.get(found.fault, 0):
        wrong.append(f"{name}: nobody was thanked for {found.gap_seconds} s")
    if found.pages_failed:
        wrong.append(f"{name}: {found.pages_failed} pages were not answered")
    return wrong
