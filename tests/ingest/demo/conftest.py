"""What tests of the demo share: its application on a database of a test's own, with its readers."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest.demo.app import create_demo
from ingest.demo.arrivals import Watch
from ingest.demo.reader_roles import START_PAGE, grant_readers
from ingest.municipalities.catalogue import Catalogue
from ingest.service import Options, Service
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import Tokens
from tests.conftest import Database, Served

BASE_URL = "http://localhost:8000"
SITE_URL = "http://127.0.0.1:8000"


@pytest.fixture
def passwords(tmp_path: Path) -> Path:
    return tmp_path / "demo-readers.json"


def reader_url(database: Database, role: str, password: str) -> str:
    """How a role of the demo connects to the test's database."""
    line: str = database.server.reader_line(role, password)
    return line.replace("/meetpunt?", f"/{database.name}?")


@pytest.fixture
def play(
    database: Database, catalogue: Catalogue, keys: Keys, passwords: Path
) -> Callable[..., Any]:
    """`async with play() as served:`; the demo, and a browser that is on its start page's host."""

    @asynccontextmanager
    async def playing() -> AsyncIterator[Served]:
        async with database.connected("meetpunt_owner") as owner:
            chosen = await grant_readers(owner, catalogue, passwords)
        service = Service(
            catalogue=catalogue,
            keys=keys,
            database_url=database.ingest,
            options=Options(base_url=BASE_URL),
        )
        watch = Watch(reader_url(database, START_PAGE, chosen[START_PAGE]), pause_seconds=0)
        app = create_demo(service, base_url=BASE_URL, watch=watch)
        await service.start()
        try:
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app), base_url=BASE_URL
            ) as client:
                codes = Codes(keys.content)
                yield Served(service, client, database, Tokens(keys), codes, app)
        finally:
            await service.close()

    return playing
