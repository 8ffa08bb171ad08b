"""Destroy what is past its term, and record how many rows of which kind were destroyed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from ingest.audit import AUDIT_DAYS, forget
from ingest.clock import ClockDoubted, believed, day_of
from ingest.municipalities.retention import Retention
from ingest.retention import callbacks, followed_up, invited
from ingest.retention import kiosks as kiosk_terms
from ingest.retention import published as reading_terms
from ingest.running.logs import log
from ingest.tasks.failing import Told
from ingest.tasks.leases import hold
from ingest.tasks.names import TaskName
from ingest.tasks.upkeep import Task

# A retry is known as one for this long.
RECEIPT_DAYS = 30
# Rows of one transaction: short enough that nobody waits for its locks.
BATCH_ROWS = 2000


class Destroyed(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows of a kind were destroyed, of the municipality with this slug.

    A `response` counts once, with its answers, and once more where it was published. A `receipt` is
    destroyed while its response stays. Of a `kiosk_item` only the code of its content is destroyed;
    its id stays, so that it is never used again.
    """

    municipality: str
    kind: str
    rows: int


class _Purge(msgspec.Struct, frozen=True, kw_only=True):
    """One purge of one municipality. `today` is the day in Amsterdam; `holder` as for `purge`."""

    db: asyncpg.Connection
    municipality: str
    today: date
    batch_rows: int
    holder: UUID | None


async def purge(
    folder: asyncpg.Connection,
    terms: Mapping[str, Retention],
    *,
    now: datetime,
    batch_rows: int = BATCH_ROWS,
    holder: UUID | None = None,
    audit_days: int = AUDIT_DAYS,
) -> list[Destroyed]:
    """Destroy what is past its term at `now`; returns what was destroyed.

    `folder` is a connection as meetpunt_folder; `now` is what `ingest.clock.believed` returned;
    `terms` are by the municipality's code, with the default terms where one is missing. Each batch
    is a transaction of its own, with its line in the destruction record, so a purge may be stopped
    at any moment. Two purges at once take turns between batches. Figures of channels are kept, and
    those of their parts are destroyed with the responses that they count. `holder` has
    the lease of the task; None: somebody runs it by hand. Lines of the audit trail are destroyed
    after `audit_days`. Raises `LeaseLost`.
    """
    today = day_of(now)
    codes = await folder.fetch(
        "/* municipalities */ select code, slug from meetpunt.municipality order by code"
    )
    destroyed = []
    for row in codes:
        run = _Purge(
            db=folder, municipality=row["code"], today=today, batch_rows=batch_rows, holder=holder
        )
        await _end_silent(run)
        counts = await _purge_municipality(run, terms.get(row["code"], Retention()))
        for kind, rows in counts.items():
            if rows:
                log("destroyed", municipality=row["slug"], kind=kind, rows=rows)
                destroyed.append(Destroyed(municipality=row["slug"], kind=kind, rows=rows))
    async with folder.transaction():
        await hold(folder, TaskName.PURGE, holder=holder)
        lines = await forget(folder, audit_days)
        quarters = await invited.forget_quarters(folder, today)
    for kind, rows in (("audit", lines), ("asked_key", quarters)):
        if rows:
            log("destroyed", kind=kind, rows=rows)
    return destroyed


def hourly_purge(terms: Mapping[str, Retention], *, audit_days: int = AUDIT_DAYS) -> Task:
    """The task of purging; it fails while the clock is doubted, and says so once an hour."""
    told = Told()

    async def work(folder: asyncpg.Connection, holder: UUID) -> None:
        try:
            now = await believed(folder, datetime.now(UTC))
        except ClockDoubted as doubted:
            if told.is_news(type(doubted).__name__):
                log("purge_refused", level="error", reason=str(doubted))
            raise
        told.forget()
        await purge(folder, terms, now=now, holder=holder, audit_days=audit_days)

    return Task(name=TaskName.PURGE, work=work)


def months_before(day: date, months: int) -> date:
    """The same day that many months earlier, or the last one of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(1))


async def _purge_municipality(run: _Purge, retention: Retention) -> dict[str, int]:
    # Responses go by whole months, so that a month is there wholly or not at all.
    responses_before = months_before(run.today, 12 * retention.responses_years).replace(day=1)
    # A text never outlives its response.
    texts_before = max(months_before(run.today, retention.free_text_months), responses_before)
    receipts_before = run.today - timedelta(days=RECEIPT_DAYS)
    notifications_before = run.today - timedelta(days=invited.NOTIFICATION_DAYS)
    return {
        "spent_token": await _repeat(run, "spent_token", invited.SPENT_TOKENS, run.today),
        # Before their calls: once a call is forgotten, making it again gives the same ids.
        "invitation": await _repeat(run, "invitation", invited.INVITATIONS, run.today),
        "invitation_call": await _repeat(run, "invitation_call", invited.CALLS, run.today),
        "occasion": await _repeat(run, "occasion", invited.OCCASIONS, run.today),
        "notification": await _repeat(
            run, "notification", invited.NOTIFICATIONS, notifications_before
        ),
        "asked": await _repeat(run, "asked", invited.ASKED, run.today),
        "outbox": await _repeat(
            run, "outbox", invited.MESSAGES, run.today - timedelta(days=invited.MESSAGE_DAYS)
        ),
        **await _callbacks(run),
        "receipt": await _repeat(run, "receipt", _RECEIPTS, receipts_before),
        "kiosk_pairing": await _repeat(run, "kiosk_pairing", kiosk_terms.PAIRINGS, run.today),
        "kiosk_item": await _repeat(run, "kiosk_item", kiosk_terms.ITEMS, receipts_before),
        # These may hold texts of residents, so they have the term of texts.
        "kiosk_set_aside": await _repeat(
            run, "kiosk_set_aside", kiosk_terms.SET_ASIDE, texts_before
        ),
        "kiosk_quarantine": await _repeat(
            run, "kiosk_quarantine", kiosk_terms.QUARANTINE, texts_before
        ),
        "free_text": await _repeat(run, "free_text", _FREE_TEXTS, texts_before),
        # By whole months: what was published has no finer day.
        "published_text": await _repeat(
            run, "published_text", reading_terms.TEXTS, texts_before.replace(day=1)
        )
        + await _repeat(
            run, "published_text", reading_terms.WAITING_TEXTS, texts_before.replace(day=1)
        ),
        "signal": await _signals(run, retention),
        "response": await _responses(run, responses_before),
        "published_response": await _repeat(
            run, "published_response", reading_terms.RESPONSES, responses_before
        ),
        "published_breakdown": await _repeat(
            run, "published_breakdown", reading_terms.BREAKDOWNS, responses_before
        ),
    }


async def _callbacks(run: _Purge) -> dict[str, int]:
    async with run.db.transaction():
        await hold(run.db, TaskName.PURGE, holder=run.holder)
        await callbacks.mix(run.db, run.municipality, run.today)
    first = callbacks.kept_from(run.today)
    return {
        kind: await _repeat(run, kind, sql, first) for kind, sql in callbacks.STATEMENTS.items()
    }


async def _end_silent(run: _Purge) -> None:
    """End messages whose provider told nothing in its days: they are unknown from now on."""
    rows = run.batch_rows
    while rows == run.batch_rows:
        async with run.db.transaction():
            await hold(run.db, TaskName.PURGE, holder=run.holder)
            row = await run.db.fetchrow(
                invited.NO_RECEIPT, run.municipality, run.batch_rows, run.today
            )
            rows = row["rows"]


async def _signals(run: _Purge, retention: Retention) -> int:
    before = followed_up.kept_from(months_before(run.today, retention.signals_months))
    return await _repeat(run, "signal", followed_up.SIGNALS, before)


async def _responses(run: _Purge, before: date) -> int:
    # This comes first: from now on nobody counts figures of those days again, and whoever was doing
    # so has finished, because this waits for the lock of publishing.
    async with run.db.transaction():
        await hold(run.db, TaskName.PURGE, holder=run.holder)
        await hold(run.db, TaskName.PUBLISH)
        await run.db.execute(_PURGED_BEFORE, run.municipality, before)
    return await _repeat(run, "response", _RESPONSES, before)


async def _repeat(run: _Purge, kind: str, statement: str, before: date) -> int:
    """Run batches until one is not full; returns how many rows they destroyed."""
    total = 0
    while True:
        row = await _batch(run, kind, statement, before)
        total += int(row["rows"])
        if row["rows"] < run.batch_rows:
            return total


async def _batch(run: _Purge, kind: str, statement: str, before: date) -> asyncpg.Record:
    """Destroy one batch and record it, in one transaction."""
    async with run.db.transaction():
        await hold(run.db, TaskName.PURGE, holder=run.holder)
        # A plan for any municipality would lock the partitions of all.
        await run.db.execute("set local plan_cache_mode = force_custom_plan")
        row = await run.db.fetchrow(statement, run.municipality, run.batch_rows, before)
        if row["rows"]:
            await run.db.execute(_RECORD, run.municipality, run.today, kind, row["rows"])
    return row


_RECORD = """/* purge_record */
    insert into meetpunt.destruction_record (municipality, day, kind, rows)
    values ($1, $2, $3, $4)
    on conflict (municipality, day, kind) do update
    set rows = destruction_record.rows + excluded.rows"""

# By the week: none is kept for more than 30 days, and none is gone in fewer than 24.
_RECEIPTS = """/* purge_receipts */
        with old as materialized (
            select week, id from meetpunt.receipt
            where municipality = $1 and week < $3
            order by week, id
            limit $2
        ),
        gone as (
            delete from meetpunt.receipt using old
            where receipt.municipality = $1 and receipt.week = old.week and receipt.id = old.id
            returning receipt.id
        )
        select count(*) as rows from gone"""

_FREE_TEXTS = """/* purge_free_texts */
        with old as materialized (
            select day, response_id, item from meetpunt.free_text
            where municipality = $1 and day < $3
            order by day, response_id, item
            limit $2
        ),
        gone as (
            delete from meetpunt.free_text using old
            where free_text.municipality = $1 and free_text.day = old.day
                and free_text.response_id = old.response_id and free_text.item = old.item
            returning free_text.item
        )
        select count(*) as rows from gone"""

# What still waits to be published goes as well: its term is over, too.
_RESPONSES = """/* purge_responses */
        with old as materialized (
            select day, id from meetpunt.response
            where municipality = $1 and day < $3
            order by day, id
            limit $2
        ),
        gone as (
            delete from meetpunt.response using old
            where response.municipality = $1 and response.day = old.day and response.id = old.id
            returning response.id
        ),
        unqueued as (
            delete from meetpunt.unpublished using old
            where unpublished.municipality = $1 and unpublished.day = old.day
                and unpublished.response_id = old.id
        )
        select count(*) as rows from gone"""

_PURGED_BEFORE = """/* purged_before */
        insert into meetpunt.purged_before (municipality, day)
        select $1::text, $2::date
        -- What was published may lie in a month that began after the last of its responses.
        where exists (select from meetpunt.response where municipality = $1 and day < $2)
            or exists (select from lees.reactie where municipality = $1 and month < $2)
        on conflict (municipality) do update
        set day = greatest(purged_before.day, excluded.day)"""
