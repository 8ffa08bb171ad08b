"""Note of each Signalen whether it did as asked, by what came of what it was told."""

from collections.abc import Mapping, Sequence

from ingest.connectors.signalen.statements import Result
from ingest.running.logs import log
from ingest.tasks.neighbours import Neighbours

# It answered, and our own files do not fit it.
_NOT_AWAY = ("answer-not-offered", "not-in-the-files")
_NOTHING_SAID = (None, "away", "unreadable")


def note(neighbours: Neighbours, slugs: Mapping[str, str], results: Sequence[Result]) -> None:
    """`slugs` by the municipality's code. One that it took tells more than any that it did not."""
    for code in {each.municipality for each in results} & slugs.keys():
        slug = slugs[code]
        here = [each for each in results if each.municipality == code]
        reasons = [each.reason for each in here if each.reason and each.reason not in _NOT_AWAY]
        if any(each.outcome not in _NOTHING_SAID for each in here):
            neighbours.well(slug)
        elif reasons and neighbours.away(slug, reasons[0]):
            log("reports_away", level="warning", municipality=slug, reason=reasons[0])
