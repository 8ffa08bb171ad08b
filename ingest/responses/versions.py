"""Which versions of a questionnaire a touchpoint accepts: replaced ones too, for 90 days."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from ingest.municipalities.municipality import Touchpoint
from ingest.responses.version_statements import VersionAsked, versions_asked

__all__ = ["Versions", "versions_asked"]

# A form can have been open, or a link on its way, while the version changed.
REPLACED_VERSION_ACCEPTED = timedelta(days=90)


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
