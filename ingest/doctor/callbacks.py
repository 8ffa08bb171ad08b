"""Who wants to be called: whether somebody opens it in time.

Of who was never called nothing is said once the number is gone: nobody can mend it any more.
"""

from datetime import timedelta

from ingest.callbacks.asking import DAYS
from ingest.callbacks.statements import Waiting, read_waiting
from ingest.clock import day_of
from ingest.doctor.findings import Finding, counted, look, ok, wrong
from ingest.doctor.sight import WORK, Sight, needs

_LATE = timedelta(days=7)
"""Five working days are the most that a page promises: seven days, if none is a holiday."""


async def examine(sight: Sight) -> list[Finding]:
    """By what waits; silent about municipalities where nobody does."""
    db = sight.work or sight.folder
    if db is None:
        return needs(WORK)
    waiting = await read_waiting(db)
    today = day_of(sight.clock())
    found = [_waiting(each, today - each.oldest) for each in waiting]
    return found or [ok("Nobody waits to be called.")]


def _waiting(each: Waiting, since: timedelta) -> Finding:
    told = f"{each.slug}: {counted(each.count, 'person waits', 'people wait')} to be called"
    if since <= timedelta(days=1):
        return ok(f"{told}.")
    told = f"{told}, one of them since {each.oldest:%Y-%m-%d}, and nobody opened that number"
    how = f"'meetpunt callback list {each.slug}' shows them; after {DAYS} days they are gone."
    return wrong(f"{told}. {how}") if since > _LATE else look(f"{told}. {how}")
