"""Our clock beside the database's: days, terms and the lives of links go by them."""

from datetime import timedelta

import asyncpg

from ingest.clock import doubt
from ingest.doctor.findings import Finding, look, ok, wrong
from ingest.doctor.sight import FOLDER, Sight, needs

_NOTICED = timedelta(seconds=5)
_TOO_FAR = timedelta(seconds=60)


async def examine(sight: Sight) -> list[Finding]:
    """How far they are apart, and whether a purge would believe them."""
    if sight.any is None:
        return []
    return [await _apart(sight.any, sight), *await _purge(sight)]


async def _purge(sight: Sight) -> list[Finding]:
    if sight.folder is None:
        return needs(FOLDER)
    why = await doubt(sight.folder, sight.clock())
    if why is not None:
        return [wrong(f"The clock is doubted: {why}")]
    return [ok("The last purge and the clock agree.")]


async def _apart(db: asyncpg.Connection, sight: Sight) -> Finding:
    """But for what asking took."""
    before = sight.clock()
    theirs = await db.fetchval("/* clock */ select clock_timestamp()")
    after = sight.clock()
    apart = max(before - theirs, theirs - after, timedelta())
    side = "ahead of" if before > theirs else "behind"
    difference = f"{apart.total_seconds():.0f} seconds {side}"
    if apart > _TOO_FAR:
        return wrong(f"The clock of this machine is {difference} the database's: set both right.")
    if apart > _NOTICED:
        return look(f"The clock of this machine is {difference} the database's.")
    return ok("The clocks of this machine and of the database agree.")
