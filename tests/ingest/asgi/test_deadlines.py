"""Slow and wordy clients are closed; others never notice. Real sockets, on both event loops."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvloop
from uvicorn.server import ServerState

from ingest.asgi.deadlines import DeadlineProtocol, Deadlines
from tests.listening import listening

Run = Callable[[Coroutine[Any, Any, None]], None]
HOST = b"Host: localhost\r\n"
POST = b"POST / HTTP/1.1\r\n" + HOST
CHUNKED = b"Transfer-Encoding: chunked\r\n"
SHORT = Deadlines(head_seconds=0.2, body_seconds=0.2, unread_seconds=0.2)
PATIENT_SECONDS = 10


@pytest.fixture(params=[asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    chosen: Run = request.param
    return chosen


class Application:
    """Answers with the length of the body; `/large` with more than any buffer holds."""

    def __init__(self) -> None:
        self.requests = 0
        self.disconnects = 0
        self.done = asyncio.Event()

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        self.requests += 1
        if scope["path"] == "/large":
            await self._answer_at_length(send)
            return
        length = 0
        while scope["path"] != "/hasty":
            message = await receive()
            if message["type"] == "http.disconnect":
                self.disconnects += 1
                self.done.set()
                return
            length += len(message["body"])
            if not message["more_body"]:
                break
        body = b"%d" % length
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer_at_length(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(400):
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        self.done.set()


class Service:
    def __init__(self, app: Application, state: ServerState, port: int) -> None:
        self.app = app
        self.state = state
        self.port = port
        self.clients: list[Client] = []

    @property
    def connection(self) -> DeadlineProtocol:
        (connection,) = self.state.connections
        assert isinstance(connection, DeadlineProtocol)
        return connection

    async def connect(self) -> "Client":
        self.clients.append(Client(*await asyncio.open_connection("127.0.0.1", self.port)))
        return self.clients[-1]


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> bytes:
        """One whole answer of a small request."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENT_SECONDS)
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return head + await self.reader.readexactly(length)

    async def everything(self) -> bytes:
        """What comes until the server closes."""
        return await asyncio.wait_for(self.reader.read(), PATIENT_SECONDS)

    async def drip(self, data: bytes) -> bytes:
        """Send `data` again and again, a bit at a time, until the server closes."""
        closed = asyncio.ensure_future(self._until_closed())
        async with asyncio.timeout(PATIENT_SECONDS):
            while not closed.done():
                try:
                    await self.send(data)
                except ConnectionError:
                    break
                await asyncio.wait([closed], timeout=0.02)
            return await closed

    async def _until_closed(self) -> bytes:
        """All that came. A server that closes with something of ours unread resets the line."""
        came = b""
        with suppress(ConnectionResetError):
            while piece := await self.reader.read(65_536):
                came += piece
        return came


@asynccontextmanager
async def serving(deadlines: Deadlines) -> AsyncIterator[Service]:
    app = Application()
    async with listening(app, deadlines) as (port, state):
        service = Service(app, state, port)
        try:
            yield service
        finally:
            for client in service.clients:
                client.writer.close()


def test_a_client_that_says_nothing_is_closed(run: Run) -> None:
    async def scenario() -> None:
        async with serving(SHORT) as service:
            client = await service.connect()
            assert await client.everything() == b""

    run(scenario())


def test_a_head_that_drips_is_closed_at_its_deadline(run: Run) -> None:
    async def scenario() -> None:
        async with serving(SHORT) as service:
            client = await service.connect()
            await client.send(b"GET / HTTP/1.1\r\n" + HOST)
            began = time.monotonic()
            assert (await client.drip(b"X: y\r\n")).startswith(b"HTTP/1.1 408 ")
            assert time.monotonic() - began < 5
            assert service.app.requests == 0

    run(scenario())


def test_a_body_that_drips_is_closed_and_the_application_told(run: Run) -> None:
    async def scenario() -> None:
        async with serving(SHORT) as service:
            client = await service.connect()
            await client.send(POST + b"Content-Length: 50000\r\n\r\n")
            assert (await client.drip(b"x")).startswith(b"HTTP/1.1 408 ")
            await asyncio.wait_for(service.app.done.wait(), PATIENT_SECONDS)
            assert service.app.disconnects == 1

    run(scenario())


def test_a_body_that_drips_after_its_answer_is_closed_too(run: Run) -> None:
    async def scenario() -> None:
        async with serving(SHORT) as service:
            client = await service.connect()
            await client.send(b"POST /hasty HTTP/1.1\r\n" + HOST + b"Content-Length: 50000\r\n\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
            assert await client.drip(b"x") == b""

    run(scenario())


def test_the_deadline_of_a_later_request_starts_with_its_first_byte(run: Run) -> None:
    async def scenario() -> None:
        async with serving(SHORT) as service:
            client = await service.connect()
            await client.send(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
            await client.answer()
            assert service.connection._deadline is None
            await client.send(b"GET / HTTP/1.1\r\n")
            assert (await client.everything()).startswith(b"HTTP/1.1 408 ")

    run(scenario())


def test_a_request_in_pieces_that_is_in_time_is_answered(run: Run) -> None:
    async def scenario() -> None:
        async with serving(Deadlines()) as service:
            client = await service.connect()
            answered = asyncio.ensure_future(client.answer())
            for piece in (
                b"POST / HT",
                b"TP/1.1\r\nHost: x\r\nContent-Le",
                b"ngth: 4\r\n\r\n",
                b"ab",
            ):
                await client.send(piece)
                await asyncio.wait([answered], timeout=0.02)
                assert service.connection._deadline is not None
            await client.send(b"cd")
            assert (await answered).endswith(b"\r\n\r\n4")
            assert service.connection._deadline is None

    run(scenario())


def test_a_request_that_arrives_whole_sets_no_deadline(run: Run) -> None:
    async def scenario() -> None:
        async with serving(Deadlines()) as service:
            client = await service.connect()
            request = POST + b"Content-Length: 60000\r\n\r\n" + b"x" * 60_000
            for _ in range(2):
                await client.send(request)
                assert (await client.answer()).endswith(b"\r\n\r\n60000")
                assert service.connection._deadline is None

    run(scenario())


def test_a_head_without_a_body_is_sent_at_once(run: Run) -> None:
    async def scenario() -> None:
        async with serving(Deadlines()) as service:
            client = await service.connect()
            await client.send(b"HEAD / HTTP/1.1\r\n" + HOST + b"\r\n")
            head = client.reader.readuntil(b"\r\n\r\n")
            told = await asyncio.wait_for(head, PATIENT_SECONDS)
            assert told.startswith(b"HTTP/1.1 200 ")
            await client.send(POST + b"Expect: 100-continue\r\nContent-Length: 1\r\n\r\n")
            head = client.reader.readuntil(b"\r\n\r\n")
            told = await asyncio.wait_for(head, PATIENT_SECONDS)
            assert told.startswith(b"HTTP/1.1 100 ")
            await client.send(b"x")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")

    run(scenario())


def test_two_requests_in_one_piece_are_both_answered(run: Run) -> None:
    async def scenario() -> None:
        async with serving(Deadlines()) as service:
            client = await service.connect()
            await client.send((b"GET / HTTP/1.1\r\n" + HOST + b"\r\n") * 2)
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")

    run(scenario())


def filler(total: int) -> bytes:
    """A whole request whose head, as we count it, has `total` bytes."""
    start = b"GET / HTTP/1.1\r\n" + HOST
    rest = total - len(start) - len(b"X: \r\n") - 1  # one byte: a head without its last line end
    return start + b"X: " + b"y" * rest + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (filler(16_000), 200),
        (filler(17_000), 431),
        (filler(70_000), 431),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 4_000 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 1_000_000, 431),
        (b"GET /" + b"u" * 4_095 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 200),
        (b"GET /" + b"u" * 4_096 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (b"GET /" + b"u" * 1_000_000, 414),
    ],
    ids=["16k", "17k", "70k", "many", "endless", "url-4096", "url-4097", "endless-url"],
)
def test_a_head_has_a_largest_size(run: Run, request_bytes: bytes, status: int) -> None:
    async def scenario() -> None:
        async with serving(Deadlines()) as service:
            client = await service.connect()
            await client.send(request_bytes)
            answer = await client.answer()
            assert answer.startswith(b"HTTP/1.1 %d " % status)
            assert service.app.requests == (status == 200)
            if status != 200:
                assert b"connection: close" in answer
                assert await client.everything() == b""

    run(scenario())


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (POST + b"Content-Length: 3\r\n" + CHUNKED + b"\r\n0\r\n\r\n", 400),
        (POST + CHUNKED + b"Content-Length: 3\r\n\r\n0\r\n\r\n", 400),
        (POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400),
        (POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (POST + b"Content-Length: 3, 3\r\n\r\nabc", 400),
        (POST + b"Content-Length: -1\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\nHOST: b\r\n\r\n", 400),
        (b"GET / HTTP/1.0\r\n" + HOST + HOST + b"\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\n\r\n", 400),
        (b"GET /\xc3\xa9 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"CONNECT localhost:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"PLOP / HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    ],
)
def test_what_proxies_read_in_two_ways_is_refused(
    run: Run, request_bytes: bytes, status: int
) -> None:
    async def scenario() -> None:
        async with serving(Deadlines()) as service:
            client = await service.connect()
            await client.send(request_bytes)
            answer = await client.answer()
            assert answer.startswith(b"HTTP/1.1 %d " % status)
            assert (b"allow: " in answer) == (status == 405)
            # A head may be whole before its fault shows; the application is told at once.
            await asyncio.gather(*service.state.tasks)
            assert service.app.requests == service.app.disconnects

    run(scenario())


def test_a_health_check_of_an_older_http_needs_no_host(run: Run) -> None:
    async def scenario() -> None:
        async with serving(Deadlines()) as service:
            client = await service.connect()
            await client.send(b"GET / HTTP/1.0\r\n\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")

    run(scenario())


def test_a_broken_chunk_is_refused_and_the_application_told(run: Run) -> None:
    async def scenario() -> None:
        async with serving(Deadlines()) as service:
            client = await service.connect()
            await client.send(POST + b"Transfer-Encoding: chunked\r\n\r\n")
            await client.send(b"zz\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 400 ")
            await asyncio.wait_for(service.app.done.wait(), PATIENT_SECONDS)
            assert service.app.disconnects == 1

    run(scenario())


def test_a_client_that_does_not_read_its_answer_is_dropped(run: Run) -> None:
    async def scenario() -> None:
        async with serving(SHORT) as service:
            client = await service.connect()
            await client.send(b"GET /large HTTP/1.1\r\n" + HOST + b"\r\n")
            await asyncio.wait_for(service.app.done.wait(), PATIENT_SECONDS)
            assert service.state.connections == set()
            client.writer.transport.abort()

    run(scenario())
