"""Reports in Signalen, for tests: a municipality that has one, and who tells it what was said."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec

from ingest.connectors.signalen.writing import WritingBack, WritingPace
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.signalen import Signalen as Declared
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.conftest import Database, Served
from tests.filled_in import form_on
from tests.neighbours.signalen import ROOT, SITE

MUNICIPALITY, TOUCHPOINT = "molensloot", "melding"
FORM = {"content-type": "application/x-www-form-urlencoded"}
QUICK = WritingPace(look=0.02, forget=0.0, again=0.0)
"""As fast as it goes: what came to nothing is due at once."""


def with_signalen(catalogue: Catalogue, url: str, **changes: Any) -> Catalogue:
    """The same municipalities, without items of their own; Molensloot's reports are there."""
    chosen = msgspec.structs.replace(
        catalogue.municipality(MUNICIPALITY),
        signalen=Declared(
            url=f"{url}{ROOT}",
            site=SITE,
            touchpoints=(TOUCHPOINT,),
            private_network=True,
            **changes,
        ),
    )
    others = [each for each in catalogue.municipalities.values() if each.slug != MUNICIPALITY]
    return Catalogue([chosen, *others], catalogue.questionnaires)


def address(token: str, query: str = "") -> str:
    """The link in the mail, on our side."""
    return f"/melding/{MUNICIPALITY}/{TOUCHPOINT}/{token}{query}"


async def filled_in(served: Served, token: str, query: str = "", **changes: Any) -> bytes:
    """Open the page and fill it in: the body of what is sent."""
    page = await served.client.get(address(token, query))
    assert page.status_code == 200
    usual = {"cijfer": "8", "_solved": "solved", "_contact": "yes"}
    return form_on(page.content).encoded(**usual | changes)


async def answered(served: Served, token: str, query: str = "", **changes: Any) -> httpx.Response:
    """Open the page, fill it in and send it."""
    body = await filled_in(served, token, query, **changes)
    return await served.client.post(address(token, query), content=body, headers=FORM)


@asynccontextmanager
async def telling(
    database: Database, catalogue: Catalogue, keys: Keys, pace: WritingPace = QUICK
) -> AsyncIterator[WritingBack]:
    """One process that tells reports, for as long as this lasts."""
    writing = WritingBack(
        database.url("meetpunt_work"), catalogue=catalogue, keys=derived_keys(keys), pace=pace
    )
    await writing.start()
    try:
        yield writing
    finally:
        await writing.close(seconds=2.0)


async def tallied(database: Database) -> dict[str, int]:
    """How many ended how, over all months."""
    async with database.superuser() as db:
        rows = await db.fetch(
            "select outcome, sum(n)::integer as n from meetpunt.writeback_tally group by outcome"
        )
    return {row["outcome"]: row["n"] for row in rows}


async def waiting(database: Database) -> int:
    """How many have to be told yet."""
    async with database.superuser() as db:
        many: int = await db.fetchval("select count(*) from meetpunt.writeback")
    return many


async def all_told(database: Database, *, seconds: float = 20.0) -> None:
    """Return when nothing waits. Raises TimeoutError."""
    async with asyncio.timeout(seconds), database.superuser() as db:
        while await db.fetchval("select count(*) from meetpunt.writeback"):
            await db.execute("select pg_sleep(0.02)")
