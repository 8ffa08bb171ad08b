"""Our clock beside the database's: days, terms and the lives of links go by them."""

from datetime import timedelta

from ingest.doctor.findings import Finding, look, ok, wrong
from ingest.doctor.sight import Sight

_NOTICED = timedelta(seconds=5)
_TOO_FAR = timedelta(seconds=60)


async def examine(sight: Sight) -> list[Finding]:
    """How far they are apart, but for what asking took."""
    if sight.any is None:
        return []
    before = sight.clock()
    theirs = await sight.any.fetchval("/* clock */ select clock_timestamp()")
    after = sight.clock()
    apart = max(before - theirs, theirs - after, timedelta())
    told = f"{apart.total_seconds():.0f} seconds {'ahead of' if before > theirs else 'behind'}"
    if apart > _TOO_FAR:
        return [wrong(f"The clock of this machine is {told} the database's: set both right.")]
    if apart > _NOTICED:
        return [look(f"The clock of this machine is {told} the database's.")]
    return [ok("The clocks of this machine and of the database agree.")]
