"""What tests of senders send, and how they make one that talks to a neighbour of this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from ingest.invitations.occasions import Recipient
from ingest.municipalities.senders import Sender as Declared
from ingest.senders.sender import OutgoingMessage, Sender
from ingest.senders.senders import Senders
from ingest.texts.page_texts import page_texts

LINK = "https://kto.molensloot.example/v/mFzrS1K7dX0bQ2eVtYpAcwAAgAIKgB3yWl6uJ9nHq4Ro"
NUMBER = "+31612345678"
ADDRESS = "bewoner@voorbeeld.example"
UNSUBSCRIBE = f"https://kto.molensloot.example/afmelden/molensloot/{'x' * 100}"


def message(to: str = f"tel:{NUMBER}", **given: Any) -> OutgoingMessage:
    """An invitation in Dutch to this recipient, with the end of a mail in the `language` given."""
    scheme, _, address = to.partition(":")
    texts = page_texts().get(given.get("language", "nl"), page_texts()["nl"])
    end = texts.invitation.way_out(UNSUBSCRIBE)
    usual = OutgoingMessage(
        reference=str(uuid4()),
        recipient=Recipient(scheme=scheme, address=address),  # type: ignore[arg-type]
        language="nl",
        name="Gemeente Molensloot",
        link=LINK,
        text=f"Gemeente Molensloot: wat vond u van uw telefoongesprek? {LINK}",
        subject="Wat vond u van uw telefoongesprek?",
        plain=f"Beste inwoner,\n\nU belde ons. Hoe ging dat?\n{LINK}\n\n{end}\n",
        unsubscribe_url=UNSUBSCRIBE,
    )
    return msgspec.structs.replace(usual, **given)


def key_file(folder: Path, key: str) -> str:
    """The path of a file with this key, as a provider's has to be."""
    path = folder / f"{uuid4()}.key"
    path.touch(mode=0o600)
    path.write_text(f"{key}\n")
    return str(path)


@asynccontextmanager
async def sender(folder: Path, /, **declared: Any) -> AsyncIterator[Sender]:
    """The sender that a municipality's file declares so."""
    senders = Senders({"molensloot": [Declared(name="een", **declared)]}, folder=folder)
    try:
        yield senders.of("molensloot", "een")
    finally:
        await senders.close()
