"""Which versions of a questionnaire a touchpoint accepts: replaced ones too, for 90 days."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import asyncpg
import msgspec

from ingest.municipalities.municipality import Touchpoint

# A form can have been open, or a link on its way, while the version changed.
REPLACED_VERSION_ACCEPTED = timedelta(days=90)


class VersionAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Since when a touchpoint asks a version of a questionnaire."""

    touchpoint: int
    questionnaire: str
    version: int
    since: date


class Versions:
    """Knows since when each touchpoint asks what. `asked` is sorted by touchpoint and day."""

    def __init__(self, versions: Sequence[VersionAsked]) -> None:
        self._ever = {
            (version.touchpoint, version.questionnaire, version.version) for version in versions
        }
        self._until: dict[tuple[int, str, int], date] = {}
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


async def versions_asked(db: asyncpg.Connection) -> list[VersionAsked]:
    """Which versions each touchpoint asks or has asked, oldest first."""
    rows = await db.fetch(
        """/* versions_asked */
        select touchpoint, questionnaire, version, since
        from meetpunt.touchpoint_version
        order by touchpoint, since, version
        """
    )
    return [
        VersionAsked(
            touchpoint=row["touchpoint"],
            questionnaire=row["questionnaire"],
            version=row["version"],
            since=row["since"],
        )
        for row in rows
    ]
