"""The messages that arrived in the demo: what the `file` sender wrote, read from its folder.

To whom a message went is known from its own file alone: in the database it lies sealed, and is gone
by then.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from time import monotonic

import msgspec

from ingest.senders.file import WrittenMessage

_REFERENCE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOST_KEPT = 200
_LOOK_SECONDS = 0.05


class Delivered:
    """Reads the messages of one sender. `empty` once, at the start."""

    def __init__(self, folder: Path, *, most_kept: int = _MOST_KEPT) -> None:
        self._folder = folder
        self._most_kept = most_kept

    def empty(self) -> None:
        """Take away what lies there of the last time, half-written files too."""
        for path in (*self._folder.glob("*.json"), *self._folder.glob(".*")):
            path.unlink(missing_ok=True)

    def read(self, reference: str) -> WrittenMessage | None:
        """The message of this name; None where there is none, or none any more."""
        if not _REFERENCE.fullmatch(reference):
            return None
        return _read(self._folder / f"{reference}.json")

    def last_to(self, addresses: Iterable[str]) -> list[WrittenMessage]:
        """The newest message to each of these, in the same order; without those that got none."""
        newest: dict[str, WrittenMessage] = {}
        for path in self._newest_first():
            message = _read(path)
            if message is not None:
                newest.setdefault(message.to, message)
        return [newest[each] for each in addresses if each in newest]

    def write(self, message: WrittenMessage) -> None:
        """A mail of another system arrives: it is no message of ours."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{message.reference}.json"
        path.write_bytes(msgspec.json.encode(message))
        self._newest_first()

    async def arrived(
        self, addresses: Iterable[str], *, within_seconds: float
    ) -> Mapping[str, WrittenMessage]:
        """Messages by the address they went to, once all are there or it took too long."""
        wanted = frozenset(addresses)
        until = monotonic() + within_seconds
        while True:
            found = await asyncio.to_thread(self._to, wanted)
            if found.keys() >= wanted or monotonic() >= until:
                return found
            await asyncio.sleep(_LOOK_SECONDS)

    def _to(self, wanted: frozenset[str]) -> dict[str, WrittenMessage]:
        messages = [each for path in self._newest_first() if (each := _read(path))]
        return {each.to: each for each in messages if each.to in wanted}

    def _newest_first(self) -> list[Path]:
        """Those that are kept; the oldest go, so that the folder does not grow without end."""
        paths = sorted(self._folder.glob("*.json"), key=_written_at, reverse=True)
        for path in paths[self._most_kept :]:
            path.unlink(missing_ok=True)
        return paths[: self._most_kept]


def _read(path: Path) -> WrittenMessage | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=WrittenMessage)
    except (OSError, msgspec.MsgspecError):
        return None


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
