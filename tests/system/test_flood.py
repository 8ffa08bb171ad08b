"""A flood from one address, over real sockets, and what others notice of it."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest

from ingest.codes import Codes
from ingest.keys import load_keys
from ingest.postgres.embedded import EmbeddedPostgres
from tests.figures import tell
from tests.system.running import Running, running

pytestmark = [pytest.mark.anyio, pytest.mark.processes]

TOUCHPOINT = "molensloot/online"
ORIGIN = "https://www.molensloot.example"
FLOOD = 2_000
FLOODER = "203.0.113.66"
PEOPLE = [f"198.51.100.{number}" for number in range(1, 21)]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Behind a proxy on this machine, which says who asks."""
    with running(
        tmp_path_factory.mktemp("flood") / "data", MEETPUNT_TRUSTED_PROXIES="127.0.0.1"
    ) as found:
        yield found


class Client:
    """Somebody at one address, on one connection; bare, so that it costs less than the service."""

    def __init__(self, url: str, address: str) -> None:
        self._where = urlsplit(url)
        self._lines = (
            f"Host: {self._where.netloc}\r\nOrigin: {ORIGIN}\r\nX-Forwarded-For: {address}"
        )

    async def __aenter__(self) -> "Client":
        host, port = self._where.hostname, self._where.port
        self._reader, self._writer = await asyncio.open_connection(host, port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def asked(self) -> tuple[int, dict[str, Any]]:
        return await self._called(f"GET /api/v1/touchpoints/{TOUCHPOINT}", b"")

    async def sent(self, token: str, **more: str) -> tuple[int, dict[str, Any]]:
        body = {
            "touchpoint": TOUCHPOINT,
            "responseId": str(uuid4()),
            "questionnaire": "online",
            "version": 1,
            "language": "nl",
            "token": token,
            "answers": {"cijfer": 8},
        }
        return await self._called("POST /api/v1/responses", msgspec.json.encode(body | more))

    async def _called(self, what: str, body: bytes) -> tuple[int, dict[str, Any]]:
        head = (
            f"{what} HTTP/1.1\r\n{self._lines}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
        (length,) = (line.split(b":")[1] for line in lines if line.startswith(b"content-length"))
        reply = await self._reader.readexactly(int(length))
        return int(lines[0].split()[1]), msgspec.json.decode(reply)


async def flood(url: str, replies: Counter[str], others_done: asyncio.Event) -> None:
    """Ask for a token; send with it if there was one, else with one that was used already.

    `FLOOD` requests at the least, and on until the others are done.
    """

    async def one_after_another() -> None:
        async with Client(url, FLOODER) as client:
            used = ""
            while replies.total() < FLOOD or not others_done.is_set():
                status, asked = await client.asked()
                replies[f"asked {status}"] += 1
                used = asked.get("token", used)
                status, _ = await client.sent(used, website="x")
                replies[f"sent {status}"] += 1

    await asyncio.gather(*(one_after_another() for _ in range(16)))


async def test_a_flood_from_one_address_leaves_the_answers_of_others_alone(
    service: Running,
) -> None:
    flooded: Counter[str] = Counter()
    codes = Codes(load_keys(service.data / "keys.json").content)
    loop = asyncio.get_running_loop()
    began = loop.time()
    others_done = asyncio.Event()
    flooding = asyncio.create_task(flood(service.url, flooded, others_done))
    took: list[float] = []
    stored = []
    for address in PEOPLE:
        started = loop.time()
        async with Client(service.url, address) as person:
            status, asked = await person.asked()
            assert status == 200
            status, sent = await person.sent(asked["token"])
            assert status == 201
        took.append(loop.time() - started)
        stored.append(codes.of_response(UUID(sent["responseId"])))
    others_done.set()
    await flooding
    seconds = loop.time() - began
    # Once it is known, a flood gets no token: 600 at once, then ten a second.
    assert flooded["asked 200"] <= 600 + 10 * seconds + 1
    assert flooded["asked 429"] > 0
    assert set(flooded) <= {"asked 200", "asked 429", "sent 201", "sent 410"}
    told = ", ".join(f"{what}: {count:,}" for what, count in sorted(flooded.items()))
    tell(
        "a flood from one address",
        f"{flooded.total() / seconds:,.0f} requests a second ({told});"
        f" meanwhile {len(stored)} others stored, slowest {max(took) * 1000:.0f} ms",
    )
    db = await asyncpg.connect(EmbeddedPostgres(service.data).url("postgres"))
    try:
        rows = await db.fetch("select id, suspect from meetpunt.response")
    finally:
        await db.close()
    # Nothing is deleted: what a script sent is stored, and marked.
    suspects = {row["id"] for row in rows if "honeypot" in row["suspect"]}
    assert len(suspects) == flooded["sent 201"]
    assert {row["id"] for row in rows} - suspects == set(stored)
