"""Everything that anybody is thanked for, told to one service, and whether it is there afterwards.

A response, the rest of one, links, items of a kiosk, occasions, and what was done about a signal.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import msgspec

from ingest.invitations.codes import InvitationCodes
from ingest.invitations.minting import api_key_digest
from ingest.invitations.occasions import ContactEnded
from ingest.invitations.telling import SOURCE
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import Tokens
from tests.ingest.kiosk.tablet import Tablet, id_of
from tests.system import promises
from tests.system.promises import (
    COUNTER_NUMBER,
    MUNICIPALITY,
    Kept,
    Promises,
    compared,
    until_thanked,
)

_MORE = ("kiosk items", "occasions", "follow-up")
KINDS = (*promises.KINDS, *_MORE)
_STATES = ("nieuw", "gezien", "bezig", "afgehandeld")
_KEY = "mp_everything"
_HEADERS = {"authorization": f"Bearer {_KEY}"}
_SIGNALS = 50_000
_TABLETS = 2
# There are two cores for three machines, two services and whoever else is at work.
_PAUSE_SECONDS = 0.1


class Everything(Promises):
    """What the service at `url` thanked for, by kind, and when."""

    def __init__(self, url: str, keys: Keys, url_of_role: Callable[[str], str]) -> None:
        super().__init__(url, keys)
        self._invitation_codes = InvitationCodes(derived_keys(keys))
        self._url_of_role = url_of_role
        self._signals: deque[UUID] = deque()
        self._tablets: list[Tablet] = []
        self._number = 10_000_000
        self.at_work: list[asyncio.Task[None]] = []
        self.kept = {kind: [] for kind in KINDS}
        self.thanked_at: dict[str, list[float]] = {kind: [] for kind in KINDS}

    async def prepare(self, db: asyncpg.Connection, keys: Keys) -> None:
        """As a superuser: a key for who calls, and signals to follow up."""
        await db.execute(
            "insert into meetpunt.api_key (municipality, digest, name, created_on, may)"
            " values ($1, $2, 'everything', $3, '{links,signals}')",
            MUNICIPALITY,
            api_key_digest(keys.accounts, _KEY),
            date(2026, 1, 1),
        )
        rows = await db.fetch(
            "insert into meetpunt.signal (municipality, touchpoint, reason, day, half, shown_from)"
            " select $1, $2, 'laag', current_date, 'ochtend', now() - interval '1 hour'"
            " from generate_series(1, $3) returning id",
            MUNICIPALITY,
            COUNTER_NUMBER,
            _SIGNALS,
        )
        self._signals.extend(row["id"] for row in rows)

    async def enrol(self) -> None:
        """Hang the tablets up. Each call of theirs after it is one of `load`."""
        async with httpx.AsyncClient(base_url=self._url, timeout=10) as http:
            near = _Near(http, self._url_of_role)
            self._tablets = [await Tablet(near).enrolled(f"Zuil {n}") for n in range(_TABLETS)]

    def longest_gap(self, since: float, until: float) -> float:
        """For how long nobody was thanked, of the kind for which that was longest; in seconds."""
        gaps = []
        for moments in self.thanked_at.values():
            within = [since, *(moment for moment in moments if since < moment < until), until]
            gaps.append(max(after - before for before, after in pairwise(within)))
        return max(gaps)

    async def verdict(self, db: asyncpg.Connection) -> dict[str, Kept]:
        """Compare with what is stored, as somebody who sees every row."""
        # What is thanked for from here on may not be among the rows.
        items, occasions, followed_up = (list(self.kept[kind]) for kind in _MORE)
        # As of one moment, for others go on: what comes in between two questions is no double.
        async with db.transaction(isolation="repeatable_read", readonly=True):
            return {
                **await super().verdict(db),
                "kiosk items": await _of_kiosks(db, items),
                "occasions": await _asked(db, occasions),
                "follow-up": await _followed_up(db, followed_up),
            }

    def _clients(self) -> tuple[promises.type_of_client, ...]:
        twice = (self._response, self._completion, self._invitations, self._occasions) * 2
        kiosks = (self._of_tablet(tablet) for tablet in self._tablets)
        return (*twice, *kiosks, self._follow_up(), self._follow_up())

    async def _client(self, http: httpx.AsyncClient, does: promises.type_of_client) -> None:
        async def does_and_notes(http: httpx.AsyncClient) -> tuple[str, list[Any]]:
            kind, thanked_for = await does(http)
            self.thanked_at[kind].append(time.monotonic())
            await asyncio.sleep(_PAUSE_SECONDS)
            return kind, thanked_for

        await super()._client(http, does_and_notes)

    async def _occasions(self, http: httpx.AsyncClient) -> tuple[str, list[Any]]:
        self._number += 1
        key = f"ticket-{self._number}"
        ended = datetime.now(UTC) - timedelta(minutes=1)
        item = {
            "recipient": f"tel:+316{self._number}",
            "endedAt": ended.isoformat(),
            "sourceKey": key,
        }
        body = {"touchpoint": "molensloot/telefonie", "invitations": [item]}
        headers = _HEADERS | {"idempotency-key": str(uuid4())}
        told = await until_thanked(http, "/api/v1/invitations", body, headers)
        assert [each["result"] for each in told["invitations"]] == ["accepted"], told
        contact = ContactEnded(
            municipality="molensloot",
            touchpoint="telefonie",
            ended_at=ended,
            source=SOURCE,
            source_key=f"given/{key}",
        )
        return "occasions", [self._invitation_codes.of_occasion(MUNICIPALITY, contact)]

    def _of_tablet(self, tablet: Tablet) -> promises.type_of_client:
        async def sync(http: httpx.AsyncClient) -> tuple[str, list[Any]]:
            items = tablet.items(2)
            path, body = f"/api/v1/kiosks/{tablet.kiosk}/sync", tablet.body(items)
            told = await until_thanked(http, path, body)
            verdicts = [one["verdict"] for one in told["verdicts"]]
            assert set(verdicts) <= {"stored", "known"}, told
            tablet.counter = told["counter"]
            return "kiosk items", [self._stored(id_of(item)) for item in items]

        return sync

    def _follow_up(self) -> promises.type_of_client:
        steps: deque[tuple[UUID, str]] = deque()

        async def follow(http: httpx.AsyncClient) -> tuple[str, list[Any]]:
            if not steps:
                new = self._signals.popleft()
                steps.extend((new, state) for state in _STATES[1:])
            signal, state = step = steps.popleft()
            body = {"state": state} | ({"outcome": "uitgelegd"} if state == _STATES[-1] else {})
            await until_thanked(http, f"/api/v1/signals/{signal}/follow-up", body, _HEADERS)
            return "follow-up", [step]

        return follow


class Pages:
    """Somebody who opens a survey page ten times a second, whatever happens to the database."""

    def __init__(self, url: str, keys: Keys) -> None:
        self._url, self._tokens = url, Tokens(keys)
        self._stopping = False
        self.asked = self.failed = 0
        self.slowest = 0.0

    async def load(self) -> None:
        """Until `stop`."""
        async with httpx.AsyncClient(base_url=self._url, timeout=10) as http:
            while not self._stopping:
                began = time.monotonic()
                self.failed += not await self._is_answered(http)
                self.asked += 1
                self.slowest = max(self.slowest, time.monotonic() - began)
                await asyncio.sleep(_PAUSE_SECONDS)

    def stop(self) -> None:
        self._stopping = True

    async def _is_answered(self, http: httpx.AsyncClient) -> bool:
        now = datetime.now(UTC)
        later = now + timedelta(hours=1)
        token = self._tokens.issue(
            purpose="open", touchpoint=COUNTER_NUMBER, expires_at=later, now=now
        )
        try:
            return (await http.get(f"/v/{token}")).status_code == 200
        except httpx.TransportError:
            return False


class _Near:
    """A service elsewhere and its database, as a `Tablet` needs them."""

    def __init__(self, client: httpx.AsyncClient, url_of_role: Callable[[str], str]) -> None:
        self.client, self.database = client, self
        self._url_of_role = url_of_role

    @asynccontextmanager
    async def connected(self, role: str) -> AsyncIterator[asyncpg.Connection]:
        db = await asyncpg.connect(self._url_of_role(role))
        try:
            yield db
        finally:
            await db.close()


async def _of_kiosks(db: asyncpg.Connection, items: list[UUID]) -> Kept:
    rows = await db.fetch("select id from meetpunt.response")
    return compared(items, Counter(row["id"] for row in rows))


async def _asked(db: asyncpg.Connection, occasions: list[bytes]) -> Kept:
    """Each has one message that waits: nothing sends here."""
    rows = await db.fetch("select code from meetpunt.occasion")
    messages = await db.fetchval("select count(*) from meetpunt.outbox")
    found = compared(occasions, Counter(row["code"] for row in rows))
    return msgspec.structs.replace(found, double=found.double + max(0, messages - len(rows)))


async def _followed_up(db: asyncpg.Connection, steps: list[tuple[UUID, str]]) -> Kept:
    """Who has come further has been there."""
    rows = await db.fetch("select id, state from meetpunt.signal where state <> 'nieuw'")
    states = {row["id"]: _STATES.index(row["state"]) for row in rows}
    lost = [one for one, state in steps if states.get(one, 0) < _STATES.index(state)]
    return Kept(acknowledged=len(steps), lost=len(lost), double=0)
