"""Write each department's mail once a month, beside the requests, for who sends to send.

From eight o'clock of the first working day of a month on, of the month before: what was published
that morning is in it. A service that was away then writes it when it is back.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import partial
from secrets import SystemRandom
from uuid import UUID, uuid4

import asyncpg

from ingest.clock import AMSTERDAM, day_of, now_in_utc
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality
from ingest.reporting.plan import LOOKED_AT
from ingest.reports.mail import mail_of
from ingest.reports.months import first_working_day, months_back
from ingest.reports.reading import DepartmentUnknown, NoReader, as_reader, read_department
from ingest.reports.statements import (
    forget_reports,
    has_figures_until,
    looked_since,
    put_report,
    written,
)
from ingest.running.logs import log
from ingest.tasks.failing import Told
from ingest.tasks.leases import LeaseLost, hold
from ingest.tasks.names import TaskName
from ingest.tasks.upkeep import AWAY, Task

FROM_HOUR = 8
"""In Amsterdam: the daily look at what may be published is at six."""

_KEPT_MONTHS = 13
_chance = SystemRandom()

# What one report asks too much of a server that is there for all others: time, memory, disk.
_ASKS_TOO_MUCH = (asyncpg.QueryCanceledError, asyncpg.InsufficientResourcesError)


def due_month(now: datetime, municipality: Municipality) -> date | None:
    """The month whose report may be written at this moment; None: not yet."""
    here = now.astimezone(AMSTERDAM)
    this_month = here.date().replace(day=1)
    first = first_working_day(this_month, municipality.invitations.holidays)
    if (here.date(), here.hour) < (first, FROM_HOUR):
        return None
    return months_back(this_month, 1)


def published_from(now: datetime, municipality: Municipality) -> datetime:
    """The look at what may be published that a report has to wait for: it goes out once."""
    here = now.astimezone(AMSTERDAM)
    first = first_working_day(here.date().replace(day=1), municipality.invitations.holidays)
    return datetime.combine(first, LOOKED_AT, AMSTERDAM)


def recipients(municipality: Municipality) -> dict[str, str]:
    """Mail addresses by department, where reports are sent at all."""
    if municipality.reports is None or not municipality.reports.on:
        return {}
    return {each.slug: each.mail for each in municipality.departments if each.mail}


async def write_reports(
    folder: asyncpg.Connection,
    municipality: Municipality,
    *,
    now: datetime,
    holder: UUID | None = None,
) -> int:
    """Write what is due and was not written; how many. `folder` is meetpunt_folder.

    Raises `LeaseLost`, `NoReader`, and what reading raises: what was written before stays.
    """
    month, today = due_month(now, municipality), day_of(now)
    wanted = recipients(municipality)
    if month is None or not wanted:
        return 0
    since = published_from(now, municipality)
    if not await looked_since(folder, municipality.code, since):
        return 0  # a service that was away publishes first
    if not await has_figures_until(folder, municipality.code, month):
        return 0  # whoever began later is told nothing of a month in which nobody was asked
    there = await written(folder, municipality.code, month)
    count = 0
    # Of a report that takes longer than a lease, the row of the task keeps others away meanwhile:
    # else two workers would take it from each other for ever.
    held = partial(hold, folder, TaskName.WRITE_REPORTS, holder=holder)
    for department in _in_any_order(wanted.keys() - there):
        try:
            async with as_reader(folder, municipality.slug, first=held) as reader:
                report = await read_department(reader, department, month, today=today)
        except DepartmentUnknown:
            continue  # the files are newer than the database: after 'meetpunt migrate'
        mail = mail_of(report)
        async with folder.transaction():
            await hold(folder, TaskName.WRITE_REPORTS, holder=holder)
            await put_report(
                folder,
                municipality=municipality.code,
                month=month,
                department=department,
                id=uuid4(),
                subject=mail.subject,
                plain=mail.plain,
                today=today,
            )
            await forget_reports(folder, municipality.code, months_back(month, _KEPT_MONTHS))
        count += 1
    return count


def _in_any_order(names: Collection[str]) -> list[str]:
    """So that what cuts off a run at one of them keeps no other from its turn for ever."""
    return _chance.sample(sorted(names), len(names))


def writing_reports(catalogue: Catalogue, *, clock: Callable[[], datetime] = now_in_utc) -> Task:
    """The task of writing them, as meetpunt_folder."""
    told = Told()

    async def work(folder: asyncpg.Connection, holder: UUID) -> None:
        for slug in _in_any_order(catalogue.municipalities):
            municipality = catalogue.municipalities[slug]
            try:
                count = await write_reports(folder, municipality, now=clock(), holder=holder)
            except NoReader:
                # One that cannot be read keeps no other from its report.
                if told.is_news(slug):
                    log("report_unread", level="warning", municipality=slug, reason="no-reader")
            except _ASKS_TOO_MUCH as failure:
                # The server is not away: it gave up this one, and goes on with the next.
                if told.is_news(slug):
                    log(
                        "report_unread",
                        level="error",
                        municipality=slug,
                        reason="asks-too-much",
                        exception=failure,
                    )
            except (LeaseLost, *AWAY):
                raise
            except Exception as failure:
                # Nor does one whose figures cannot be read, whatever it is.
                if told.is_news(slug):
                    log("report_unread", level="error", municipality=slug, exception=failure)
            else:
                if count:
                    log("reports_written", municipality=slug, count=count)

    return Task(name=TaskName.WRITE_REPORTS, work=work)
