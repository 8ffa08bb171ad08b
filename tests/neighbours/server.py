"""An HTTP server for one test: strict in what it takes, and failing in every way that others do.

A neighbour answers with a `Reply`, or does what a real one does on a bad day: nothing at all, half
an answer, an endless one. What it was sent it keeps as it came.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import h11
import msgspec


class Request(msgspec.Struct, frozen=True):
    """One request as it came; the names of headers are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Reply(msgspec.Struct, frozen=True):
    """One answer, whole."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


class Silence(msgspec.Struct, frozen=True):
    """Takes the request and says nothing, until whoever asked goes away."""


class Cut(msgspec.Struct, frozen=True):
    """Takes the request, sends these bytes and closes."""

    before: bytes = b""


class Endless(msgspec.Struct, frozen=True):
    """Sends a good head, then `piece` again and again with so many seconds between."""

    piece: bytes
    seconds: float = 0.0


Behaviour: TypeAlias = Reply | Silence | Cut | Endless
Answering: TypeAlias = Callable[[Request], Awaitable[Behaviour]]


class BadDay(msgspec.Struct, frozen=True):
    """What happens to one request instead. With `after` it is done first, and told so."""

    behaviour: Behaviour
    after: bool = False


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


class Server:
    """A neighbour on a port of 127.0.0.1."""

    def __init__(self, answering: Answering, port: int = 0) -> None:
        self.port = port
        self.requests: list[Request] = []
        self.connections = 0
        self._answering = answering
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def taken(self) -> int:
        """How many requests came."""
        return len(self.requests)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its first byte to its last."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort() if not writer.is_closing() else None
            self._tasks.discard(task)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether another may come."""
        request = await _read(reader)
        if request is None:
            writer.close()
            return False
        self.requests.append(request)
        match await self._answering(request):
            case Reply() as reply:
                writer.write(_written(reply, request.method))
                await writer.drain()
                return True
            case Silence():
                await reader.read()
            case Cut(before):
                writer.write(before)
                await writer.drain()
            case Endless(piece, seconds):
                writer.write(_HEAD)
                while True:
                    writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                    await writer.drain()
                    await asyncio.sleep(seconds)
        writer.close()
        return False

    async def end(self) -> None:
        """Cut every connection that is open."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def neighbour(
    answering: Answering, *, tls: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[Server]:
    """A server that answers like this, gone at the end."""
    server = Server(answering, port)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", port, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await server.end()
        await listening.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    """A request that is right in every letter; None at the end."""
    connection = h11.Connection(h11.SERVER)
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            data = await reader.read(65_536)
            if not data:
                return None  # whoever asked is gone, perhaps half-way
            connection.receive_data(data)
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            assert head is not None
            return Request(
                head.method.decode(),
                head.target.decode(),
                {name.decode(): value.decode() for name, value in head.headers},
                bytes(body),
            )
        else:
            return None


def _written(reply: Reply, method: str) -> bytes:
    lines = [f"HTTP/1.1 {reply.status} ."]
    lines += [f"{name}: {value}" for name, value in reply.headers]
    if reply.status not in (204, 304):
        lines.append(f"Content-Length: {len(reply.body)}")
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    return head if method == "HEAD" else head + reply.body
