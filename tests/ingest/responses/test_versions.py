"""Whoever invents versions does not make the database work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest

from ingest.municipalities.catalogue import Catalogue, VersionUnknown
from ingest.responses.versions import AskedVersions
from tests.example import VERSION

pytestmark = pytest.mark.anyio

TODAY = date(2026, 11, 30)


class Answering:
    """Stands in for a database without any version, and counts what it is asked."""

    asked = 0

    async def fetch(self, _statement: str) -> list[Any]:
        self.asked += 1
        await asyncio.sleep(0)
        return []

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Any]:
        yield self


async def test_the_database_is_asked_once_a_second_for_all_who_wait(catalogue: Catalogue) -> None:
    database, seconds = Answering(), 100.0
    versions = AskedVersions(catalogue, database.lent, lambda: seconds)
    touchpoint = catalogue.touchpoint("waterakker", "online")

    async def refused(version: int) -> None:
        with pytest.raises(VersionUnknown):
            await versions.find(touchpoint, "online", version, TODAY)

    await asyncio.gather(*(refused(900 + number) for number in range(20)))
    await refused(950)
    assert database.asked == 1
    seconds += 1
    await refused(950)
    assert database.asked == 2


async def test_for_what_is_asked_here_it_is_never_asked(catalogue: Catalogue) -> None:
    database = Answering()
    versions = AskedVersions(catalogue, database.lent, lambda: 100.0)
    touchpoint = catalogue.touchpoint("waterakker", "online")
    asked, refusal = await versions.find(touchpoint, "online", VERSION, TODAY)
    assert (asked.version, refusal, database.asked) == (VERSION, None, 0)
