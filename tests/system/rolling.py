"""Restart two copies of the service one after the other, under load, and count what went wrong.

Behind HAProxy with the example that we ship, and without it: then who is refused tries once more,
at the other copy.
"""

import asyncio
import contextlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import click
import httpx
import msgspec

from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import load_catalogue
from ingest.postgres.server import OWNER, SUPERUSER, EmbeddedPostgres
from ingest.tokens.keys import Keys, load_keys, new_keys
from ingest.tokens.response_tokens import Tokens
from tests.country import settle
from tests.example import VERSION, example_directory
from tests.system.running import ROOT, Running, free_port, running

EXAMPLE = ROOT / "deploy" / "haproxy" / "haproxy.cfg"
_A_SECOND = 200
_CONNECTIONS = 2000
_DRAIN_SECONDS = 3


class Rolled(msgspec.Struct, frozen=True):
    """What came of a number of requests; `raw_errors` before anybody tried again."""

    restarts: int
    sent: int
    raw_errors: int
    errors_after_one_retry: int
    stored: int
    double: int


async def rolled(restarts: int, *, proxy: bool) -> Rolled:
    """Restart the two copies in turn, `restarts` times, at 200 responses a second."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as closing:
        folder = Path(name)
        server = EmbeddedPostgres(folder / "database", announce=lambda _: None)
        closing.enter_context(server)
        keys = await prepared(server, folder)
        copies = [Copy(folder, number, server.url("meetpunt_ingest")) for number in range(2)]
        for copy in copies:
            closing.callback(copy.stop)
            await asyncio.to_thread(copy.start)
        ways = [copy.port for copy in copies]
        if proxy:
            ways = [closing.enter_context(behind_haproxy(folder, copies))] * 2
        load = Load(ways, keys)
        loading = asyncio.create_task(load.run())
        await asyncio.sleep(1)
        for number in range(restarts):
            await asyncio.to_thread(copies[number % 2].restart)
            # As long as it takes a proxy to see it.
            await asyncio.sleep(2)
        load.stop()
        await loading
        ids = await _stored(server)
        return Rolled(
            restarts=restarts,
            sent=load.sent,
            raw_errors=load.raw_errors,
            errors_after_one_retry=load.errors,
            stored=len(set(ids)),
            double=len(ids) - len(set(ids)),
        )


class Copy:
    """One `meetpunt serve` over the database at `url`, always on the same port."""

    def __init__(
        self,
        folder: Path,
        number: int,
        url: str,
        *,
        workers: int = 1,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self._workers = workers
        self._folder = folder / f"copy-{number}"
        self._settings = {
            "MEETPUNT_PORT": str(self.port),
            "MEETPUNT_DATABASE_URL": url,
            "MEETPUNT_KEYS_FILE": str(folder / "keys.json"),
            "MEETPUNT_DRAIN_SECONDS": str(_DRAIN_SECONDS),
            "MEETPUNT_TRUSTED_PROXIES": "127.0.0.1",
            **(settings or {}),
        }
        self._running: contextlib.AbstractContextManager[Running] | None = None

    def start(self) -> None:
        self._running = running(self._folder, workers=self._workers, **self._settings)
        self._running.__enter__()

    def stop(self) -> None:
        """By SIGTERM, as an operator would; returns when it is gone."""
        if self._running is not None:
            self._running.__exit__(None, None, None)
            self._running = None

    def restart(self, **settings: str) -> None:
        """With other `settings` from then on, where some are given."""
        self.stop()
        self._settings |= settings
        self.start()


class Load:
    """Responses at a steady rate over connections that are kept; first one way, then another."""

    def __init__(
        self, ports: list[int], keys: Keys, *, version: int = VERSION, a_second: int = _A_SECOND
    ) -> None:
        # As many as can be under way: one that is idle is taken, the one used last first.
        self._kept = [[Kept(port) for _ in range(_CONNECTIONS)] for port in ports]
        self._tokens = Tokens(keys)
        self._version, self._a_second = version, a_second
        self._stopping = False
        self.sent = self.raw_errors = self.errors = 0

    async def run(self) -> None:
        """Until `stop`; then what is on its way comes to its end."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        under_way: set[asyncio.Task[None]] = set()
        while not self._stopping:
            task = asyncio.create_task(self._send(self.sent % 2))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            self.sent += 1
            await asyncio.sleep(max(0, began + self.sent / self._a_second - loop.time()))
        await asyncio.gather(*under_way)

    def stop(self) -> None:
        self._stopping = True

    async def _send(self, first: int) -> None:
        body = json.dumps(self._body()).encode()
        if not await self._is_stored(first, body):
            self.raw_errors += 1
            if not await self._is_stored(1 - first, body):
                self.errors += 1

    async def _is_stored(self, way: int, body: bytes) -> bool:
        idle = self._kept[way]
        kept = idle.pop()
        try:
            async with asyncio.timeout(10):
                status = await kept.post(body)
        except (OSError, EOFError, TimeoutError):
            kept.close()
            return False
        finally:
            idle.append(kept)
        return status in (200, 201)

    def _body(self) -> dict[str, Any]:
        now = datetime.now(UTC)
        token = self._tokens.issue(
            purpose="open", touchpoint=1, expires_at=now + timedelta(hours=1), now=now
        )
        return {
            "touchpoint": "molensloot/balie-hal",
            "responseId": str(uuid4()),
            "questionnaire": "balie",
            "version": self._version,
            "language": "nl",
            "token": token,
            "answers": {"cijfer": 8},
        }


class Kept:
    """One connection that is kept until the other end says otherwise, as browsers do."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: bytes) -> int:
        """The status. Raises OSError or EOFError when the connection ends without an answer."""
        if self._ends is None or self._ends[0].at_eof():
            self.close()
            self._ends = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._ends
        writer.write(
            b"POST /api/v1/responses HTTP/1.1\r\nhost: meetpunt\r\n"
            b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body
        )
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = re.search(rb"content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        if b"connection: close" in head:
            self.close()
        return int(head.split()[1])

    def close(self) -> None:
        if self._ends is not None:
            self._ends[1].close()
            self._ends = None


@contextlib.contextmanager
def behind_haproxy(folder: Path, copies: list[Copy]) -> Iterator[int]:
    """The example that we ship, with our two copies and without TLS."""
    program = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
    if program is None:
        raise click.ClickException("haproxy is not installed: 'apt install haproxy' on Debian")
    port = free_port()
    text = re.sub(r"bind :443 .*", f"bind 127.0.0.1:{port}", EXAMPLE.read_text())
    for address, copy in zip(("10.0.0.11:8000", "10.0.0.12:8000"), copies, strict=True):
        text = text.replace(address, f"127.0.0.1:{copy.port}")
    file = folder / "haproxy.cfg"
    file.write_text(text)
    process = subprocess.Popen([program, "-db", "-q", "-f", file])
    try:
        _wait_for(f"http://127.0.0.1:{port}", process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/livez").status_code == 200:
                return
    raise click.ClickException("haproxy refuses the example that we ship")


async def prepared(server: EmbeddedPostgres, folder: Path) -> Keys:
    """Tables and the municipalities of the example in it, and keys in the folder."""
    file = folder / "keys.json"
    new_keys(file, now=datetime(2026, 1, 1, tzinfo=UTC))
    owner = await asyncpg.connect(server.url(OWNER))
    catalogue = load_catalogue(example_directory(), questionnaires_directory())
    await settle(owner, catalogue, date(2026, 1, 1))
    await owner.close()
    return load_keys(file)


async def _stored(server: EmbeddedPostgres) -> list[Any]:
    db = await asyncpg.connect(server.url(SUPERUSER))
    try:
        return [row["id"] for row in await db.fetch("select id from meetpunt.response")]
    finally:
        await db.close()
