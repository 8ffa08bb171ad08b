"""Requests that lie about their own shape, over real connections to the real protocol."""

import asyncio

import msgspec
import pytest

from ingest.asgi.deadlines import Deadlines
from tests.conftest import Served, Stand
from tests.listening import listening

pytestmark = pytest.mark.anyio

PATIENT_SECONDS = 10
SHORT = Deadlines(head_seconds=0.3, body_seconds=0.3)
KEPT = b"POST /api/v1/responses HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
HEAD = KEPT + b"Connection: close\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


async def said(port: int, sent: bytes) -> bytes:
    """All that comes back until the service closes the line; nothing is said after `sent`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        async with asyncio.timeout(PATIENT_SECONDS):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def clean(served: Served) -> bytes:
    return msgspec.json.encode(served.body(served.token()))


def chunk(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)


def requests(body: bytes) -> dict[str, bytes]:
    """Each tells of a body that is not the one that it brings, or of none that can be."""
    length = b"Content-Length: %d\r\n" % len(body)
    return {
        "a length that is too short": HEAD + b"Content-Length: 10\r\n\r\n" + body,
        "a length that is too long": HEAD + b"Content-Length: 63000\r\n\r\n" + body,
        "a length of nothing": HEAD + b"Content-Length: 0\r\n\r\n" + body,
        "a negative length": HEAD + b"Content-Length: -5\r\n\r\n" + body,
        "a length in words": HEAD + b"Content-Length: many\r\n\r\n" + body,
        "a length of 40 digits": HEAD + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n" + body,
        "two lengths": HEAD + length + b"Content-Length: 10\r\n\r\n" + body,
        "a length and chunks": HEAD + length + CHUNKED + b"\r\n" + chunk(body) + b"0\r\n\r\n",
        "no length": HEAD + b"\r\n" + body,
        "chunks without a length": HEAD + CHUNKED + b"\r\nzz\r\n" + body,
        "a negative chunk": HEAD + CHUNKED + b"\r\n-5\r\n" + body,
        "a chunk that is too short": HEAD + CHUNKED + b"\r\n5\r\n" + body + b"\r\n0\r\n\r\n",
        "chunks without end": HEAD + CHUNKED + b"\r\n" + chunk(body),
        "chunks of 1 MB": HEAD + CHUNKED + b"\r\n" + chunk(b" " * 1_000) * 1_000 + b"0\r\n\r\n",
        "chunks within gzip": HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunk(body),
        "a folded header": HEAD + b"X-A: b\r\n c\r\nContent-Length: 5 \r\n\t0\r\n\r\n" + body,
        "a header without a colon": HEAD + b"nonsense\r\n" + length + b"\r\n" + body[:-1] + b"x",
        "U+0000 in a header": HEAD + b"X-A: \0\r\n" + length + b"\r\n" + body,
        "a space before the colon": HEAD + b"Content-Length : 10\r\n\r\n" + body,
        "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + body,
        "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + body,
    }


@pytest.mark.parametrize("name", requests(b"{}"))
async def test_it_gets_no_further_than_a_refusal(standing: Stand, name: str) -> None:
    async with standing() as served, listening(served.app, SHORT) as (port, _):
        body = clean(served)
        told = await said(port, requests(body)[name])
        # A client that stops halfway, or never spoke HTTP, may be left without an answer.
        assert told == b"" or told.startswith(b"HTTP/1.1 4"), told[:200]
        assert b" 500 " not in told
        assert await served.responses() == []
        whole = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
        assert (await said(port, whole)).startswith(b"HTTP/1.1 201 ")
        assert len(await served.responses()) == 1


async def test_two_requests_on_one_line_are_two_requests(standing: Stand) -> None:
    async with standing() as served, listening(served.app, SHORT) as (port, _):
        both = b""
        for head in (KEPT, HEAD):
            body = clean(served)
            both += head + b"Content-Length: %d\r\n\r\n" % len(body) + body
        assert (await said(port, both)).count(b"HTTP/1.1 201 ") == 2
        assert len(await served.responses()) == 2


async def test_a_head_brings_no_body_over_the_line(standing: Stand) -> None:
    async with standing() as served, listening(served.app, SHORT) as (port, _):
        for path in ("/v/" + served.token(), "/nothing", "/api/v1/openapi.json", "/livez"):
            line = f"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
            told = await said(port, line)
            head, _, rest = told.partition(b"\r\n\r\n")
            assert rest == b"", path
            assert b"content-length: " in head
            assert b"\r\nserver:" not in head.lower()
