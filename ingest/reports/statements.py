"""Every statement about reports that are sent: who publishes writes them, who sends ends them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A report that is about to be sent, or of whose call nobody knows the end (`plain` unread)."""

    municipality: str
    month: date
    department: str
    id: UUID
    attempts: int
    subject: str = ""
    plain: str = ""

    def __repr__(self) -> str:
        return f"Taken({self.id})"


async def written(db: asyncpg.Connection, municipality: str, month: date) -> set[str]:
    """Departments whose report of this month was written, however far it came."""
    rows = await db.fetch(
        """/* reports_written */
        select department from meetpunt.report where municipality = $1 and month = $2""",
        municipality,
        month,
    )
    return {row["department"] for row in rows}


async def looked_since(db: asyncpg.Connection, municipality: str, moment: datetime) -> bool:
    """Whether what may be published of it was looked at since then."""
    found: bool = await db.fetchval(
        """/* report_looked_since */
        select exists (
            select from meetpunt.look where municipality = $1 and looked_at >= $2
        )""",
        municipality,
        moment,
    )
    return found


async def has_figures_until(db: asyncpg.Connection, municipality: str, month: date) -> bool:
    """Whether an answer of that month or an earlier one counts in a figure of the municipality."""
    found: bool = await db.fetchval(
        """/* report_has_figures */
        select exists (
            select from lees.cijfer
            where municipality = $1 and grain = 'month' and period <= $2 and n > 0
        )""",
        municipality,
        month,
    )
    return found


async def put_report(
    db: asyncpg.Connection,
    *,
    municipality: str,
    month: date,
    department: str,
    id: UUID,
    subject: str,
    plain: str,
    today: date,
) -> None:
    """Let it wait to be sent; nothing where there was one already."""
    await db.execute(
        """/* put_report */
        insert into meetpunt.report
            (municipality, month, department, id, subject, plain, due, changed_on)
        values ($1, $2, $3, $4, $5, $6, clock_timestamp(), $7)
        on conflict do nothing""",
        *(municipality, month, department, id, subject, plain, today),
    )


async def forget_reports(db: asyncpg.Connection, municipality: str, before: date) -> None:
    """Remove rows of months before this one: what is that long ago is not sent any more."""
    await db.execute(
        """/* forget_reports */
        delete from meetpunt.report where municipality = $1 and month < $2""",
        municipality,
        before,
    )


async def due_reports(db: asyncpg.Connection, municipalities: Sequence[str]) -> list[str]:
    """Those of these, by code, of which one is due."""
    rows = await db.fetch(
        """/* due_reports */
        select distinct municipality from meetpunt.report
        where state = 'waiting' and due <= clock_timestamp()
            and municipality = any ($1::text[])
        order by municipality""",
        municipalities,
    )
    return [row["municipality"] for row in rows]


async def take_report(
    db: asyncpg.Connection,
    municipality: str,
    *,
    holder: UUID,
    lease: timedelta,
    today: date,
) -> Taken | None:
    """Write down that its one that waits longest is being sent; None when none is due."""
    row = await db.fetchrow(
        """/* take_report */
        with due as (
            select municipality, month, department from meetpunt.report
            where state = 'waiting' and due <= clock_timestamp() and municipality = $1
            order by due, department
            limit 1
            for update skip locked
        )
        update meetpunt.report
        set state = 'sending', holder = $2, held_until = clock_timestamp() + $3,
            attempts = least(attempts + 1, 30000), reason = null, changed_on = $4
        from due
        where report.municipality = due.municipality and report.month = due.month
            and report.department = due.department
        returning report.municipality, report.month, report.department, report.id,
            report.attempts, report.subject, report.plain""",
        municipality,
        holder,
        lease,
        today,
    )
    return None if row is None else Taken(**row)


async def lost_reports(db: asyncpg.Connection) -> list[Taken]:
    """Those that may have gone out: whoever was sending them said no more within the lease."""
    rows = await db.fetch(
        """/* lost_reports */
        select municipality, month, department, id, attempts from meetpunt.report
        where state = 'sending' and held_until <= clock_timestamp()
        order by held_until for update skip locked"""
    )
    return [Taken(**row) for row in rows]


async def end_report(
    db: asyncpg.Connection,
    id: UUID,
    *,
    state: str,
    reason: str | None,
    pause: timedelta,
    today: date,
) -> None:
    """Write down what came of it, where nobody did before; what waits is due after `pause`."""
    await db.execute(
        """/* end_report */
        update meetpunt.report
        set state = $2, reason = $3, due = clock_timestamp() + $4, changed_on = $5,
            holder = null, held_until = null,
            subject = case when $2 = 'waiting' then subject end,
            plain = case when $2 = 'waiting' then plain end
        where id = $1 and state = 'sending'""",
        *(id, state, reason, pause, today),
    )
