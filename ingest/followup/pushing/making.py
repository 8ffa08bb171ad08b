"""Make deliveries of signals that are shown: one for a webhook, one for each mailbox.

Which signals stand in one is written in the same transaction: a signal is told once in each way,
and what is cut off before its commit is made again.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg

from ingest.database.acknowledged import acknowledged
from ingest.followup.pushing import statements
from ingest.followup.pushing.moments import last_digest
from ingest.followup.pushing.saying import counted, whose
from ingest.followup.pushing.statements import MAIL, WEBHOOK, NewDelivery, Shown, Way
from ingest.municipalities.municipality import Municipality
from ingest.municipalities.pushing import Pushing
from ingest.tasks.leases import hold
from ingest.tasks.names import TaskName

TRIED_FOR = timedelta(hours=24)
"""For so long a delivery is tried."""

TOLD_WITHIN = timedelta(days=7)
"""Nobody is told of what was shown longer ago: not when a webhook is new, nor when one is back."""

_MOST = 5000


def pushing_of(municipality: Municipality) -> Pushing | None:
    """Who is told, by its file; None where it has no signals."""
    return municipality.signals.push if municipality.signals is not None else None


async def make(
    db: asyncpg.Connection,
    municipality: Municipality,
    ways: Iterable[Way],
    *,
    holder: UUID | None,
) -> int:
    """Make what is to be told of this municipality in these ways; returns how many deliveries.

    As meetpunt_work; `holder` has the task, None: it is done by hand. Mail goes at its times; in
    the demo at once.
    """
    signals = municipality.signals
    if signals is None:
        return 0
    pushing = signals.push
    made = 0
    for way in ways:
        async with acknowledged(db), db.transaction():
            await hold(db, TaskName.TELL_SIGNALS, holder=holder)
            now = await statements.database_time(db)
            until = last_digest(now) if way == MAIL and not signals.at_once else now
            shown = await statements.shown_signals(
                db, municipality.code, way, until=until, since=now - TOLD_WITHIN, most=_MOST
            )
            for delivery in _deliveries(municipality, pushing, way, shown):
                await statements.store_delivery(db, delivery, tried_for=TRIED_FOR)
                made += 1
    return made


def _deliveries(
    municipality: Municipality, pushing: Pushing, way: Way, shown: Sequence[Shown]
) -> Iterator[NewDelivery]:
    if way == WEBHOOK:
        if shown:
            yield _delivery(municipality, way, shown)
        return
    by_mailbox: dict[str | None, list[Shown]] = {}
    for each in shown:
        department = whose(municipality, each.count.touchpoint)
        mailbox = department.slug if department is not None and department.mail else None
        by_mailbox.setdefault(mailbox, []).append(each)
    if pushing.mail is None or not pushing.mail.to:
        # Nobody is named for these: they wait until somebody is, and are told then.
        by_mailbox.pop(None, None)
    for department_slug, some in by_mailbox.items():
        yield _delivery(municipality, way, some, department_slug)


def _delivery(
    municipality: Municipality, way: Way, shown: Iterable[Shown], department: str | None = None
) -> NewDelivery:
    some = list(shown)
    return NewDelivery(
        municipality=municipality.code,
        id=uuid4(),
        way=way,
        department=department,
        counts=counted(each.count for each in some),
        signals=[each.id for each in some],
    )
