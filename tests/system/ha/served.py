"""Two copies of the service over a cluster, behind the HAProxy that we ship, and who uses them."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg

from ingest.database.once import run_once
from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import load_catalogue
from ingest.postgres.server import OWNER, SUPERUSER
from ingest.tokens.keys import Keys, load_keys, new_keys
from tests.country import settle
from tests.example import example_directory
from tests.system.ha.cluster import Cluster
from tests.system.ha.everything import Everything, Pages
from tests.system.ha.settings import PASSWORD
from tests.system.promises import know_the_caller
from tests.system.rolling import Copy, behind_haproxy

_WORKERS = 2
_INGEST = "meetpunt_ingest"


@contextlib.asynccontextmanager
async def everybody(cluster: Cluster) -> AsyncIterator[tuple[Everything, Pages]]:
    """The clients, who are at it for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as closing:
        folder = Path(name)
        keys = await _prepared(cluster, folder)
        url = cluster.url(_INGEST)
        copies = [Copy(folder, number, url, workers=_WORKERS) for number in range(2)]
        for copy in copies:
            closing.callback(copy.stop)
            await asyncio.to_thread(copy.start)
        port = closing.enter_context(behind_haproxy(folder, copies))
        there = f"http://127.0.0.1:{port}"
        leader = await cluster.leader()
        promises = Everything(there, keys, lambda role: cluster.url(role, member=leader))
        pages = Pages(there, keys)
        db = await asyncpg.connect(cluster.url(SUPERUSER, member=leader))
        await know_the_caller(db, keys)
        await promises.prepare(db, keys)
        await db.close()
        await promises.enrol()
        loading = promises.at_work = [asyncio.create_task(x.load()) for x in (promises, pages)]
        try:
            yield promises, pages
        except AssertionError as refused:
            raise AssertionError(f"{refused}\n{_said(folder)}") from None
        finally:
            promises.stop()
            pages.stop()
            for task in loading:
                task.cancel()
            await asyncio.gather(*loading, return_exceptions=True)


def _said(folder: Path) -> str:
    """The last that each copy said: the folder is gone before anybody could look."""
    return "\n".join(each.read_text()[-3000:] for each in folder.glob("copy-*.log"))


async def _prepared(cluster: Cluster, folder: Path) -> Keys:
    file = folder / "keys.json"
    new_keys(file, now=datetime(2026, 1, 1, tzinfo=UTC))
    leader = await cluster.leader()
    owner = await asyncpg.connect(cluster.url(OWNER, member=leader))
    catalogue = load_catalogue(example_directory(), questionnaires_directory())
    await settle(owner, catalogue, date(2026, 1, 1))
    await owner.close()
    db = await asyncpg.connect(cluster.url(SUPERUSER, member=leader))
    await run_once(db)
    await db.execute(f"alter role {_INGEST} login password '{PASSWORD}'")
    await db.close()
    return load_keys(file)
