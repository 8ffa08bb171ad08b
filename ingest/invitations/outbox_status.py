"""How the outbox is: what waits, what is late, and how messages ended, by touchpoint."""

from datetime import date, datetime

import asyncpg
import msgspec

LATE_AFTER_SECONDS = 300.0
"""What is due is sent within seconds; after this nobody sends, or too few do."""

REFUSED_OFTEN = 3
"""Tries, minutes apart: a provider that was busy for a moment has taken a message by then."""

TASK = "send-invitations"
"""As what a late outbox is told, beside the tasks of `ingest.tasks`."""


_OF_ONE_RECIPIENT, _FEW = ("provider-busy", "too-many"), 4


class OutboxStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The outbox at one moment, by the database's clock.

    `waiting` are all that wait, for their hour too; `due` those of them whose hour has come, the
    first of them `due_seconds` ago; `sending` are called for, or will be looked up, the first that
    nobody holds any more since `left_seconds`. `refused` were refused `REFUSED_OFTEN` times or
    more and wait for another try, most of them for `reason`. `first_due` is when the first that
    waits is due, or was; None where nothing waits.
    """

    waiting: int
    due: int
    due_seconds: float
    sending: int
    left_seconds: float = 0.0
    refused: int = 0
    reason: str | None = None
    first_due: datetime | None = None

    def why_late(self, *, elapsed_seconds: float = 0.0) -> str | None:
        """Why somebody should look, so long after this was read; None where nobody need."""
        told = []
        if self.due > 0 and self.due_seconds + elapsed_seconds > LATE_AFTER_SECONDS:
            told.append(f"{self.due} due, the first for {round(self.due_seconds)} seconds")
        if self.left_seconds + elapsed_seconds > LATE_AFTER_SECONDS and self.left_seconds > 0:
            told.append(f"being sent by nobody any more for {round(self.left_seconds)} seconds")
        # A mailbox that is full is busy for weeks, and nobody's concern here.
        if self.refused > (_FEW if self.reason in _OF_ONE_RECIPIENT else 0):
            told.append(f"{self.refused} refused again and again: {self.reason}")
        return "; ".join(told) or None


# To whoever has the list that was sent, a small number of these tells who it is.
_FEWEST_SHOWN = 10
_ABOUT_SOMEBODY = ["opted-out", "asked-recently"]


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How many messages of the last days are in a state, of one touchpoint; why, where it failed.

    The names of touchpoints are slugs. `since` is the day of the oldest.
    """

    municipality: str
    touchpoint: str
    sender: str
    state: str
    reason: str | None
    rows: int
    since: date


async def read_outbox(db: asyncpg.Connection) -> OutboxStatus:
    """As any role of the service."""
    row = await db.fetchrow(
        """/* outbox_status */
        select count(*) filter (where state = 'waiting') as waiting,
            count(*) filter (where state = 'waiting' and due <= clock_timestamp()) as due,
            greatest(coalesce(extract(epoch from clock_timestamp()
                - min(due) filter (where state = 'waiting')), 0), 0)::float8 as due_seconds,
            count(*) filter (where state = 'sending') as sending,
            greatest(coalesce(extract(epoch from clock_timestamp()
                - min(held_until) filter (where state = 'sending')), 0), 0)::float8 as left_seconds,
            count(*) filter (where state = 'waiting' and attempts >= $1) as refused,
            mode() within group (order by reason)
                filter (where state = 'waiting' and attempts >= $1) as reason,
            min(due) filter (where state = 'waiting') as first_due
        from meetpunt.outbox
        where state in ('waiting', 'sending')
        """,
        REFUSED_OFTEN,
    )
    return OutboxStatus(**row)


async def read_states(db: asyncpg.Connection) -> list[Ended]:
    """What there is by touchpoint, sender, state and reason, as meetpunt_work.

    How many opted out or were asked recently is told from ten up: fewer tell of somebody.
    """
    rows = await db.fetch(
        """/* outbox_states */
        select municipality.slug as municipality, touchpoint.slug as touchpoint, sender, state,
            reason, count(*) as rows, min(changed_on) as since
        from meetpunt.outbox
        join meetpunt.municipality on municipality.code = outbox.municipality
        join meetpunt.touchpoint on touchpoint.municipality = outbox.municipality
            and touchpoint.number = outbox.touchpoint
        group by municipality.slug, touchpoint.slug, sender, state, reason
        having count(*) >= $1 or state <> all ($2::text[])
        order by municipality.slug, touchpoint.slug, sender, state, reason
        """,
        _FEWEST_SHOWN,
        _ABOUT_SOMEBODY,
    )
    return [Ended(**row) for row in rows]
