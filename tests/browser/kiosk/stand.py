"""A service with a counter in front of it: enrol a tablet there, and look at what was stored."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
from playwright.sync_api import Page

from ingest.clock import today_here
from ingest.kiosk.enrolment import enrol, revoke
from ingest.postgres.server import OWNER, SUPERUSER, EmbeddedPostgres
from tests.browser.kiosk.gate import Gate, gate_to
from tests.browser.kiosk.tablet import Tablet
from tests.system.running import Running, running

TOUCHPOINT = "molensloot/balie-hal"

_T = TypeVar("_T")


class Stand:
    """A service that runs, and the network to it."""

    def __init__(self, service: Running, gate: Gate) -> None:
        self.service = service
        self.gate = gate

    @property
    def kiosk(self) -> str:
        """The address of the kiosk."""
        return f"{self.gate.url}/kiosk/{TOUCHPOINT}"

    def enrol(self, code: str) -> None:
        """What `meetpunt kiosk enrol` does, without the time that a command takes to start."""
        self._as_owner(lambda db: enrol(db, code, "Hal links", now=datetime.now(UTC)))

    def revoke(self, kiosk: UUID) -> None:
        """What `meetpunt kiosk revoke` does."""
        self._as_owner(lambda db: revoke(db, kiosk, today_here()))

    def _as_owner(self, work: Callable[[asyncpg.Connection], Awaitable[object]]) -> None:
        async def done() -> None:
            db = await asyncpg.connect(EmbeddedPostgres(self.service.data).url(OWNER))
            try:
                await work(db)
            finally:
                await db.close()

        _apart(done())

    def pair(self, tablet: Tablet) -> None:
        """Open the kiosk on a new tablet and make it known; it can do without a network then."""
        page = tablet.page
        page.goto(self.kiosk)
        self.enrol(page.locator(".code").inner_text().split()[-1])
        without_card(page)
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")

    def reconnect(self, page: Page) -> None:
        """The cable is back, and the browser notices."""
        self.gate.open()
        page.evaluate("dispatchEvent(new Event('online'))")

    def newest(self) -> UUID:
        """The kiosk that was enrolled last."""
        (kiosk,) = self.rows("select id from meetpunt.kiosk order by enrolled_at desc limit 1")
        found: UUID = kiosk["id"]
        return found

    def rows(self, statement: str) -> list[dict[str, Any]]:
        """What the database holds, seen by somebody who sees every row."""

        async def found() -> list[dict[str, Any]]:
            db = await asyncpg.connect(EmbeddedPostgres(self.service.data).url(SUPERUSER))
            try:
                return [dict(row) for row in await db.fetch(statement)]
            finally:
                await db.close()

        return _apart(found())

    def change(self, statement: str) -> None:
        """Do to the database what time, or somebody else, does."""
        self.rows(statement)

    def responses(self) -> list[dict[str, Any]]:
        """Every response that is stored."""
        return self.rows("select * from meetpunt.response")

    def texts(self) -> list[str]:
        """Every free text that is stored: as often as it is."""
        return [row["text"] for row in self.rows("select text from meetpunt.free_text")]


def without_card(page: Page) -> None:
    """Nobody holds a bank card on a tablet that was just enrolled: the usual size holds."""
    page.locator(".measure .later").click()
    page.locator(".first").wait_for()


def _apart(work: Coroutine[Any, Any, _T]) -> _T:
    """Run it in a thread: playwright's own loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@contextmanager
def stand(folder: Path, *command: str) -> Iterator[Stand]:
    """A service over a folder, with a network that can be switched off."""
    with running(folder / "data", *command) as service, gate_to(service.url) as gate:
        yield Stand(service, gate)
