"""As many responses as two cores take, over kept connections, until each is thanked for.

The ledger of a drill (`ledger.py`) writes each thanks to its disk before it goes on; this one keeps
them in memory, for nothing happens to it, and so comes to a million.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import msgspec

from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import Tokens
from tests.example import VERSION
from tests.system.rolling import Kept

CLIENTS = 64
_PAUSE_SECONDS = 0.05  # of who is told to come back
_PATIENCE_SECONDS = 10.0
_BODY = (
    '{{"touchpoint":"molensloot/balie-hal","responseId":"{}","questionnaire":"balie",'
    f'"version":{VERSION},"language":"nl","token":"{{}}",'
    '"answers":{{"cijfer":8}}}}'
)


class Stored(msgspec.Struct, frozen=True):
    """What became of what was thanked for."""

    acknowledged: int
    stored: int
    lost: int
    double: int


class Flood:
    """Clients of a service at `port`. `replies` counts their answers by status, 0: none came.

    Each rests for `pause` seconds once it was thanked.
    """

    def __init__(self, port: int, keys: Keys, *, pause: float = 0) -> None:
        self._port, self._pause = port, pause
        self._tokens, self._codes = Tokens(keys), Codes(keys.content)
        self._stopping = False
        self._wanted, self._enough = 0, asyncio.Event()
        self._last = time.monotonic()
        self._gap = 0.0
        self.at_work: list[asyncio.Task[None]] = []
        self.replies: Counter[int] = Counter()
        self.thanked: list[UUID] = []
        self.waits: list[float] = []  # of who was thanked, in seconds

    async def run(self, clients: int = CLIENTS) -> None:
        """Until `stop`; nobody leaves before being thanked."""
        self._last = time.monotonic()
        await asyncio.gather(*(self._client() for _ in range(clients)))

    def stop(self) -> None:
        """Whoever was thanked goes home."""
        self._stopping = True

    async def more(self, count: int, *, seconds: float = 120) -> None:
        """Return when so many more were thanked for. Raises TimeoutError."""
        self._wanted = len(self.thanked) + count
        self._enough.clear()
        enough = asyncio.create_task(self._enough.wait())
        waited_for = {enough, *self.at_work}
        await asyncio.wait(waited_for, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in self.at_work:
            if task.done():
                task.result()
        if not enough.done():
            enough.cancel()
            raise TimeoutError(f"nobody was thanked any more: {self.replies}")

    def gap(self) -> float:
        """The longest time in which nobody was thanked since this was asked before, in seconds."""
        gap, self._gap = max(self._gap, time.monotonic() - self._last), 0.0
        return round(gap, 2)

    async def verdict(self, superuser: str) -> Stored:
        """Compare with what is stored, as somebody who sees every row."""
        db = await asyncpg.connect(superuser)
        try:
            rows = [row["id"] for row in await db.fetch("select id from meetpunt.response")]
        finally:
            await db.close()
        there = set(rows)
        return Stored(
            acknowledged=len(self.thanked),
            stored=len(rows),
            lost=sum(self._codes.of_response(id) not in there for id in self.thanked),
            double=len(rows) - len(there),
        )

    def body(self, id: UUID) -> bytes:
        """A response under this id, with a permission of its own."""
        return _BODY.format(id, self._token()).encode()

    async def _client(self) -> None:
        kept = Kept(self._port)
        while not self._stopping:
            id = uuid4()
            body = self.body(id)
            await self._until_thanked(kept, body)
            self._note(id)
            if self._pause:
                await asyncio.sleep(self._pause)
        kept.close()

    async def _until_thanked(self, kept: Kept, body: bytes) -> None:
        while True:
            if await self.thanks(kept, body):
                return
            await asyncio.sleep(_PAUSE_SECONDS)

    async def thanks(self, kept: Kept, body: bytes) -> bool:
        """Whether this was thanked for. Raises AssertionError when it is refused for good."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                status = await kept.post(body)
        except (OSError, EOFError, TimeoutError):
            kept.close()
            status = 0
        self.replies[status] += 1
        assert status in (0, 200, 201, 429, 503), status
        if status not in (200, 201):
            return False
        self.waits.append(time.monotonic() - began)
        return True

    def _note(self, id: UUID) -> None:
        now = time.monotonic()
        self._gap = max(self._gap, now - self._last)
        self._last = now
        self.thanked.append(id)
        if len(self.thanked) >= self._wanted:
            self._enough.set()

    def _token(self) -> str:
        now = datetime.now(UTC)
        return self._tokens.issue(
            purpose="open", touchpoint=1, expires_at=now + timedelta(hours=1), now=now
        )


@asynccontextmanager
async def flooding(
    port: int, keys: Keys, clients: int = CLIENTS, *, pause: float = 0
) -> AsyncIterator[Flood]:
    """Such a load for as long as the block lasts; after it everybody was thanked."""
    flood = Flood(port, keys, pause=pause)
    flood.at_work.append(asyncio.create_task(flood.run(clients)))
    try:
        yield flood
        flood.stop()
        async with asyncio.timeout(60):
            await asyncio.gather(*flood.at_work)
    finally:
        for task in flood.at_work:
            task.cancel()
        await asyncio.gather(*flood.at_work, return_exceptions=True)
