"""Everything that connectors do beside the requests, put together for one process."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from ingest.clock import now_in_utc
from ingest.connectors.cases.following import SOURCE, FollowedCases
from ingest.connectors.cases.polling import polling
from ingest.connectors.cases.system import CaseSystem
from ingest.connectors.keys import Key
from ingest.connectors.notifications.channels import CHANNELS
from ingest.connectors.notifications.following import Follower, Followers, following
from ingest.connectors.notifications.reception import Inbox
from ingest.connectors.openklant.api import OpenKlant
from ingest.connectors.openklant.calls_back import CallsBack
from ingest.connectors.openklant.polling import Asked, asking
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
        self,
        work_url: str,
        *,
        catalogue: Catalogue,
        keys: Keys,
        seconds: float | None = None,
        clock: Callable[[], datetime] = now_in_utc,
        more: Sequence[Task] = (),
    ) -> None:
        """`seconds` between two runs of each task, where that is not the usual. By `clock` somebody
        is asked about what was notified or read. `more` tasks are done as the same role, and are no
        connector's.
        """
        self._seconds, self._more = seconds, more
        self._clock = clock
        self._catalogue = catalogue
        self._inbox = Inbox(catalogue.municipalities, keys)
        self._keys: list[Key] = []
        self._systems = {
            slug: CaseSystem(each.cases, self._key(each.cases.key_file, slug))
            for slug, each in catalogue.municipalities.items()
            if each.cases is not None
        }
        self.taking = Taking(catalogue, keys)
        self._contacts = {
            slug: (
                OpenKlant(each.contacts, self._key(each.contacts.key_file, slug)),
                Telling(each, each.contacts, self.taking),
            )
            for slug, each in catalogue.municipalities.items()
            if each.contacts is not None
        }
        self.slugs = {each.code: slug for slug, each in catalogue.municipalities.items()}
        self._upkeep = Upkeep(work_url, self.tasks(), files=catalogue.checksum)

    def followers(self) -> Followers:
        """Who follows what, by channel and resource."""
        cases = FollowedCases(self._catalogue, self.taking, self._systems)
        followers: dict[tuple[str, str], Follower] = {
            (SOURCE, resource): cases for resource in CHANNELS[SOURCE].resources
        }
        return {**followers, ("internetaken", "internetaak"): CallsBack(self._contacts)}

    def tasks(self) -> list[Task]:
        """Every task of connectors; another poll is added here."""
        return [
            following(self.followers(), self.slugs, seconds=self._seconds, clock=self._clock),
            polling(
                self._systems,
                self._inbox,
                self._catalogue,
                self.taking,
                seconds=self._seconds,
            ),
            asking(
                [Asked(*each) for each in self._contacts.values()],
                seconds=self._seconds,
                clock=self._clock,
            ),
            *self._more,
        ]

    def reread(self) -> None:
        """Read every key again, as the process was told that files changed (SIGHUP)."""
        for key in self._keys:
            key.read()

    async def start(self) -> None:
        """Begin; returns at once."""
        await self._upkeep.start()

    async def close(self) -> None:
        """Stop, and give back every lease."""
        await self._upkeep.close()
        open_klants = (each for each, _ in self._contacts.values())
        await asyncio.gather(
            *(each.close() for each in self._systems.values()),
            *(each.close() for each in open_klants),
        )

    def _key(self, path: str, slug: str) -> Key:
        key = Key(path, municipality=slug)
        self._keys.append(key)
        return key
