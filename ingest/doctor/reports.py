"""Reports in Signalen: whether they are told what their reporters say, and what was lost."""

from ingest.connectors.signalen.statements import Standing, read_standing
from ingest.doctor.findings import Finding, counted, look, ok, unseen, wrong
from ingest.doctor.sight import INGEST, Sight, needs

LATE_SECONDS = 3600.0
"""What is due for so long, nobody works on: who does tries it within minutes, and puts it off."""


async def examine(sight: Sight) -> list[Finding]:
    """By what waits and what was counted; nothing where no municipality has a Signalen."""
    db = sight.ingest or sight.work or sight.folder
    if db is None:
        return needs(INGEST)
    if sight.catalogue is None:
        return [unseen("Whether Signalen is told what reporters say, as the files hold errors.")]
    standing = await read_standing(db)
    files = sight.catalogue.municipalities.values()
    if not any(each.signalen for each in files) and not (standing.waiting or standing.lost):
        return [ok("No municipality has a Signalen.")]
    return [_waiting(standing), *_lost(standing)]


def _waiting(standing: Standing) -> Finding:
    told = f"Waiting to be told to a report: {counted(standing.waiting, 'answer')}"
    if standing.due_seconds > LATE_SECONDS:
        return wrong(
            f"{told}, due for {standing.due_seconds / 3600:.0f} hours. Does 'meetpunt serve' or "
            "'meetpunt work' run with MEETPUNT_WORK_URL? The log says why not: look for "
            "reports_wait."
        )
    if standing.why is not None:
        return look(
            f"{told}; Signalen did not take them yet ({standing.why}). They are tried for 14 days. "
            "'meetpunt connect signalen' says what is missing."
        )
    return ok(f"{told}.")


def _lost(standing: Standing) -> list[Finding]:
    if not standing.lost:
        return []
    return [
        look(
            f"Lost since the beginning of last month: {counted(standing.lost, 'answer')} to a "
            "report. Signalen took them no more, or was away for 14 days; the responses themselves "
            "are stored. writebacks_total in /metrics says why."
        )
    ]
