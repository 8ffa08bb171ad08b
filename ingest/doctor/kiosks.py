"""Kiosks that are silent, those whose clock is off, and those that a finger misses."""

from ingest.doctor.findings import Finding, ago, counted, look, ok, some, wrong
from ingest.doctor.sight import FOLDER, Sight, needs
from ingest.kiosk.status import FINGER_MM, STATUS

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
    off = [row for row in rows if abs(row["clock_offset_seconds"] or 0) > _OFF_SECONDS]
    if off:
        most = ago(max(abs(row["clock_offset_seconds"]) for row in off))
        findings.append(
            look(
                f"The clock of {counted(len(off), 'kiosk')} is off, by {most} at most: "
                f"{some([_named(row) for row in off])}."
            )
        )
    small = [_named(row) for row in rows if (row["tile_mm"] or FINGER_MM) < FINGER_MM]
    if small:
        findings.append(
            look(
                f"Answers of {counted(len(small), 'kiosk')} are smaller than the {FINGER_MM} mm"
                f" that a finger needs: {some(small)}."
            )
        )
    return findings


def _named(row: "dict[str, object]") -> str:
    """Where it stands and what it is called, and its id, for two may be called alike."""
    called = f"{row['name']}, {row['id']}" if row["name"] else row["id"]
    return f"{row['slug']}/{row['touchpoint']} ({called})"


_KIOSKS = f"""/* kiosks */
    select status.*, municipality.slug, kiosk.tile_mm from ({STATUS}) as status
    join meetpunt.kiosk on kiosk.municipality = status.municipality and kiosk.id = status.id
    join meetpunt.municipality on municipality.code = status.municipality
    where status.revoked_on is null order by slug, status.touchpoint, status.name
"""  # noqa: S608  # our own
