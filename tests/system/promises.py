"""Clients who send again until they are thanked, write down for what, and look whether it is there.

Three kinds: a response, the rest of a response, and links to send.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import msgspec

from ingest.invitations.minting import api_key_digest
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import Tokens, digest
from tests.example import VERSION

WIDGET, WIDGET_NUMBER = "molensloot/online", 3
COUNTER, COUNTER_NUMBER = "molensloot/balie-hal", 1
MUNICIPALITY = "GM9001"
KINDS = ("responses", "completions", "invitations")
_API_KEY = "mp_drill"
# Somebody who is told to come back does not do so at once.
_PAUSE_SECONDS = 0.05

type_of_client = Callable[[httpx.AsyncClient], Awaitable[tuple[str, list[Any]]]]
"""What a client does once: the kind of it, and what it was thanked for."""


class Kept(msgspec.Struct, frozen=True):
    """What became of what was thanked for."""

    acknowledged: int
    lost: int
    double: int


def compared(thanked_for: list[Any], stored: Counter[Any]) -> Kept:
    """What of it is among the rows, and what is there more than once."""
    there = set(thanked_for) & stored.keys()
    return Kept(
        acknowledged=len(thanked_for),
        lost=len(set(thanked_for) - stored.keys()),
        double=sum(stored[one] - 1 for one in there),
    )


class Promises:
    """What one service thanked for, by kind: ids of rows, or digests of links."""

    def __init__(self, url: str, keys: Keys) -> None:
        self._url = url
        self._tokens = Tokens(keys)
        self._codes = Codes(keys.content)
        self._stopping = False
        self._news = asyncio.Condition()
        self.kept: dict[str, list[Any]] = {kind: [] for kind in KINDS}

    async def load(self) -> None:
        """Three clients of a kind at once, until `stop`; nobody leaves before being thanked."""
        async with httpx.AsyncClient(base_url=self._url, timeout=10) as http:
            await asyncio.gather(*(self._client(http, one) for one in self._clients()))

    def stop(self) -> None:
        """Whoever was thanked goes home."""
        self._stopping = True

    async def more(self, count: int) -> None:
        """Return when so many more of every kind were thanked for."""
        wanted = {kind: len(kept) + count for kind, kept in self.kept.items()}
        async with self._news:
            await self._news.wait_for(
                lambda: all(len(self.kept[kind]) >= number for kind, number in wanted.items())
            )

    async def verdict(self, db: asyncpg.Connection) -> dict[str, Kept]:
        """Compare with what is stored, as somebody who sees every row."""
        # What is thanked for from here on may not be among the rows.
        thanked_for = {kind: list(kept) for kind, kept in self.kept.items()}
        rows = await db.fetch("select id, complete from meetpunt.response")
        links = await db.fetch("select digest from meetpunt.invitation")
        stored: dict[str, Counter[Any]] = {
            "responses": Counter(row["id"] for row in rows),
            "completions": Counter(row["id"] for row in rows if row["complete"]),
            "invitations": Counter(row["digest"] for row in links),
        }
        return {kind: compared(thanked_for[kind], rows) for kind, rows in stored.items()}

    def _clients(self) -> tuple[type_of_client, ...]:
        return (self._response, self._completion, self._invitations) * 3

    async def _client(self, http: httpx.AsyncClient, does: type_of_client) -> None:
        while not self._stopping:
            kind, thanked_for = await does(http)
            async with self._news:
                self.kept[kind] += thanked_for
                self._news.notify_all()

    async def _response(self, http: httpx.AsyncClient) -> tuple[str, list[Any]]:
        body = self._body(COUNTER, COUNTER_NUMBER, "open", "balie", complete=True)
        await until_thanked(http, "/api/v1/responses", body)
        return "responses", [self._stored(body["responseId"])]

    async def _completion(self, http: httpx.AsyncClient) -> tuple[str, list[Any]]:
        body = self._body(WIDGET, WIDGET_NUMBER, "embed", "online", complete=False)
        begun = await until_thanked(http, "/api/v1/responses", body)
        rest = {"completionToken": begun["completionToken"], "answers": {"geholpen": "ja"}}
        id = body["responseId"]
        await until_thanked(http, f"/api/v1/responses/{id}/completion", rest)
        return "completions", [self._stored(id)]

    async def _invitations(self, http: httpx.AsyncClient) -> tuple[str, list[Any]]:
        told = await until_thanked(
            http,
            "/api/v1/invitations",
            {"touchpoint": WIDGET, "invitations": [{}, {}]},
            {"authorization": f"Bearer {_API_KEY}", "idempotency-key": str(uuid4())},
        )
        links = [each["link"].rpartition("/")[2] for each in told["invitations"]]
        return "invitations", [digest(self._tokens.read(link).id) for link in links]

    def _stored(self, id: str) -> UUID:
        return self._codes.of_response(UUID(id))

    def _body(
        self, path: str, number: int, purpose: str, questionnaire: str, *, complete: bool
    ) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {
            "touchpoint": path,
            "responseId": str(uuid4()),
            "questionnaire": questionnaire,
            "version": VERSION,
            "language": "nl",
            "token": self._tokens.issue(
                purpose=purpose, touchpoint=number, expires_at=now + timedelta(hours=1), now=now
            ),
            "answers": {"cijfer": 8},
            "complete": complete,
        }


async def know_the_caller(db: asyncpg.Connection, keys: Keys) -> None:
    """Give the clients who ask for links a key to do so."""
    await db.execute(
        "insert into meetpunt.api_key (municipality, digest, name, created_on)"
        " values ($1, $2, 'a drill', $3)",
        MUNICIPALITY,
        api_key_digest(keys.accounts, _API_KEY),
        date(2026, 1, 1),
    )


async def until_thanked(
    http: httpx.AsyncClient, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """What the reply says, once there is one that says that it is done."""
    while True:
        try:
            reply = await http.post(path, json=body, headers=headers)
        except httpx.TransportError:
            await asyncio.sleep(_PAUSE_SECONDS)
            continue
        if reply.status_code in (200, 201, 202):
            told: dict[str, Any] = reply.json()
            return told
        # Whoever asks again so often may be asked to be patient as well.
        if reply.status_code not in (429, 503):
            raise AssertionError(f"{path} was refused for good: {reply.status_code} {reply.text}")
        await asyncio.sleep(_PAUSE_SECONDS)
