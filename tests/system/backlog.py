"""A kiosk that comes back with a very long queue, and what others notice of it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import httpx
import msgspec

from ingest.kiosk.messages import MOST_ITEMS
from ingest.postgres.server import SUPERUSER, EmbeddedPostgres
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import load_keys
from tests.ingest.kiosk.tablet import Tablet, id_of
from tests.system.person import Person
from tests.system.running import Running

# Of so many batches the reply to one is lost, and it is sent again.
LOST_REPLY = 7
# Others come from many addresses: the service believes what stands before it.
PROXY = "127.0.0.1"


class Backlog(msgspec.Struct, frozen=True):
    """What came of it; times in seconds and milliseconds."""

    items: int
    lost: int
    double: int
    seconds: float
    others: int
    slowest_other_ms: float


class There:
    """A service that runs elsewhere, as a `Tablet` needs it."""

    def __init__(self, service: Running, client: httpx.AsyncClient) -> None:
        self.client = client
        self.database = self
        self._postgres = EmbeddedPostgres(service.data)

    @asynccontextmanager
    async def connected(self, role: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection as this role."""
        db = await asyncpg.connect(self._postgres.url(role))
        try:
            yield db
        finally:
            await db.close()


async def backlog(service: Running, items: int, *, new_ids: bool = False) -> Backlog:
    """Hand in so many from one kiosk, one batch after the other; with each somebody else answers.

    The service trusts `PROXY`. `new_ids`: a tablet that makes new items of what it sends again.
    """
    async with httpx.AsyncClient(base_url=service.url, timeout=60) as client:
        there = There(service, client)
        tablet = await Tablet(there).enrolled()
        loop = asyncio.get_running_loop()
        sent: list[str] = []
        again: list[str] = []  # ids of what was sent before under another
        seconds = 0.0
        others = []
        while len(sent) < items:
            number = len(sent) // MOST_ITEMS
            batch = tablet.items(min(MOST_ITEMS, items - len(sent)))
            began = loop.time()
            if number % LOST_REPLY == 0:
                # Nobody reads the reply, so the counter stays what it was.
                assert (await tablet.post(tablet.body(batch))).status_code == 200
                if new_ids:
                    again += map(id_of, batch)
                    batch = tablet.items(len(batch))
            reply, took = await asyncio.gather(
                tablet.sync(batch, queue=items - len(sent)), _answer(service.url, number)
            )
            seconds += loop.time() - began
            others.append(took)
            assert {one["verdict"] for one in reply["verdicts"]} <= {"stored", "known"}
            sent += map(id_of, batch)
        codes = Codes(load_keys(service.data / "keys.json").content)
        expected = {codes.of_response(UUID(one)) for one in sent}
        async with there.connected(SUPERUSER) as db:
            stored = Counter(
                row["id"] for row in await db.fetch("select id from meetpunt.response")
            )
        return Backlog(
            items=items,
            lost=len(expected - stored.keys()),
            double=sum(stored[one] - 1 for one in expected & stored.keys())
            + sum(stored[codes.of_response(UUID(one))] for one in again),
            seconds=round(seconds, 1),
            others=len(others),
            slowest_other_ms=round(max(others) * 1000, 1),
        )


async def _answer(url: str, number: int) -> float:
    """Somebody answers, from an address of their own; how long that took, in seconds."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with Person(url, f"198.51.100.{number % 250}") as person:
        status, asked = await person.asked()
        assert status == 200, status
        status, _ = await person.sent(asked["token"])
        assert status == 201, status
    return loop.time() - began
