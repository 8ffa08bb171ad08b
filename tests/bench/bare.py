"""What the same bytes cost when nothing is checked or stored: the floor to compare with.

`MEETPUNT_BENCH_REPLY` names a file with the reply that the real service gave: headers and body.
"""

import os
from pathlib import Path
from typing import Any

import msgspec

from ingest.responses.messages import SubmittedResponse


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A reply as the real service gave it."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


_reply = msgspec.json.decode(
    Path(os.environ.get("MEETPUNT_BENCH_REPLY", os.devnull)).read_bytes()
    or b'{"status": 500, "headers": [], "body": ""}',
    type=Reply,
)
_decode = msgspec.json.Decoder(SubmittedResponse).decode
_start = {
    "type": "http.response.start",
    "status": _reply.status,
    "headers": list(_reply.headers),
}
_body = {"type": "http.response.body", "body": _reply.body}


async def submit(scope: Any, receive: Any, send: Any) -> None:
    """Decode the body, and say that it was stored."""
    _decode((await receive())["body"])
    await send(_start)
    await send(_body)


async def page(scope: Any, receive: Any, send: Any) -> None:
    """Send the page, whatever the token."""
    await send(_start)
    await send(_body)
