"""Everything that connectors do beside the requests, put together for one process."""

from ingest.connectors.notifications.following import Followers, following
from ingest.connectors.openklant.api import OpenKlant
from ingest.connectors.openklant.calls_back import CallsBack
from ingest.connectors.openklant.polling import Asked, polling
from ingest.connectors.openklant.telling import Telling
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.tasks.upkeep import Task, Upkeep
from ingest.tokens.keys import Keys


class ConnectorWork:
    """The tasks of connectors, done as meetpunt_work. `start` on the event loop, then `close`.

    The tasks are the same whatever the files say: where nobody is followed, they find nothing.
    """

    def __init__(
        self, work_url: str, *, catalogue: Catalogue, keys: Keys, seconds: float | None = None
    ) -> None:
        """`seconds` between two runs of each task, where that is not the usual."""
        self._seconds = seconds
        self.taking = Taking(catalogue, keys)
        self.slugs = {each.code: slug for slug, each in catalogue.municipalities.items()}
        self._contacts = {
            slug: (OpenKlant(each.contacts), Telling(each, each.contacts, self.taking))
            for slug, each in catalogue.municipalities.items()
            if each.contacts is not None
        }
        self._upkeep = Upkeep(work_url, self.tasks())

    def followers(self) -> Followers:
        """Who follows what, by channel and resource."""
        return {("internetaken", "internetaak"): CallsBack(self._contacts)}

    def tasks(self) -> list[Task]:
        """Every task of connectors; another poll is added here."""
        asked = [Asked(*each) for each in self._contacts.values()]
        return [
            following(self.followers(), self.slugs, seconds=self._seconds),
            polling(asked, seconds=self._seconds),
        ]

    def reread(self) -> None:
        """Read every key again, as the process was told that files changed (SIGHUP)."""
        for open_klant, _ in self._contacts.values():
            open_klant.key.read()

    async def start(self) -> None:
        """Begin; returns at once."""
        await self._upkeep.start()

    async def close(self) -> None:
        """Stop, and give back every lease."""
        await self._upkeep.close()
        for open_klant, _ in self._contacts.values():
            await open_klant.close()
