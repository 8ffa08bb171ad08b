"""What tests of the demo share: its application on a database of a test's own, with its readers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest.demo.app import clock, create_demo
from ingest.demo.arrivals import Watch
from ingest.demo.delivered import Delivered
from ingest.demo.neighbours.openklant import ContactRegister
from ingest.demo.neighbours.openzaak import CaseRegister
from ingest.demo.neighbours.signalen import ReportSystem
from ingest.demo.played import played, write_key
from ingest.demo.reader_roles import SHOWN, START_PAGE, grant_readers
from ingest.demo.tablet import Tablet
from ingest.demo.telling import Neighbours
from ingest.files.resources import example_directory, questionnaires_directory
from ingest.invitations.working import MESSAGES, senders_of, work_of
from ingest.municipalities.catalogue import Catalogue, load_catalogue
from ingest.service import Options, Service
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import Tokens
from ingest.web.front import Front
from tests.conftest import Database, Served
from tests.inviting import QUICK

BASE_URL = "http://localhost:8000"
SITE_URL = "http://127.0.0.1:8000"


@pytest.fixture
def passwords(tmp_path: Path) -> Path:
    return tmp_path / "demo-readers.json"


def reader_url(database: Database, role: str, password: str) -> str:
    """How a role of the demo connects to the test's database."""
    line: str = database.server.reader_line(role, password)
    return line.replace("/meetpunt?", f"/{database.name}?")


@asynccontextmanager
async def living(app: Front) -> AsyncIterator[None]:
    """The application from its start to its end, as a server has it."""
    events: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    said: asyncio.Queue[Any] = asyncio.Queue()
    whole = asyncio.create_task(app({"type": "lifespan", "asgi": {}}, events.get, said.put))
    for phase in ("startup", "shutdown"):
        await events.put({"type": f"lifespan.{phase}"})
        assert (await said.get())["type"] == f"lifespan.{phase}.complete"
        if phase == "startup":
            yield
    await whole


@pytest.fixture
def play(
    database: Database, catalogue: Catalogue, keys: Keys, passwords: Path, tmp_path: Path
) -> Callable[..., Any]:
    """`async with play() as served:`; the demo, and a browser that is on its start page's host.

    `sends`: messages are sent; else nobody waits for one. With a `watch` of one's own the whole
    application lives as under a server; else nothing looks but who asks. With a `tablet` the start
    page has a button that pairs it.
    """

    @asynccontextmanager
    async def playing(
        *, sends: bool = False, watch: Watch | None = None, tablet: Tablet | None = None
    ) -> AsyncIterator[Served]:
        async with database.connected("meetpunt_owner") as owner:
            chosen = await grant_readers(owner, catalogue, passwords)
        key = write_key(tmp_path / "voys.key")
        files = load_catalogue(
            example_directory(),
            questionnaires_directory(),
            adapted=played((BASE_URL, SITE_URL), tmp_path / "voys.key"),
        )
        service = Service(
            catalogue=files,
            keys=keys,
            database_url=database.ingest,
            options=Options(base_url=BASE_URL),
        )
        reader = reader_url(database, START_PAGE, chosen[START_PAGE])
        messages = Delivered(tmp_path / MESSAGES / SHOWN)
        app = create_demo(
            service,
            base_url=BASE_URL,
            watch=watch or Watch(reader, pause_seconds=0),
            messages=messages,
            list_file=tmp_path / "list.csv",
            tablet=tablet,
            neighbours=Neighbours(
                service,
                messages,
                key=key,
                list_file=tmp_path / "list.csv",
                reports=ReportSystem(),
                cases=CaseRegister(SITE_URL),
                contacts=ContactRegister(SITE_URL),
                clock=clock,
                patience_seconds=20 if sends else 0,
            ),
        )
        working = work_of(
            database.url("meetpunt_work"),
            catalogue=files,
            keys=keys,
            tokens=service.tokens,
            providers=senders_of(files, tmp_path),
            base_url=BASE_URL,
            pace=QUICK,
            clock=clock,
        )
        async with AsyncExitStack() as running:
            if watch is None:
                await service.start()
                running.push_async_callback(service.close)
            else:
                await running.enter_async_context(living(app))
            if sends:
                await working.start()
            running.push_async_callback(working.close)
            client = await running.enter_async_context(
                httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE_URL)
            )
            codes = Codes(keys.content)
            yield Served(service, client, database, Tokens(keys), codes, app)

    return playing
