"""One token, two worker processes, a hundred posts at once: over real sockets."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from ingest.invitations.statements import store_invitations
from ingest.municipalities.catalogue import Catalogue
from ingest.postgres.server import EmbeddedPostgres
from ingest.tokens.keys import load_keys
from ingest.tokens.response_tokens import Tokens, digest
from tests.example import VERSION
from tests.system.running import Running, running

pytestmark = [pytest.mark.anyio, pytest.mark.processes]

PATH = "molensloot/telefonie"
AT_ONCE = 100


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("two") / "data", workers=2) as service:
        yield service


async def invite(service: Running, catalogue: Catalogue) -> str:
    """An invitation as the service itself would make it, with its own keys."""
    number = catalogue.touchpoint(*PATH.split("/")).number
    now = datetime.now(UTC)
    tokens = Tokens(load_keys(service.data / "keys.json"))
    token = tokens.issue(
        purpose="invitation", touchpoint=number, expires_at=now + timedelta(days=1), now=now
    )
    db = await asyncpg.connect(EmbeddedPostgres(service.data).url("meetpunt_ingest"))
    try:
        await store_invitations(
            db,
            municipality="GM9001",
            touchpoint=number,
            digests=[digest(tokens.read(token).id)],
            dimensions=["{}"],
            expires_on=(now + timedelta(days=2)).date(),
            day=now.date(),
        )
    finally:
        await db.close()
    return token


async def count_responses(service: Running) -> int:
    db = await asyncpg.connect(EmbeddedPostgres(service.data).url("postgres"))
    try:
        count: int = await db.fetchval("select count(*) from meetpunt.response")
        return count
    finally:
        await db.close()


def client_of(service: Running) -> httpx.AsyncClient:
    """A client with connections of its own; reading certificates a hundred times takes long."""
    return httpx.AsyncClient(base_url=service.url, timeout=30, verify=False)


async def post_at_once(service: Running, bodies: list[dict[str, Any]]) -> Counter[int]:
    """Each on a connection of its own, so that both workers get their share."""

    async def post(body: dict[str, Any]) -> int:
        async with client_of(service) as client:
            return (await client.post("/api/v1/responses", json=body)).status_code

    return Counter(await asyncio.gather(*(post(body) for body in bodies)))


def body(token: str) -> dict[str, Any]:
    return {
        "touchpoint": PATH,
        "responseId": str(uuid4()),
        "questionnaire": "telefonie",
        "version": VERSION,
        "language": "nl",
        "token": token,
        "answers": {"cijfer": 8},
    }


async def test_a_hundred_responses_on_one_token_store_exactly_one(
    two_workers: Running, catalogue: Catalogue
) -> None:
    before = await count_responses(two_workers)
    token = await invite(two_workers, catalogue)
    told = await post_at_once(two_workers, [body(token) for _ in range(AT_ONCE)])
    assert told == {201: 1, 410: AT_ONCE - 1}
    assert await count_responses(two_workers) == before + 1


async def test_one_response_a_hundred_times_is_stored_once_and_always_answered(
    two_workers: Running, catalogue: Catalogue
) -> None:
    before = await count_responses(two_workers)
    same = body(await invite(two_workers, catalogue))
    told = await post_at_once(two_workers, [same] * AT_ONCE)
    assert told == {201: 1, 200: AT_ONCE - 1}
    assert await count_responses(two_workers) == before + 1


async def test_a_hundred_forms_on_one_link_store_exactly_one(
    two_workers: Running, catalogue: Catalogue
) -> None:
    before = await count_responses(two_workers)
    token = await invite(two_workers, catalogue)

    async def send() -> int:
        async with client_of(two_workers) as client:
            form = {"cijfer": "7", "_version": str(VERSION), "_language": "nl"}
            return (await client.post(f"/v/{token}", data=form)).status_code

    told = Counter(await asyncio.gather(*(send() for _ in range(AT_ONCE))))
    assert told == {303: 1, 410: AT_ONCE - 1}
    assert await count_responses(two_workers) == before + 1
