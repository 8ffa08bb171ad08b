"""Somebody who fetches a token and sends a response, over a real socket."""

import asyncio
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from tests.example import VERSION

TOUCHPOINT = "molensloot/online"
ORIGIN = "https://www.molensloot.example"


class Person:
    """Somebody at one address, on one connection; bare, so that it costs less than the service."""

    def __init__(self, url: str, address: str) -> None:
        self._where = urlsplit(url)
        self._lines = (
            f"Host: {self._where.netloc}\r\nOrigin: {ORIGIN}\r\nX-Forwarded-For: {address}"
        )

    async def __aenter__(self) -> "Person":
        host, port = self._where.hostname, self._where.port
        self._reader, self._writer = await asyncio.open_connection(host, port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def asked(self) -> tuple[int, dict[str, Any]]:
        return await self._called(f"GET /api/v1/touchpoints/{TOUCHPOINT}", b"")

    async def sent(self, token: str, **more: str) -> tuple[int, dict[str, Any]]:
        body = {
            "touchpoint": TOUCHPOINT,
            "responseId": str(uuid4()),
            "questionnaire": "online",
            "version": VERSION,
            "language": "nl",
            "token": token,
            "answers": {"cijfer": 8},
        }
        return await self._called("POST /api/v1/responses", msgspec.json.encode(body | more))

    async def _called(self, what: str, body: bytes) -> tuple[int, dict[str, Any]]:
        head = (
            f"{what} HTTP/1.1\r\n{self._lines}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
        (length,) = (line.split(b":")[1] for line in lines if line.startswith(b"content-length"))
        reply = await self._reader.readexactly(int(length))
        return int(lines[0].split()[1]), msgspec.json.decode(reply)
