"""Kiosks that are silent, and those whose clock is off."""

from ingest.doctor.findings import Finding, counted, look, ok, some, wrong
from ingest.doctor.sight import FOLDER, Sight, needs
from ingest.kiosk.status import STATUS

_OFF_SECONDS = 300


async def examine(sight: Sight) -> list[Finding]:
    """As the role that watches them."""
    if sight.folder is None:
        return needs(FOLDER)
    rows = await sight.folder.fetch(_KIOSKS)
    if not rows:
        return [ok("No kiosk is in use.")]
    findings = []
    silent = [_named(row) for row in rows if row["silent"]]
    if silent:
        findings.append(
            wrong(f"{len(silent)} of {len(rows)} kiosks are silent for too long: {some(silent)}.")
        )
    else:
        findings.append(ok(f"None of {len(rows)} kiosks is silent for too long."))
    off = [_named(row) for row in rows if abs(row["clock_offset_seconds"] or 0) > _OFF_SECONDS]
    if off:
        findings.append(
            look(f"The clock of {counted(len(off), 'kiosk')} is minutes off: {some(off)}.")
        )
    return findings


def _named(row: "dict[str, object]") -> str:
    return f"{row['slug']}/{row['touchpoint']} ({row['name'] or row['id']})"


_KIOSKS = f"""/* kiosks */
    select status.*, municipality.slug from ({STATUS}) as status
    join meetpunt.municipality on municipality.code = status.municipality
    where revoked_on is null order by slug, touchpoint, name
"""  # noqa: S608  # our own
