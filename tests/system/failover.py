"""Cut a synchronous standby off, let everybody send again, fail over, and look what is there."""

import asyncio
import contextlib
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg

from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import load_catalogue
from ingest.postgres.server import OWNER, SUPERUSER
from ingest.tokens.keys import Keys, load_keys, new_keys
from tests.country import settle
from tests.example import example_directory
from tests.system.pair import Pair, pair
from tests.system.promises import KINDS, Kept, Promises, know_the_caller
from tests.system.replicated import COMMIT_SECONDS
from tests.system.running import Running, running, serving

WAYS = ("waits", "does_not_wait")
"""The service as it is, and the one of before."""

_LAST_CHARACTERS = 6_000


async def failover(rounds_of_retries: float, each: int) -> dict[str, dict[str, Kept]]:
    """What became of what each of `WAYS` thanked for, by kind.

    The standby is away for so many times as long as a commit may take. Before and after it at least
    `each` of every kind are thanked for.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with pair(folder) as servers:
            keys = await _prepared(servers, folder)
            with contextlib.ExitStack() as services:
                clients = {}
                for way in WAYS:
                    # In a thread: the line between the servers is ours to keep going.
                    there = _serving(way, servers, folder)
                    url = (await asyncio.to_thread(services.enter_context, there)).url
                    clients[way] = Promises(url, keys)
                loading = [asyncio.create_task(each.load()) for each in clients.values()]
                try:
                    await _all(loading, clients, each)
                    await servers.cut()
                    await asyncio.sleep(rounds_of_retries * COMMIT_SECONDS)
                    await servers.fail_over()
                    await _all(loading, clients, each)
                except AssertionError as refused:
                    raise AssertionError(f"{refused}\n{_said(folder)}") from None
                for promises in clients.values():
                    promises.stop()
                await asyncio.gather(*loading)
            db = await asyncpg.connect(servers.standby.url(SUPERUSER))
            try:
                return {way: await promises.verdict(db) for way, promises in clients.items()}
            finally:
                await db.close()


def _said(folder: Path) -> str:
    """The last that each service said: the folder is gone before anybody could look."""
    last = ((way, (folder / f"{way}.log").read_text()[-_LAST_CHARACTERS:]) for way in WAYS)
    return "\n".join(f"{way} said:\n{said}" for way, said in last)


async def _all(
    loading: list["asyncio.Task[None]"], clients: dict[str, Promises], each: int
) -> None:
    """Return when everybody was thanked so often; who is refused for good ends it."""
    thanked = [asyncio.create_task(promises.more(each)) for promises in clients.values()]
    waited_for = {*thanked, *loading}
    async with asyncio.timeout(60):
        while not all(task.done() for task in thanked):
            done, waited_for = await asyncio.wait(waited_for, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()


async def _prepared(servers: Pair, folder: Path) -> Keys:
    file = folder / "keys.json"
    new_keys(file, now=datetime(2026, 1, 1, tzinfo=UTC))
    keys = load_keys(file)
    owner = await asyncpg.connect(servers.primary.url(OWNER))
    catalogue = load_catalogue(example_directory(), questionnaires_directory())
    await settle(owner, catalogue, date(2026, 1, 1))
    await owner.close()
    db = await asyncpg.connect(servers.primary.url(SUPERUSER))
    await know_the_caller(db, keys)
    await db.close()
    return keys


def _serving(way: str, servers: Pair, folder: Path) -> contextlib.AbstractContextManager[Running]:
    return running(
        folder / way,
        *serving(f"tests.system.replicated:{way}"),
        MEETPUNT_DATABASE_URL=servers.url,
        MEETPUNT_KEYS_FILE=str(folder / "keys.json"),
    )


def report(found: dict[str, dict[str, Kept]]) -> str:
    """A line a way and kind."""
    return "\n".join(
        f"{way.replace('_', ' ')}, {kind}: acknowledged {kept.acknowledged}, lost {kept.lost},"
        f" double {kept.double}"
        for way, kinds in found.items()
        for kind, kept in kinds.items()
    )


def faults_of(found: dict[str, dict[str, Kept]]) -> list[str]:
    """What should not be: something lost or doubled, or a control that loses nothing."""
    wrong = [
        f"{kind} lost or doubled"
        for kind in KINDS
        if found["waits"][kind].lost or found["waits"][kind].double
    ]
    if not any(kept.lost for kept in found["does_not_wait"].values()):
        wrong.append("the control lost nothing")
    return wrong
