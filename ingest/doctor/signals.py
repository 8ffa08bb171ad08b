"""Signals: whether anybody looks at them."""

from ingest.clock import today_here
from ingest.doctor.findings import Finding, counted, look, ok, unseen
from ingest.doctor.sight import INGEST, Sight, needs
from ingest.followup.statements import count_unseen
from ingest.followup.working_hours import to_see_by


async def examine(sight: Sight) -> list[Finding]:
    """What nobody has seen after its two working days, by municipality."""
    db = sight.ingest or sight.folder
    if db is None:
        return needs(INGEST)
    if sight.catalogue is None:
        return [unseen("Whether anybody looks at signals, as the files hold errors.")]
    not_seen = {each.municipality: each for each in await count_unseen(db)}
    files = sight.catalogue.municipalities.values()
    with_signals = [each for each in files if each.signals or each.code in not_seen]
    if not with_signals:
        return [ok("No municipality has signals.")]
    today = today_here()
    findings = []
    for each in with_signals:
        waiting = not_seen.get(each.code)
        if waiting is None or today <= to_see_by(waiting.oldest, each.invitations.holidays):
            findings.append(ok(f"{each.slug}: no signal waits longer than two working days."))
            continue
        findings.append(
            look(
                f"{each.slug}: nobody has seen {counted(waiting.n, 'signal')}, the oldest of "
                f"{waiting.oldest}. Does anybody follow up? 'meetpunt followup list "
                f"{each.slug} --state nieuw' shows them; without [signals] in its file there "
                "are no new ones."
            )
        )
    return findings
