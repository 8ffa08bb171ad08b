"""Say in the log when a webhook takes nothing more, and when it does again."""

from collections.abc import Mapping, Sequence

from ingest.followup.pushing.statements import WEBHOOK, Result, Taken
from ingest.followup.pushing.ways import DONE
from ingest.running.logs import log


class Noting:
    """How webhooks are, for one process; `slugs` by the municipality's code.

    What another process found before is known by why its delivery waited.
    """

    def __init__(self, slugs: Mapping[str, str]) -> None:
        self._slugs = slugs
        self._away: dict[str, bool] = {}

    def note(self, told: Sequence[tuple[Taken, Result]]) -> None:
        """What came of deliveries of one municipality that were told at once.

        One that it took tells more than any that it did not.
        """
        called = [(row, result) for row, result in told if row.way == WEBHOOK]
        reasons = [result.reason for _, result in called if result.reason is not None]
        taken = any(result.outcome == DONE for _, result in called)
        slug = self._slugs.get(called[0][0].municipality) if called else None
        if slug is None or not (taken or reasons):
            return
        was_away = self._away.get(slug, any(row.reason is not None for row, _ in called))
        self._away[slug] = not taken
        if not taken and not was_away:
            log("webhook_away", level="warning", municipality=slug, reason=reasons[0])
        elif taken and was_away:
            log("webhook_back", municipality=slug)
