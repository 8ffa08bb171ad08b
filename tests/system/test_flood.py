"""A flood from one address, over real sockets, and what others notice of it."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import asyncpg
import pytest

from ingest.postgres.server import EmbeddedPostgres
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import load_keys
from tests.figures import tell
from tests.system.person import Person
from tests.system.running import Running, running

pytestmark = [pytest.mark.anyio, pytest.mark.processes]

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


async def flood(url: str, replies: Counter[str], others_done: asyncio.Event) -> None:
    """Ask for a token; send with it if there was one, else with one that was used already.

    `FLOOD` requests at the least, and on until the others are done.
    """

    async def one_after_another() -> None:
        async with Person(url, FLOODER) as client:
            used = ""
            while replies.total() < FLOOD or not others_done.is_set():
                status, asked = await client.asked()
                replies[f"asked {status}"] += 1
                used = asked.get("token", used)
                status, _ = await client.sent(used, website="x")
                replies[f"sent {status}"] += 1

    await asyncio.gather(*(one_after_another() for _ in range(16)))


# Limits have tests of their own; this floods a service for seconds.
@pytest.mark.long
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
        async with Person(service.url, address) as person:
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
