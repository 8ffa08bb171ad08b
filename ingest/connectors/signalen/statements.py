"""Every statement about the link of a report and what is told to Signalen: one function each."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """That a link was used; `response_code` is of what, as long as it is known."""

    response_code: bytes | None


class NewWriteback(msgspec.Struct, frozen=True, kw_only=True):
    """One row as it begins: it waits."""

    municipality: str
    id: UUID
    sealed: bytes
    due: datetime
    until: date


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is about to be told. `attempts` counts this one, `over`: it is the last."""

    municipality: str
    id: UUID
    sealed: bytes
    attempts: int
    over: bool


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one. Of `outcome` None it waits until `due`, for `reason`."""

    municipality: str
    id: UUID
    outcome: str | None
    due: datetime
    reason: str | None = None


async def find_permission(
    db: asyncpg.Connection, municipality: str, code: bytes
) -> Permission | None:
    """How the link with this code was used; None: it was not."""
    row = await db.fetchrow(
        """/* find_report_permission */
        select response_code
        from (
            select municipality, id from meetpunt.report_link
            union
            select municipality, id from meetpunt.spent_token
        ) as used
        left join meetpunt.report_retry
            on report_retry.municipality = used.municipality
            and report_retry.id = used.id and until > clock_timestamp()
        where used.municipality = $1 and used.id = $2
        """,
        municipality,
        code,
    )
    return None if row is None else Permission(response_code=row["response_code"])


async def spend(
    db: asyncpg.Connection,
    municipality: str,
    code: bytes,
    *,
    response_code: bytes,
    known_for: timedelta,
    today: date,
) -> bool:
    """Use the link for this response; False when it was used before, today or on an earlier day.

    Within a transaction, which has to be undone where it is False: `move_links` may just have been
    at this link.
    """
    spent = await db.fetchval(
        """/* spend_report_permission */
        with spent as (
            insert into meetpunt.report_link (municipality, id, used_on)
            values ($1, $2, $3)
            on conflict do nothing
            returning municipality, id
        ),
        known as (
            insert into meetpunt.report_retry (municipality, id, response_code, until)
            select municipality, id, $4, clock_timestamp() + $5
            from spent
        )
        select exists (select from spent)
        """,
        municipality,
        code,
        today,
        response_code,
        known_for,
    )
    # A statement of its own, so that it sees what was moved while the first one waited.
    return spent and not await db.fetchval(
        """/* report_permission_spent_before */
        select exists (
            select from meetpunt.spent_token where municipality = $1 and id = $2
        )
        """,
        municipality,
        code,
    )


async def move_links(db: asyncpg.Connection, *, known_days: int) -> None:
    """Links that were used on days that are over go to where all used tokens stand, together.

    In the order of their codes and by one transaction, so that no row stands beside that of its
    response. There they are known for `known_days` after the day.
    """
    await db.execute(
        """/* move_report_links */
        with gone as materialized (
            delete from meetpunt.report_link
            where used_on < (clock_timestamp() at time zone 'Europe/Amsterdam')::date
            returning municipality, id, used_on
        )
        insert into meetpunt.spent_token (municipality, id, expires_on)
        select municipality, id, used_on + $1::integer
        from gone
        order by municipality, id
        on conflict do nothing
        """,
        known_days,
    )


async def store_writeback(db: asyncpg.Connection, row: NewWriteback) -> None:
    """Let it wait."""
    await db.execute(
        """/* store_writeback */
        insert into meetpunt.writeback (municipality, id, sealed, due, until)
        values ($1, $2, $3, $4, $5)
        """,
        row.municipality,
        row.id,
        row.sealed,
        row.due,
        row.until,
    )


async def forget_responses(db: asyncpg.Connection) -> None:
    """From here on nobody can tell which response a link was used for."""
    await db.execute(
        """/* forget_responses_of_reports */
        delete from meetpunt.report_retry where until <= clock_timestamp()
        """
    )


async def take_due(
    db: asyncpg.Connection, *, holder: UUID, lease: timedelta, each: int, busy: Collection[str]
) -> list[Taken]:
    """What is due, or whose lease ran out: now being told by `holder`.

    Up to `each` of a municipality; nothing of those in `busy`, by their codes.
    """
    rows = await db.fetch(
        """/* take_writebacks */
        update meetpunt.writeback
        set state = 'writing', holder = $1, held_until = clock_timestamp() + $2,
            attempts = least(attempts + 1, 30000)
        from (
            select due_here.municipality, due_here.id
            from meetpunt.municipality
            cross join lateral (
                select municipality, id
                from meetpunt.writeback
                where writeback.municipality = municipality.code and due <= clock_timestamp()
                    and (state = 'waiting' or held_until <= clock_timestamp())
                order by due
                limit $3
                for update skip locked
            ) as due_here
            where municipality.code <> all ($4::text[])
        ) as taken
        where writeback.municipality = taken.municipality and writeback.id = taken.id
        returning writeback.municipality, writeback.id, sealed, attempts,
            until < (clock_timestamp() at time zone 'Europe/Amsterdam')::date as over
        """,
        holder,
        lease,
        each,
        list(busy),
    )
    return [Taken(**row) for row in rows]


async def give_back(db: asyncpg.Connection, holder: UUID, ids: Sequence[UUID]) -> None:
    """Let these wait again: nobody called for them."""
    await db.execute(
        """/* give_writebacks_back */
        update meetpunt.writeback
        set state = 'waiting', holder = null, held_until = null, attempts = attempts - 1
        where holder = $1 and id = any ($2)
        """,
        holder,
        ids,
    )


async def end(db: asyncpg.Connection, results: Sequence[Result], holder: UUID) -> None:
    """Write down what came of those that `holder` still has. What ended is gone, and counted."""
    await db.execute(
        """/* end_writebacks */
        with result as materialized (
            select * from unnest($1::text[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[])
                as result (municipality, id, outcome, due, reason)
        ),
        gone as (
            delete from meetpunt.writeback
            using result
            where writeback.municipality = result.municipality and writeback.id = result.id
                and holder = $6 and outcome is not null
            returning writeback.municipality, result.outcome
        ),
        again as (
            update meetpunt.writeback
            set state = 'waiting', holder = null, held_until = null, due = result.due,
                reason = result.reason
            from result
            where writeback.municipality = result.municipality and writeback.id = result.id
                and holder = $6 and outcome is null
        )
        insert into meetpunt.writeback_tally as tally (municipality, month, outcome, n)
        select municipality,
            date_trunc('month', clock_timestamp() at time zone 'Europe/Amsterdam')::date, outcome,
            count(*)
        from gone
        group by municipality, outcome
        order by municipality, outcome
        on conflict (municipality, month, outcome) do update
        set n = tally.n + excluded.n
        """,
        [each.municipality for each in results],
        [each.id for each in results],
        [each.outcome for each in results],
        [each.due for each in results],
        [each.reason for each in results],
        holder,
    )


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands: what waits, for how long it is due, and what was lost lately.

    `lost` counts this month and the one before; `why` is what most that wait wait for.
    """

    waiting: int
    due_seconds: float
    lost: int
    why: str | None


async def read_standing(db: asyncpg.Connection) -> Standing:
    """Of all municipalities together."""
    row = await db.fetchrow(
        """/* read_writebacks */
        select count(*) as waiting,
            greatest(coalesce(extract(epoch from clock_timestamp() - min(due)), 0), 0)::float8
                as due_seconds,
            mode() within group (order by reason) as why,
            (
                select coalesce(sum(n), 0)::bigint from meetpunt.writeback_tally
                where outcome not in ('done', 'done-elsewhere')
                    and month >= date_trunc('month', current_date - interval '1 month')
            ) as lost
        from meetpunt.writeback
        """
    )
    return Standing(**row)
