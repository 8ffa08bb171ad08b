"""What an operator sees and does about messages that did not arrive, as meetpunt_work."""

from datetime import date
from uuid import UUID

import asyncpg
import msgspec


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A message that did not arrive, or of which nobody knows. Names are slugs."""

    id: UUID
    municipality: str
    touchpoint: str
    sender: str
    state: str
    reason: str | None
    since: date


async def dead_letters(db: asyncpg.Connection) -> list[DeadLetter]:
    """Those that are still there, the latest last."""
    rows = await db.fetch(
        """/* dead_letters */
        select outbox.id, municipality.slug as municipality, touchpoint.slug as touchpoint, sender,
            state, reason, changed_on as since
        from meetpunt.outbox
        join meetpunt.municipality on municipality.code = outbox.municipality
        join meetpunt.touchpoint on touchpoint.municipality = outbox.municipality
            and touchpoint.number = outbox.touchpoint
        where state in ('failed', 'unknown', 'expired')
        order by changed_on, outbox.id
        """
    )
    return [DeadLetter(**row) for row in rows]


async def try_again(db: asyncpg.Connection, municipality: str | None) -> int:
    """Let what was refused for now be due now; how many. `municipality` is a code; None: all."""
    rows = await db.fetch(
        """/* try_again */
        update meetpunt.outbox set due = clock_timestamp()
        where state = 'waiting' and attempts > 0 and due > clock_timestamp()
            and ($1::text is null or municipality = $1)
        returning id
        """,
        municipality,
    )
    return len(rows)


async def doubt_what_is_due(db: asyncpg.Connection) -> int:
    """After a restore: what waits and is due may have gone out since; how many.

    Their providers are asked, and where nobody can be asked they become unknown: they are treated
    as messages whose process died. Also as a superuser.
    """
    rows = await db.fetch(
        """/* doubt_what_is_due */
        update meetpunt.outbox
        set state = 'sending', holder = null, held_until = clock_timestamp(), reason = 'restored'
        where state = 'waiting' and due <= clock_timestamp()
        returning id
        """
    )
    return len(rows)
