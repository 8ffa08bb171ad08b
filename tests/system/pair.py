"""A primary and a synchronous standby on this machine, with a line between them that can be cut."""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from ingest.postgres.cluster import DATABASE, passwords
from ingest.postgres.folder import server_note
from ingest.postgres.programs import find_programs, give, ordinary_account, route
from ingest.postgres.server import SUPERUSER, EmbeddedPostgres
from tests.system.running import free_port

_MAY_COPY = "host replication all 127.0.0.1/32 scram-sha-256\n"
# `kill -9` is not a power cut: what was written stays written.
_QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "reserved_connections": "0",
}


class Pair:
    """Two servers. `primary` answers until `fail_over`, and `standby` from then on."""

    def __init__(self, folder: Path) -> None:
        self._line = Line()
        self._ports = free_port(), free_port()
        synchronous = {**_QUICK, "synchronous_standby_names": "standby"}
        self.primary = EmbeddedPostgres(
            folder / "primary", port=self._ports[0], settings=synchronous, announce=_nobody
        )
        self.standby = Standby(
            folder / "standby", port=self._ports[1], settings=_QUICK, announce=_nobody
        )

    @property
    def url(self) -> str:
        """Where the service finds whichever of the two takes writes."""
        password = passwords(self.primary.data)["meetpunt_ingest"]
        places = ",".join(f"127.0.0.1:{port}" for port in self._ports)
        return f"postgresql://meetpunt_ingest:{password}@{places}/{DATABASE}?sslmode=disable"

    async def start(self) -> None:
        """Return when every commit on the primary waits for the standby, and gets its answer."""
        await asyncio.to_thread(self.primary.start)
        cluster = self.primary.data / "postgres"
        with (cluster / "pg_hba.conf").open("a") as who_may_enter:
            who_may_enter.write(_MAY_COPY)
        db = await asyncpg.connect(self.primary.url(SUPERUSER))
        try:
            await db.execute("select pg_reload_conf()")
            await self._line.open(self._ports[0])
            await asyncio.to_thread(self._copy)
            await asyncio.to_thread(self.standby.start)
            async with asyncio.timeout(20):
                while not await db.fetchval("select true from pg_stat_replication"):
                    pass
        finally:
            await db.close()

    async def cut(self) -> None:
        """From now on the standby hears nothing, and the primary hears nothing of it."""
        await self._line.cut()

    async def fail_over(self) -> None:
        """Kill the primary, and make the standby one that takes writes."""
        os.kill(int(server_note(self.primary.data / "postgres")[0]), signal.SIGKILL)
        db = await asyncpg.connect(self.standby.url(SUPERUSER))
        try:
            await db.execute("select pg_promote()")
        finally:
            await db.close()

    async def stop(self) -> None:
        await self._line.close()
        await asyncio.to_thread(self.standby.stop)
        await asyncio.to_thread(self.primary.stop)

    def _copy(self) -> None:
        """A standby out of the running primary, which comes to it over the line."""
        account = ordinary_account(self.primary.data / "postgres")
        programs = find_programs(None, account)
        self.standby.data.mkdir(mode=0o711)
        shutil.copy2(self.primary.data / "passwords.json", self.standby.data / "passwords.json")
        cluster = self.standby.data / "postgres"
        cluster.mkdir(mode=0o700)
        give(cluster, account)
        password = passwords(self.primary.data)[SUPERUSER]
        who = f"host=127.0.0.1 user={SUPERUSER} password={password}"
        with route(cluster, account) as (name, descriptors):
            subprocess.run(
                [
                    programs.folder / "pg_basebackup",
                    *("-D", name, "-d", f"{who} port={self._ports[0]}"),
                    *("--checkpoint=fast", "--wal-method=stream", "--no-sync"),
                ],
                check=True,
                capture_output=True,
                pass_fds=descriptors,
                **programs.options(),
            )
        (cluster / "standby.signal").touch()
        self.standby.follows(f"{who} port={self._line.port} application_name=standby")


class Standby(EmbeddedPostgres):
    """A server that follows another one, and is there once it answers questions."""

    def follows(self, primary: str) -> None:
        self._settings |= {
            "primary_conninfo": primary,
            "wal_retrieve_retry_interval": "200ms",
            # Our own is not read while it is restored; this one has to be asked to take over.
            "hot_standby": "on",
        }

    def _ready(self, log_begin: int, before: tuple[int, int] | None) -> bool:
        if super()._ready(log_begin, before):
            return True
        note = server_note(self._cluster)
        return len(note) > 7 and note[7] == "standby"


class Line:
    """Passes on what goes between the two, until it is cut."""

    def __init__(self) -> None:
        self.port = 0
        self._server: asyncio.Server | None = None
        self._passing: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.StreamWriter] = set()

    async def open(self, to_port: int) -> None:
        async def pass_on(near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
            far, to_far = await asyncio.open_connection("127.0.0.1", to_port)
            ways = ((near, to_far), (far, to_near))
            self._ends |= {to_far, to_near}
            self._passing |= {asyncio.create_task(_one_way(*way)) for way in ways}

        self._server = await asyncio.start_server(pass_on, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Nothing passes, and nobody is told."""
        if self._server is not None:
            self._server.close()
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)

    async def close(self) -> None:
        """Both are told: a primary that stops would wait for who follows it."""
        await self.cut()
        for end in self._ends:
            end.close()
        await asyncio.gather(*(end.wait_closed() for end in self._ends), return_exceptions=True)


async def _one_way(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while said := await reader.read(65_536):
        writer.write(said)
        await writer.drain()
    writer.close()


def _nobody(_sentence: str) -> None:
    """What takes longer than a second is expected here."""


@asynccontextmanager
async def pair(folder: Path) -> AsyncIterator[Pair]:
    """Both, for as long as the block lasts."""
    servers = Pair(folder)
    try:
        await servers.start()
        yield servers
    finally:
        await servers.stop()
