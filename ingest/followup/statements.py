"""Every statement about signals and what was done about them: one function each."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg
import msgspec


class StoredSignal(msgspec.Struct, frozen=True, kw_only=True):
    """One signal that is shown already, of the touchpoint with this number."""

    id: UUID
    touchpoint: int
    reason: str
    theme: str | None
    day: date
    half: str
    shown_from: datetime
    state: str
    outcome: str | None
    why: str | None
    seen_on: date | None
    seen_after: float | None

    def with_change(self, change: "Change") -> "StoredSignal":
        """What it is after a change."""
        return msgspec.structs.replace(
            self, state=change.state, outcome=change.outcome, why=change.why
        )


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a list of signals goes on: after the one of this day, half day and id."""

    day: date
    afternoon: bool
    id: UUID


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a signal becomes."""

    state: str
    outcome: str | None
    why: str | None
    seen_on: date
    seen_after: float
    ended_on: date | None


_COLUMNS = (
    "id, touchpoint, reason, theme, day, half, shown_from, state, outcome, why, seen_on, seen_after"
)


async def list_signals(
    db: asyncpg.Connection,
    municipality: str,
    *,
    touchpoints: Sequence[int],
    states: Sequence[str],
    since: date,
    after: Place | None,
    most: int,
) -> list[StoredSignal]:
    """At most `most` signals, the newest half day first, and within one in no order.

    `municipality` is a code. What is not shown yet, no role of ours can read.
    """
    rows = await db.fetch(
        f"""/* list_signals */
        select {_COLUMNS}
        from meetpunt.signal
        where municipality = $1 and day >= $4 and touchpoint = any ($2::integer[])
            and state = any ($3::text[])
            and ($5::date is null or (day, half = 'middag', id) < ($5, $6::boolean, $7::uuid))
        order by day desc, half = 'middag' desc, id desc
        limit $8
        """,  # noqa: S608  # made of our own constants
        municipality,
        touchpoints,
        states,
        since,
        *((None, None, None) if after is None else (after.day, after.afternoon, after.id)),
        most,
    )
    return [StoredSignal(**row) for row in rows]


async def hold_signal(
    db: asyncpg.Connection, municipality: str, signal: UUID
) -> StoredSignal | None:
    """The signal with this id, locked until the end of the transaction; None where there is none.

    Locking it is a write, so whoever is told what it is waits until that is on the standby.
    """
    row = await db.fetchrow(
        f"""/* hold_signal */
        select {_COLUMNS} from meetpunt.signal where municipality = $1 and id = $2 for update
        """,  # noqa: S608  # made of our own constants
        municipality,
        signal,
    )
    return None if row is None else StoredSignal(**row)


async def change_signal(
    db: asyncpg.Connection, municipality: str, signal: UUID, change: Change
) -> None:
    """Note what was done about a signal."""
    await db.execute(
        """/* change_signal */
        update meetpunt.signal
        set state = $3, outcome = $4, why = $5, seen_on = $6, seen_after = $7, ended_on = $8
        where municipality = $1 and id = $2
        """,
        municipality,
        signal,
        *msgspec.structs.astuple(change),
    )


class Unseen(msgspec.Struct, frozen=True, kw_only=True):
    """How many signals of a municipality nobody has seen, and the day of the oldest."""

    municipality: str
    n: int
    oldest: date


async def count_unseen(db: asyncpg.Connection) -> list[Unseen]:
    """What nobody looked at, by the code of the municipality."""
    rows = await db.fetch(
        """/* count_unseen */
        select municipality, count(*) as n, min(day) as oldest
        from meetpunt.signal
        where state = 'nieuw'
        group by municipality
        order by municipality
        """
    )
    return [Unseen(**row) for row in rows]
