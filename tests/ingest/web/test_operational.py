"""What a municipality's system tells of the work is stored once it is told so, or not at all."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from ingest.invitations.minting import api_key_digest
from ingest.tokens.keys import Keys
from tests.conftest import Database, Served, Stand

pytestmark = pytest.mark.anyio

PATH = "/api/v1/operational-figures"
KEY = "mp_molensloot"


@pytest.fixture
async def served(standing: Stand, database: Database, keys: Keys) -> AsyncIterator[Served]:
    async with database.superuser() as db:
        await db.execute(
            "insert into meetpunt.api_key (municipality, digest, name, created_on)"
            " values ('GM9001', $1, 'telefooncentrale', $2)",
            api_key_digest(keys.accounts, KEY),
            date(2026, 1, 1),
        )
    async with standing() as served:
        yield served


def figure(**changes: Any) -> dict[str, Any]:
    return {
        "period": "2026-10", "channel": "telefonie", "measure": "wachttijd", "value": 3.4, "n": 42,
    } | changes  # fmt: skip


async def tell(served: Served, *figures: Any, key: str = KEY) -> httpx.Response:
    headers = {"authorization": f"Bearer {key}"}
    return await served.client.post(PATH, json={"figures": list(figures)}, headers=headers)


async def stored(served: Served) -> list[tuple[Any, ...]]:
    async with served.database.superuser() as db:
        rows = await db.fetch(
            "select municipality, grain, period::text, channel, department, product, measure,"
            " value, n from lees.kengetal order by period, product"
        )
    return [tuple(row) for row in rows]


async def test_figures_are_stored_for_whose_key_it_is_and_replace_those_of_the_same_key(
    served: Served,
) -> None:
    told = await tell(served, figure(), figure(product="paspoort", value=1, n=7))
    assert (told.status_code, told.json()) == (200, {"stored": 2})
    october = ("GM9001", "month", "2026-10-01", "telefonie", "")
    assert await stored(served) == [
        (*october, "", "wachttijd", 3.4, 42),
        (*october, "paspoort", "wachttijd", 1.0, 7),
    ]
    # The same again: the same reply, and nothing is written.
    async with served.database.superuser() as db:
        moments = await db.fetch("select xmin::text from lees.kengetal")
        assert (await tell(served, figure())).json() == {"stored": 1}
        assert await db.fetch("select xmin::text from lees.kengetal") == moments
    assert (await tell(served, figure(value=2.5, n=50))).status_code == 200
    assert (await tell(served, figure(product="paspoort", value=None, n=None))).status_code == 200
    assert await stored(served) == [
        (*october, "", "wachttijd", 2.5, 50),
        (*october, "paspoort", "wachttijd", None, None),
    ]


async def test_all_of_a_body_is_stored_or_nothing_and_every_mistake_is_told(served: Served) -> None:
    reply = await tell(
        served,
        figure(),
        figure(period="2026-13", channel="x"),
        figure(measure="binnen_norm", value=92),
        figure(),
    )
    assert reply.status_code == 400
    told = reply.json()
    assert told["type"] == "/problems/figures-rejected"
    assert {(each["name"], each["code"]) for each in told["invalidParams"]} == {
        ("figures[1].period", "not-a-period"),
        ("figures[1].channel", "unknown-channel"),
        ("figures[2].value", "out-of-range"),
        ("figures[3]", "repeated-figure"),
    }
    # Of another shape: the same, for each figure.
    reply = await tell(served, figure(), figure(value="veel", n="42"), figure(jaar=2026))
    assert reply.status_code == 400
    assert {(each["name"], each["code"]) for each in reply.json()["invalidParams"]} == {
        ("figures[1].value", "wrong-type"),
        ("figures[1].n", "wrong-type"),
        ("figures[2].jaar", "unknown-field"),
    }
    assert (await tell(served)).status_code == 400
    assert await stored(served) == []


async def test_without_a_key_nothing_is_read_or_told(served: Served) -> None:
    for key in ("", "mp_other"):
        reply = await tell(served, {"no": "figure"}, key=key)
        assert (reply.status_code, reply.json()["type"]) == (401, "/problems/api-key-unknown")
        assert "invalidParams" not in reply.json()
    assert await stored(served) == []
