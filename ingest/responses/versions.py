"""Which versions of a questionnaire a touchpoint accepts: replaced ones too, for 90 days.

While a service of several copies gets new files, one copy shows a version that another has not read
of. So whoever meets an unknown version looks in the database again before it refuses.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise

import msgspec

from ingest.municipalities.catalogue import Catalogue, VersionUnknown
from ingest.municipalities.municipality import Touchpoint
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.responses.version_statements import VersionAsked, versions_asked
from ingest.responses.writer import WriterUnavailable, type_of_database

__all__ = ["AskedVersions", "VersionAhead", "Versions", "type_of_asked", "versions_asked"]

# The questionnaire of a version that a touchpoint was answered in on a day, and why it is refused.
type_of_asked = Callable[
    [Touchpoint, str, int, date], Awaitable[tuple[Questionnaire, VersionUnknown | None]]
]

# A form can have been open, or a link on its way, while the version changed.
REPLACED_VERSION_ACCEPTED = timedelta(days=90)

# So seldom the database is asked for versions that nobody knows here: whoever invents them costs
# one statement a second. It loses no answer: new files are in the database before the first page
# shows them, and a copy takes longer than this to start with them.
_LOOK_SECONDS = 1.0


class VersionAhead(WriterUnavailable):
    """The touchpoint asks this version by files that this copy does not have: ask another copy."""

    def __init__(self, version: str) -> None:
        super().__init__(version, retry_after_seconds=1)


class Versions:
    """Knows since when each touchpoint asks what. `asked` is sorted by touchpoint and day."""

    def __init__(self, versions: Sequence[VersionAsked]) -> None:
        self._ever = {
            (version.touchpoint, version.questionnaire, version.version): version.structures
            for version in versions
        }
        newest = {version.touchpoint: version for version in versions}
        self._until = {
            (number, version.questionnaire, version.version): date.max
            for number, version in newest.items()
        }
        for earlier, later in pairwise(versions):
            if earlier.touchpoint == later.touchpoint:
                key = (earlier.touchpoint, earlier.questionnaire, earlier.version)
                self._until[key] = later.since + REPLACED_VERSION_ACCEPTED

    def accepts(
        self, touchpoint: Touchpoint, questionnaire: str, version: int, today: date
    ) -> bool:
        """Whether this touchpoint takes a response to this version today."""
        if (questionnaire, version) == (touchpoint.questionnaire, touchpoint.version):
            return True
        until = self._until.get((touchpoint.number, questionnaire, version))
        return until is not None and today <= until

    def ever(self, touchpoint: Touchpoint, questionnaire: str, version: int) -> bool:
        """Whether this touchpoint asks or ever asked this version; a kiosk may send old ones."""
        asks = (questionnaire, version) == (touchpoint.questionnaire, touchpoint.version)
        return asks or (touchpoint.number, questionnaire, version) in self._ever

    def newer_than(self, touchpoint: Touchpoint, asked: Questionnaire) -> bool:
        """Whether this touchpoint went on to this version, and the files here ask another one."""
        if (asked.code, asked.version) == (touchpoint.questionnaire, touchpoint.version):
            return False
        return self._until.get((touchpoint.number, asked.code, asked.version)) == date.max

    def structures(self, touchpoint: Touchpoint, asked: Questionnaire) -> frozenset[str]:
        """As what the municipality ever asked this version: with own items, or without."""
        return self._ever.get((touchpoint.number, asked.code, asked.version), frozenset())


class AskedVersions:
    """Finds the questionnaire of a response: in the files here, if the touchpoint asks it.

    `database` lends a connection to look again; `clock` counts seconds.
    """

    def __init__(
        self, catalogue: Catalogue, database: type_of_database, clock: Callable[[], float]
    ) -> None:
        self.known = Versions(())
        self._catalogue = catalogue
        self._database = database
        self._clock = clock
        self._looking: asyncio.Task[None] | None = None
        self._looked_at = float("-inf")

    async def find(
        self, touchpoint: Touchpoint, code: str, version: int, today: date
    ) -> tuple[Questionnaire, VersionUnknown | None]:
        """The questionnaire that was answered, and the refusal where it is no longer accepted.

        It is found all the same, because a retry of something stored must be recognised. Raises
        `VersionUnknown`, `VersionAhead` where only another copy can tell right answers from wrong
        ones, and `WriterUnavailable` where the database had to be asked and is away.
        """
        accepted = self.known.accepts(touchpoint, code, version, today)
        if not accepted:
            await self._look_now_and_then()
            accepted = self.known.accepts(touchpoint, code, version, today)
        then = touchpoint
        if code != touchpoint.questionnaire:
            then = msgspec.structs.replace(touchpoint, questionnaire=code)
        try:
            questionnaire = self._catalogue.questionnaire(then, version)
        except VersionUnknown as unknown:
            if accepted:
                raise VersionAhead(str(unknown)) from None
            raise
        if not accepted:
            return questionnaire, VersionUnknown(f"{code}/{version}")
        if self.known.newer_than(touchpoint, questionnaire) and self._lacks_items(
            touchpoint, questionnaire
        ):
            raise VersionAhead(f"{code}/{version}")
        return questionnaire, None

    async def look_again(self) -> None:
        """Read what the touchpoints ask anew. Raises `WriterUnavailable`."""
        async with self._database() as db:
            self.known = Versions(await versions_asked(db))

    def _lacks_items(self, touchpoint: Touchpoint, here: Questionnaire) -> bool:
        """Whether newer files give the municipality items of its own that the files here do not."""
        known = self.known.structures(touchpoint, here)
        has_own = (
            here.structure != self._catalogue.questionnaires[here.code, here.version].structure
        )
        return here.structure not in known or (len(known) > 1 and not has_own)

    async def _look_now_and_then(self) -> None:
        """Look again, but once for all who wait, and not at once after the last time."""
        if self._looking is None:
            now = self._clock()
            if now - self._looked_at < _LOOK_SECONDS:
                return
            self._looking = asyncio.create_task(self._look(now), name="look for versions")
        await asyncio.shield(self._looking)

    async def _look(self, now: float) -> None:
        try:
            await self.look_again()
            self._looked_at = now
        finally:
            self._looking = None
