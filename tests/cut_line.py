"""A line to Postgres that a test can cut: before anything was sent, or just after a commit."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit


class CutLine:
    """Passes on what the service and Postgres say to each other, until it loses an answer.

    After `lose_the_next_answer` a whole exchange still reaches Postgres, which does what it is
    asked; its answer never arrives, and the connection is gone.
    """

    def __init__(self, folder: str, port: int) -> None:
        self._socket = f"{folder}/.s.PGSQL.{port}"
        self._loses = False
        self.refuses = 0  # so many connections more are closed before a word is said
        self._passing: set[asyncio.Task[None]] = set()
        self.lost = asyncio.Event()

    def lose_the_next_answer(self) -> None:
        self._loses = True

    async def answer(self, service: asyncio.StreamReader, to_service: asyncio.StreamWriter) -> None:
        """One connection of the service."""
        if self.refuses:
            self.refuses -= 1
            to_service.close()
            return
        postgres, to_postgres = await asyncio.open_unix_connection(self._socket)
        both = [
            asyncio.create_task(_pass_on(service, to_postgres)),
            asyncio.create_task(self._pass_back(postgres, to_service)),
        ]
        self._passing.update(both)
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for writer in (to_postgres, to_service):
            writer.close()

    async def _pass_back(
        self, postgres: asyncio.StreamReader, to_service: asyncio.StreamWriter
    ) -> None:
        while said := await postgres.read(65_536):
            if self._loses:
                self.lost.set()
                return
            to_service.write(said)

    async def close(self) -> None:
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while said := await reader.read(65_536):
        writer.write(said)


@asynccontextmanager
async def cut_line(url: str) -> AsyncIterator[tuple[CutLine, str]]:
    """A line in front of the database at `url`, and the url that leads through it."""
    parts = urlsplit(url)
    place = parse_qs(parts.query)
    line = CutLine(place["host"][0], int(place["port"][0]))
    server = await asyncio.start_server(line.answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield line, f"postgresql://{parts.netloc}127.0.0.1:{port}{parts.path}?sslmode=disable"
    finally:
        server.close()
        await line.close()
