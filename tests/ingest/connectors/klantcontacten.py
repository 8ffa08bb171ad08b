"""An Open Klant for a test, and a municipality that asks it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from msgspec.structs import replace

from ingest.connectors.keys import Key
from ingest.connectors.openklant.api import OpenKlant
from ingest.connectors.openklant.polling import Asked
from ingest.connectors.openklant.telling import Telling
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.connecting import Queue
from ingest.municipalities.contacts import CallBacks, Contacts
from ingest.tasks.names import TaskName
from ingest.tasks.sharing import Shared
from ingest.tokens.keys import Keys
from tests.ingest.senders.messages import key_file
from tests.inviting import MUNICIPALITY, TOUCHPOINT, inviting
from tests.neighbours.open_klant import ROOT, TOKEN, FakeOpenKlant
from tests.neighbours.server import Server, neighbour

TELEPHONE = Queue(touchpoint=TOUCHPOINT)
QUEUES = {"Paspoort": replace(TELEPHONE, product="paspoort"), "Klantcontactcentrum": TELEPHONE}


def contacts_at(url: str, folder: Path, token: str = TOKEN, **changes: Any) -> Contacts:
    """What a municipality's file says of an Open Klant at this address."""
    told: dict[str, Any] = {
        "url": f"{url}{ROOT}",
        "key_file": key_file(folder, token),
        "private_network": True,
        "queues": QUEUES,
    }
    return Contacts(**told | changes)


CALLED_BACK = CallBacks(queue=TELEPHONE)


@asynccontextmanager
async def asking(
    catalogue: Catalogue,
    keys: Keys,
    folder: Path,
    *,
    clock: Callable[[], float] = monotonic,
    **changes: Any,
) -> AsyncIterator[tuple[Asked, FakeOpenKlant, Server]]:
    """Molensloot, which asks an Open Klant; the fake names itself as it is called."""
    theirs = FakeOpenKlant()
    async with neighbour(theirs) as server:
        theirs.host = server.url
        files = inviting(catalogue)
        municipality = replace(
            files.municipality(MUNICIPALITY), contacts=contacts_at(server.url, folder, **changes)
        )
        assert municipality.contacts is not None
        key = Key(municipality.contacts.key_file, municipality=MUNICIPALITY)
        open_klant = OpenKlant(municipality.contacts, key)
        try:
            telling = Telling(municipality, municipality.contacts, Taking(files, keys))
            yield Asked(open_klant, telling, clock=clock), theirs, server
        finally:
            await open_klant.close()


async def read(asked: Asked, database: Any, now: datetime) -> dict[str, int]:
    """Ask once, as the task does it."""
    async with database.connected("meetpunt_work") as db:
        return dict(await asked.read(Shared(db, TaskName.POLL_CONTACTS, None), now))


async def promises(database: Any) -> list[tuple[Any, int]]:
    """The share of promises that were kept, and of how many, by month."""
    async with database.superuser() as db:
        rows = await db.fetch("select value, n from lees.kengetal order by period")
        return [(row["value"], row["n"]) for row in rows]
