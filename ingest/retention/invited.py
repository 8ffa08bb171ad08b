"""What goes of who was invited and who waits to be: links, calls, messages, and who was asked.

Each statement is a batch: of the municipality $1, at most $2 rows, of before the day $3.
"""

from datetime import date, timedelta

import asyncpg

MESSAGE_DAYS = 7
"""For so long a message that ended can be seen, without to whom it went."""

# `expires_on` is the day after the expiry: a token is taken a few minutes longer than it says, and
# a day in Amsterdam begins before one in UTC. So it has to be over. Of a page where one
# asks to be called it is the last day, in Amsterdam, on which its token is taken.
SPENT_TOKENS = """/* purge_spent_tokens */
        with gone as (
            delete from meetpunt.spent_token
            where municipality = $1 and id = any (array(
                select id from meetpunt.spent_token
                where municipality = $1 and expires_on < $3
                limit $2
            ))
            returning id
        )
        select count(*) as rows from gone"""

# Not counted: who made the links knows how many there were, and whose did not expire has answered.
INVITATIONS = """/* purge_invitations */
        with gone as (
            delete from meetpunt.invitation
            where municipality = $1 and digest = any (array(
                select digest from meetpunt.invitation
                where municipality = $1 and expires_on < $3
                limit $2
            ))
            returning digest
        )
        select count(*) as rows from gone"""

CALLS = """/* purge_invitation_calls */
        with gone as (
            delete from meetpunt.invitation_call
            where municipality = $1 and key_digest = any (array(
                select key_digest from meetpunt.invitation_call
                where municipality = $1 and (expires_at at time zone 'UTC')::date + 1 < $3
                limit $2
            ))
            returning key_digest
        )
        select count(*) as rows from gone"""

OCCASIONS = """/* purge_occasions */
        with gone as (
            delete from meetpunt.occasion
            where municipality = $1 and code = any (array(
                select code from meetpunt.occasion
                where municipality = $1 and until < $3
                limit $2
            ))
            returning code
        )
        select count(*) as rows from gone"""

NOTIFICATION_DAYS = 35
"""For so long what another system told is known when it is told again, as contacts are."""

# Also one that waits: for far longer than anybody is asked about it.
NOTIFICATIONS = """/* purge_notifications */
        with gone as (
            delete from meetpunt.notification
            where municipality = $1 and code = any (array(
                select code from meetpunt.notification
                where municipality = $1 and since < $3
                limit $2
            ))
            returning code
        )
        select count(*) as rows from gone"""

ASKED = """/* purge_asked */
        with gone as (
            delete from meetpunt.asked
            where municipality = $1 and code = any (array(
                select code from meetpunt.asked
                where municipality = $1 and until <= $3
                limit $2
            ))
            returning code
        )
        select count(*) as rows from gone"""

# A provider may still tell of what was sent and has a day until which it may.
MESSAGES = """/* purge_messages */
        with gone as (
            delete from meetpunt.outbox
            where municipality = $1 and id = any (array(
                select id from meetpunt.outbox
                where municipality = $1 and changed_on < $3
                    and state not in ('waiting', 'sending') and receipt_until is null
                limit $2
            ))
            returning id
        )
        select count(*) as rows from gone"""

# Nothing is destroyed: the message goes on, to be seen for some days.
NO_RECEIPT = """/* no_receipt */
        with silent as (
            select municipality, id
            from meetpunt.outbox
            where municipality = $1 and state = 'sent' and receipt_until < $3
            order by id
            limit $2
            for update
        ),
        ended as (
            update meetpunt.outbox
            set state = 'unknown', reason = 'no-receipt', receipt_until = null, changed_on = $3
            from silent
            where outbox.municipality = silent.municipality and outbox.id = silent.id
            returning outbox.touchpoint, outbox.month, outbox.product
        ),
        counted as (
            insert into meetpunt.invitation_stage as stage
                (municipality, month, touchpoint, product, stage, n)
            select $1::text, month, touchpoint, product, 'unknown', count(*)
            from ended
            group by month, touchpoint, product
            order by month, touchpoint, product
            on conflict (municipality, month, touchpoint, product, stage) do update
            set n = stage.n + excluded.n
        )
        select count(*) as rows from ended"""


async def forget_quarters(folder: asyncpg.Connection, today: date) -> int:
    """Destroy the halves of keys of quarters before the last one; how many.

    From then on nobody can tell who was asked in them, whatever lies in a backup of codes alone.
    """
    rows = await folder.fetch(_QUARTERS, quarter_before(today))
    return len(rows)


def quarter_before(day: date) -> str:
    """The quarter before the one that the day is in: "2026-3"."""
    before = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
    return f"{before.year}-{(before.month + 2) // 3}"


_QUARTERS = """/* forget_quarters */
        delete from meetpunt.asked_key where quarter < $1 returning quarter"""
