"""Invitations: whether what is due is sent, and whether unusually many want none."""

import asyncpg

from ingest.connectors.notifications.statements import read_inbox
from ingest.doctor.findings import Finding, counted, look, ok, wrong
from ingest.doctor.sight import WORK, Sight, needs
from ingest.invitations.outbox_status import LATE_AFTER_SECONDS, read_outbox


async def examine(sight: Sight) -> list[Finding]:
    """By the outbox, as a role of the service, and who wants no messages, as the owner.

    Neither sees what the other does.
    """
    crowded = await _crowded(sight.owner) if sight.owner else []
    return [*await _outbox(sight), *await _inbox(sight), *crowded]


async def _outbox(sight: Sight) -> list[Finding]:
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


async def _inbox(sight: Sight) -> list[Finding]:
    """What case systems told; silent where nothing waits, as in most installations."""
    if sight.work is None:
        return []
    inbox = await read_inbox(sight.work)
    if not inbox.waiting:
        return []
    waiting = f"{counted(inbox.waiting, 'notification')} of other systems wait to be followed"
    if inbox.tried:
        return [
            wrong(
                f"{waiting}, {inbox.tried} of them for an hour and more: that system is away or "
                "refuses us. The log says which: look for notifications_wait. 'meetpunt connect "
                "zgw' tries it."
            )
        ]
    if inbox.due_seconds > LATE_AFTER_SECONDS:
        return [
            wrong(
                f"{waiting}, the first for {round(inbox.due_seconds)} seconds. Does 'meetpunt "
                "serve' or 'meetpunt work' run with MEETPUNT_WORK_URL?"
            )
        ]
    if inbox.failed:
        return [
            look(
                f"{waiting}; {inbox.failed} of them were tried and failed, and are tried again. "
                "The log says why: look for notifications_wait."
            )
        ]
    return [ok(f"{waiting}.")]


async def _crowded(owner: asyncpg.Connection) -> list[Finding]:
    """By municipality the day of this week on which far more than usual asked for no messages."""
    return [
        look(
            f"On {row['since']:%Y-%m-%d} {row['count']} numbers and addresses opted out of "
            f"messages of {row['slug']}; usual are {row['usual']:.0f} a day. Does a program fill "
            f"/afmelden/{row['slug']}? docs/sending.md says what to do."
        )
        for row in await owner.fetch(_UNUSUAL, _MANY, _TIMES_USUAL)
    ]


# So many that they tell of no resident.
_MANY = 1_000
_TIMES_USUAL = 10
_UNUSUAL = """/* unusual_opt_outs */
    with by_day as (
        select municipality, since, count(*) as count
        from meetpunt.opted_out
        where since > current_date - 97
        group by municipality, since
    ), usually as (
        select municipality, sum(count) / 90 as usual
        from by_day
        where since <= current_date - 7
        group by municipality
    )
    select distinct on (slug) slug, since, count, coalesce(usual, 0) as usual
    from by_day
    join meetpunt.municipality on code = municipality
    left join usually using (municipality)
    where since > current_date - 7 and count >= greatest($1, $2 * coalesce(usual, 0))
    order by slug, count desc
"""
