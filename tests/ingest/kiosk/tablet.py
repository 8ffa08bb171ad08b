"""A tablet as the service sees it: a key, two clocks, a queue, and what it sends."""

import base64
import json
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any, Protocol
from uuid import UUID, uuid4

import asyncpg
import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ingest.clock import today_here
from ingest.kiosk.enrolment import enrol, revoke
from tests.conftest import Database
from tests.example import VERSION

PATH = "molensloot/balie-hal"
HOUR = 3_600_000


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Key:
    """An ECDSA key as WebCrypto makes it."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public = base64url(point)

    def sign(self, text: str) -> str:
        r, s = decode_dss_signature(self._key.sign(text.encode(), ec.ECDSA(SHA256())))
        return base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


class Near(Protocol):
    """Where the service and its database are to be found."""

    @property
    def client(self) -> httpx.AsyncClient: ...
    @property
    def database(self) -> "Roles": ...


class Roles(Protocol):
    """A database that one can connect to as any of our roles."""

    def connected(self, role: str) -> AbstractAsyncContextManager[asyncpg.Connection]: ...


class Tablet:
    """A kiosk. Its clocks stand still until a test moves them; `wall_ahead` is in milliseconds."""

    def __init__(self, served: Near, path: str = PATH) -> None:
        self.served = served
        self.path = path
        self.key = Key()
        self.kiosk = ""
        self.counter: int | None = None
        self.boot = token_hex(8)
        self.monotonic = 10 * HOUR
        self.wall_ahead = 0

    def copied(self) -> "Tablet":
        """Another tablet with the same profile."""
        copy = Tablet(self.served, self.path)
        copy.key, copy.kiosk, copy.counter = self.key, self.kiosk, self.counter
        return copy

    def restart(self) -> None:
        self.boot, self.monotonic = token_hex(8), 5_000

    def now(self, ago: float = 0) -> dict[str, Any]:
        """Both clocks, so many milliseconds ago."""
        wall = datetime.now(UTC).timestamp() * 1000 + self.wall_ahead
        return {"boot": self.boot, "monotonic": self.monotonic - ago, "wall": wall - ago}

    async def enrolled(self, name: str = "Hal links") -> "Tablet":
        reply = await self.pair()
        await enrol_as_owner(self.served.database, reply.json()["code"], name)
        told = (await self.state(reply.json()["code"])).json()
        assert told["state"] == "enrolled", told
        self.kiosk, self.counter = told["kiosk"], told["counter"]
        return self

    async def pair(self, **changes: Any) -> httpx.Response:
        return await self.served.client.post(
            "/api/v1/kiosks/pairings",
            json={"touchpoint": self.path, "publicKey": self.key.public} | changes,
        )

    async def state(self, code: str, **changes: Any) -> httpx.Response:
        return await self.served.client.post(
            "/api/v1/kiosks/pairings/state",
            json={
                "publicKey": self.key.public,
                "code": code,
                "signature": self.key.sign(f"pairing/{code}"),
            }
            | changes,
        )

    def payload(self, *, ago: float = 0, **changes: Any) -> str:
        return json.dumps(
            {
                "kiosk": self.kiosk,
                "responseId": str(uuid4()),
                "touchpoint": self.path,
                "version": VERSION,
                "language": "nl",
                "answers": {"cijfer": 8},
                "complete": True,
                "suspect": False,
                "time": self.now(ago),
            }
            | changes
        )

    def item(self, *, ago: float = 0, **changes: Any) -> dict[str, Any]:
        return self.signed(self.payload(ago=ago, **changes))

    def signed(self, payload: str) -> dict[str, Any]:
        return {"payload": payload, "signature": self.key.sign(payload)}

    def items(self, count: int) -> list[dict[str, Any]]:
        """So many, a minute apart, the oldest first."""
        return [self.item(ago=60_000 * (count - n)) for n in range(count)]

    def body(self, items: Sequence[Any] = (), /, **changes: Any) -> dict[str, Any]:
        envelope = json.dumps(
            {
                "kiosk": self.kiosk,
                # A tablet without one sends what waits all the same.
                "counter": self.counter or 0,
                "now": self.now(),
                "queue": len(items),
                "version": "1.0.0",
                "items": list(items),
            }
            | changes
        )
        return {"envelope": envelope, "signature": self.key.sign(envelope)}

    async def post(self, body: Any, kiosk: str | None = None) -> httpx.Response:
        return await self.served.client.post(
            f"/api/v1/kiosks/{self.kiosk if kiosk is None else kiosk}/sync", json=body
        )

    async def sync(self, items: Sequence[Any] = (), /, **changes: Any) -> dict[str, Any]:
        """Hand in, and take over the counter."""
        reply = await self.post(self.body(items, **changes))
        assert reply.status_code == 200, reply.text
        told: dict[str, Any] = reply.json()
        self.counter = told["counter"]
        return told


def verdicts(told: dict[str, Any]) -> list[str]:
    return [one["verdict"] for one in told["verdicts"]]


def reasons(told: dict[str, Any]) -> list[str | None]:
    return [one.get("reason") for one in told["verdicts"]]


def id_of(item: dict[str, Any]) -> str:
    found: str = json.loads(item["payload"])["responseId"]
    return found


async def enrol_as_owner(database: Roles, code: str, name: str = "Hal links") -> UUID:
    async with database.connected("meetpunt_owner") as owner:
        kiosk, _ = await enrol(owner, code, name, now=datetime.now(UTC))
    return kiosk


async def revoked(database: Database, tablet: Tablet) -> None:
    """From now on nothing of this tablet counts."""
    async with database.connected("meetpunt_owner") as owner:
        assert await revoke(owner, UUID(tablet.kiosk), today_here())


async def since_last_year(database: Database) -> None:
    """As if every kiosk hung there for over a year, and was never quite done sending."""
    async with database.superuser() as db:
        await db.execute(
            "update meetpunt.kiosk set enrolled_at = now() - $1::interval, emptied_at = null",
            timedelta(days=500),
        )


async def rows(database: Database, table: str) -> list[dict[str, Any]]:
    async with database.superuser() as db:
        return [dict(row) for row in await db.fetch(f"select * from meetpunt.{table}")]
