"""Requests as no tidy client would send them: straight into the application, byte for byte."""

from collections.abc import AsyncIterator, Iterable
from typing import Any
from urllib.parse import unquote

import msgspec

type_of_headers = Iterable[tuple[bytes, bytes]]


class Reply(msgspec.Struct):
    """What came back; `status` 0 when nothing did. `pieces` is how much of the body was taken."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = []
    body: bytes = b""
    pieces: int = 0

    def header(self, name: str) -> str:
        """The one value of a header; "" when it is not there."""
        found = [value for key, value in self.headers if key.decode().lower() == name]
        assert len(found) <= 1, f"{name} is there twice"
        return found[0].decode("latin-1") if found else ""

    def json(self) -> Any:
        """The body, which has to be JSON in UTF-8."""
        return msgspec.json.decode(self.body)


async def call(
    app: Any,
    method: str,
    target: str | bytes,
    *,
    headers: type_of_headers = (),
    body: bytes | AsyncIterator[bytes] = b"",
    hangs_up: bool = False,
) -> Reply:
    """One request. `target` is path and query as they stand in the request line.

    A body that is an iterator is sent piece by piece; with `hangs_up` the client is gone after it.
    """
    raw = target.encode("latin-1") if isinstance(target, str) else target
    raw_path, _, query = raw.partition(b"?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path.decode("latin-1")),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": list(headers),
        "client": ("192.0.2.1", 50_000),
        "server": ("kto.molensloot.example", 80),
    }
    reply = Reply()
    started = False

    async def receive() -> dict[str, Any]:
        if isinstance(body, bytes):
            reply.pieces += 1
            if reply.pieces == 1 and not (hangs_up and not body):
                return {"type": "http.request", "body": body, "more_body": hangs_up}
            return {"type": "http.disconnect"}
        piece = await anext(body, None)
        if piece is not None:
            reply.pieces += 1
            return {"type": "http.request", "body": piece, "more_body": True}
        if hangs_up:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal started
        if message["type"] == "http.response.start":
            assert not started, "a second answer"
            started = True
            reply.status = message["status"]
            reply.headers = [(bytes(name), bytes(value)) for name, value in message["headers"]]
        else:
            reply.body += message.get("body", b"")

    await app(scope, receive, send)
    for name, value in reply.headers:
        assert not set(b"\r\n\0") & set(name + value), (name, value)
    return reply
