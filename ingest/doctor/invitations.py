"""Invitations: whether what is due is sent."""

from ingest.doctor.findings import Finding, counted, look, ok, wrong
from ingest.doctor.sight import WORK, Sight, needs
from ingest.invitations.outbox_status import read_outbox


async def examine(sight: Sight) -> list[Finding]:
    """By the outbox, as a role of the service: the owner sees no row of it."""
    db = sight.work or sight.ingest or sight.folder
    if db is None:
        return needs(WORK)
    outbox = await read_outbox(db)
    waiting = (
        f"Waiting to be sent: {counted(outbox.waiting, 'message')}, {outbox.due} of them due; "
        f"being sent: {outbox.sending}"
    )
    if why := outbox.why_late():
        return [
            wrong(
                f"{waiting}. {why[0].upper()}{why[1:]}. Does 'meetpunt serve' or 'meetpunt work' "
                "run with MEETPUNT_WORK_URL? The log says why not: look for sending_waits. "
                "'meetpunt invitations status' tells which touchpoint and sender."
            )
        ]
    if outbox.waiting and sight.settings.work_url is None and not sight.own:
        return [look(f"{waiting}; whoever sends them has other settings than these.")]
    return [ok(f"{waiting}.")]
