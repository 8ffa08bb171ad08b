"""A case system and Open Notificaties beside the service, played a step at a time."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from ingest.clock import today_here
from ingest.connectors.cases.polling import polling
from ingest.connectors.work import ConnectorWork
from ingest.municipalities.catalogue import Catalogue
from ingest.tasks.leases import give_back, take
from ingest.tasks.names import TaskName
from ingest.tasks.upkeep import Task
from ingest.tokens.keys import Keys
from tests.conftest import Database, Serve, Served
from tests.inviting import inviting
from tests.neighbours.opennotificaties import OpenNotificaties
from tests.neighbours.openzaak import OpenZaak
from tests.neighbours.server import neighbour
from tests.notifying import SECRET, following_cases, secret_file

CALLBACK = "/api/v1/notifications/molensloot"


def person(number: int, **more: Any) -> dict[str, Any]:
    """Who asked for a case, as a role has it."""
    return {
        "emailadres": "",
        "telefoonnummer": f"06{10_000_000 + number}",
        "naam": "kanarie-naam",
        "functie": "",
    } | more


class Systems:
    """Both systems, what they tell to and what looks at them."""

    def __init__(
        self, zaak: OpenZaak, notificaties: OpenNotificaties, served: Served, work: ConnectorWork
    ) -> None:
        self.zaak = zaak
        self.notificaties = notificaties
        self.served = served
        self.database: Database = served.database
        self._work = work

    async def deliver(self, *, twice: float = 0.0) -> None:
        """One batch leaves Open Notificaties."""
        await self.notificaties.deliver(twice=twice)

    async def follow(self) -> None:
        """What waits is worked off, as far as the system can be asked."""
        name = TaskName.FOLLOW_NOTIFICATIONS
        await self._once(*(each for each in self._work.tasks() if each.name is name))

    async def follow_all(self) -> None:
        """The same until nothing is due: one run of the task gives a municipality half a minute."""
        async with self.database.superuser() as db:
            while await db.fetchval(
                "select exists (select from meetpunt.notification where due <= now())"
            ):
                await self.follow()

    async def poll(self, *, also: Sequence[str] = (), **more: float) -> None:
        """The system is asked for what was closed; before it, for municipalities called `also`."""
        work = self._work
        systems = dict.fromkeys(also, next(iter(work._systems.values()))) | work._systems
        await self._once(polling(systems, work._inbox, work._catalogue, work.taking, **more))

    async def told(self) -> None:
        """A batch, and the work that it is."""
        await self.deliver()
        await self.follow()

    def case(self, number: int, *, kind: str, **more: Any) -> str:
        """A case of somebody, which began ten days ago; gives its address."""
        begun = today_here() - timedelta(days=10)
        given: dict[str, Any] = {"begun": begun, "person": person(number)} | more
        return self.zaak.open(kind, **given)

    async def _once(self, task: Task) -> None:
        name = task.name
        holder = uuid4()
        async with self.database.connected("meetpunt_work") as db:
            assert await take(db, name, holder)
            await task.work(db, holder)
            await give_back(db, name, holder)


@asynccontextmanager
async def case_systems(
    serve: Serve,
    catalogue: Catalogue,
    keys: Keys,
    folder: Path,
    *,
    rules: Any = None,
    adapted: Callable[[Catalogue], Catalogue] = lambda files: files,
    **cases: Any,
) -> AsyncIterator[Systems]:
    """Both, beside a service of Molensloot that has subscribed; `cases` changes its `[cases]`."""
    zaak = OpenZaak()
    async with neighbour(zaak) as server:
        zaak.url = server.url
        files = following_cases(
            adapted(inviting(catalogue, rules)), secret_file(folder), host=server.url, **cases
        )
        async with serve(files=files) as served:

            async def post(address: str, headers: dict[str, str], body: bytes) -> int:
                reply = await served.client.post(address, content=body, headers=headers)
                return int(reply.status_code)

            notificaties = OpenNotificaties(post)
            zaak.publish = notificaties.publish
            subscription = {
                "callbackUrl": CALLBACK,
                "auth": f"Bearer {SECRET}",
                "kanalen": [{"naam": "zaken", "filters": {}}],
            }
            reply = await notificaties._subscribe(subscription)
            assert reply.status == 201, reply.body
            work = ConnectorWork(
                served.database.url("meetpunt_work"), catalogue=files, keys=keys, seconds=0.05
            )
            yield Systems(zaak, notificaties, served, work)
            await work.close()
