"""A client that writes down what it was promised, and compares that with what is stored.

Load comes from one process; each acknowledgement is on disk before the next request leaves. What
was not acknowledged is sent again with the same id until it is. Then: every acknowledged response
is there, and none is there twice.
"""

import asyncio
import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import msgspec

from ingest.postgres.server import EmbeddedPostgres
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import load_keys
from ingest.tokens.response_tokens import Tokens
from tests.example import VERSION


class Verdict(msgspec.Struct, frozen=True):
    """What the ledger says of a run."""

    acknowledged: int
    stored: int
    lost: int
    double: int
    gap: float  # the longest time in seconds in which nobody was thanked


class Ledger:
    """Posts responses to one touchpoint and remembers every acknowledgement on disk."""

    def __init__(self, file: Path, touchpoint: str, number: int, questionnaire: str) -> None:
        self._file = file.open("a+", encoding="utf-8")
        self._touchpoint = touchpoint
        self._number = number
        self._questionnaire = questionnaire
        self.acknowledged: set[str] = set()
        self.open: dict[str, dict[str, Any]] = {}
        self._stop = asyncio.Event()
        self._news = asyncio.Semaphore(0)
        self._thanked_at: float | None = None
        self._gap = 0.0

    async def load(self, url: str, tokens: Tokens, *, clients: int) -> None:
        """Post with so many clients at once until `stop`."""
        self._stop.clear()

        async def client() -> None:
            async with httpx.AsyncClient(base_url=url, timeout=10) as http:
                while not self._stop.is_set():
                    await self._send(http, self._body(tokens))

        await asyncio.gather(*(client() for _ in range(clients)))

    async def post(self, url: str, tokens: Tokens, count: int, *, clients: int = 8) -> None:
        """Post so many, and return when each is acknowledged."""
        left = iter(range(count))

        async def client() -> None:
            async with httpx.AsyncClient(base_url=url, timeout=10) as http:
                for _ in left:
                    await self._send(http, self._body(tokens))

        await asyncio.gather(*(client() for _ in range(clients)))
        await self.send_again(url)

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def stop(self) -> None:
        """Let the clients end after the request that is on its way."""
        self._stop.set()

    async def more(self, count: int) -> None:
        """Return when so many more are acknowledged."""
        for _ in range(count):
            await self._news.acquire()

    async def send_again(self, url: str) -> None:
        """Send what was not acknowledged again, with the same ids, until it is."""
        async with httpx.AsyncClient(base_url=url, timeout=10) as http:
            for body in list(self.open.values()):
                await self._send(http, body)
        if self.open:
            raise AssertionError(f"{len(self.open)} responses were refused for good")

    async def verdict(self, data: Path) -> Verdict:
        """Compare with the table, as somebody who sees every row."""
        db = await asyncpg.connect(EmbeddedPostgres(data).url("postgres"))
        try:
            rows = await db.fetch("select id from meetpunt.response")
        finally:
            await db.close()
        ids = [row["id"] for row in rows]
        self._file.seek(0)
        codes = Codes(load_keys(data / "keys.json").content)
        promised = {codes.of_response(UUID(json.loads(line)["id"])) for line in self._file}
        return Verdict(
            acknowledged=len(promised),
            stored=len(ids),
            lost=len(promised - set(ids)),
            double=len(ids) - len(set(ids)),
            gap=round(self._gap, 2),
        )

    def _body(self, tokens: Tokens) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {
            "touchpoint": self._touchpoint,
            "responseId": str(uuid4()),
            "questionnaire": self._questionnaire,
            "version": VERSION,
            "language": "nl",
            "token": tokens.issue(
                purpose="open",
                touchpoint=self._number,
                expires_at=now + timedelta(hours=1),
                now=now,
            ),
            "answers": {"cijfer": 8},
        }

    async def _send(self, http: httpx.AsyncClient, body: dict[str, Any]) -> None:
        id = body["responseId"]
        self.open[id] = body
        try:
            reply = await http.post("/api/v1/responses", json=body)
        except httpx.TransportError:
            return
        if reply.status_code in (200, 201):
            self._file.write(json.dumps({"id": id}) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self.acknowledged.add(id)
            now = time.monotonic()
            self._gap = max(self._gap, now - (self._thanked_at or now))
            self._thanked_at = now
            self._news.release()
            del self.open[id]


def tokens_of(data: Path) -> Tokens:
    """Tokens under the keys of a service that runs over this data folder."""
    return Tokens(load_keys(data / "keys.json"))
