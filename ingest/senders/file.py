"""Writes each message to a file of its own, for a demo, a trial, or a program that takes them on.

What lies there holds addresses and links. Whoever has it written removes it again.
"""

import asyncio
import os
import re
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ingest.senders.mail_html import html_of
from ingest.senders.sender import (
    Accepted,
    Outcome,
    OutgoingMessage,
    RefusedForGood,
    RefusedForNow,
)

_REFERENCE = re.compile(r"[A-Za-z0-9-]{1,64}")
_MOST_DOUBLES = 100


class WrittenMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message as it stands in its file. `at` is in UTC; `kind` is "tel" or "mailto"."""

    reference: str
    at: datetime
    kind: str
    to: str
    sent_from: str
    language: str
    link: str
    text: str = ""
    subject: str = ""
    plain: str = ""
    html: str = ""
    unsubscribe_url: str = ""


class FileSender:
    """Writes to `folder`, made where it is not there; `sent_from` is shown as the sender."""

    kinds = frozenset({"tel", "mailto"})
    receipts = False

    def __init__(self, folder: Path, sent_from: str) -> None:
        self._folder = folder
        self._sent_from = sent_from

    @property
    def account(self) -> str:
        """The folder."""
        return f"file {self._folder}"

    async def send(self, message: OutgoingMessage) -> Outcome:
        """Write the message. One that is sent twice is there twice: nothing is hidden here."""
        if not _REFERENCE.fullmatch(message.reference):
            return RefusedForGood("message-refused")
        line = msgspec.json.encode(self._written(message)) + b"\n"
        try:
            await asyncio.to_thread(_place, self._folder, message.reference, line)
        except OSError:
            return RefusedForNow("folder-unwritable")
        return Accepted(message.reference)

    async def look_up(self, reference: str, provider_reference: str | None) -> Outcome | None:
        """That it lies there. One that does not may have been taken on by a program."""
        if not _REFERENCE.fullmatch(reference):
            return RefusedForGood("message-refused")
        if (self._folder / f"{reference}.json").exists():
            return Accepted(reference)
        return None

    async def close(self) -> None:
        """Nothing is open."""

    def _written(self, message: OutgoingMessage) -> WrittenMessage:
        is_mail = message.recipient.scheme == "mailto"
        return WrittenMessage(
            reference=message.reference,
            at=datetime.now(UTC),
            kind=message.recipient.scheme,
            to=message.recipient.address,
            sent_from=self._sent_from or message.name,
            language=message.language,
            link=message.link,
            text="" if is_mail else message.text,
            subject=message.subject if is_mail else "",
            plain=message.plain if is_mail else "",
            html=html_of(message) if is_mail else "",
            unsubscribe_url=message.unsubscribe_url if is_mail else "",
        )


def _place(folder: Path, reference: str, line: bytes) -> None:
    """The whole file at once, under a name that nobody has yet. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{reference}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with open(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o600)  # whatever the umask
            file.write(line)
            file.flush()
            os.fsync(descriptor)
        for number in range(1, _MOST_DOUBLES):
            name = f"{reference}.json" if number == 1 else f"{reference}.{number}.json"
            with suppress(FileExistsError):
                os.link(draft, folder / name)
                return
        raise FileExistsError(folder)
    finally:
        os.unlink(draft)
