"""A report holds what the views of the municipality tell, each beside how many it is of."""

from datetime import date

import pytest

from ingest.reports.figures import DepartmentReport
from ingest.reports.page import department_page
from ingest.reports.reading import as_reader, read_department
from tests.conftest import Database

pytestmark = pytest.mark.anyio

OCTOBER, SEPTEMBER, AUGUST = date(2026, 10, 1), date(2026, 9, 1), date(2026, 8, 1)
EIGHTS = [0, 0, 0, 1, 1, 1, 2, 3, 1, 1]  # ten marks, with a mean of 7.2

_PART = """
    insert into lees.cijfer_uitgesplitst (municipality, month, touchpoint, product, location, wijk,
        mode, daypart, indicator, kind, given, small_group)
    values ('GM9001', $1, $2, $3, '', '', '', '', $4, $5, $6, false)"""
_FOLLOWED_UP = """
    insert into lees.opvolging (municipality, grain, period, channel, department, n, seen, to_see,
        in_time, median_hours, oldest_open, done, improved, counted_at)
    values ('GM9001', 'month', '2026-10-01', 'balie', 'publiekszaken', 20, 19, 20, 16, 3.5,
        '2026-10-15', 12, 3, now())"""
_WORK = """
    insert into lees.kengetal (municipality, grain, period, channel, department, product, measure,
        value, n, told_at)
    values ('GM9001', 'month', '2026-10-01', 'balie', '', '', 'wachttijd', 7.5, 812, now()),
        ('GM9001', 'month', '2026-10-01', 'telefonie', '', '', 'wachttijd', 2, 900, now())"""


_WAITING = """
    insert into lees.stand (municipality, touchpoint, looked_at, waiting)
    values ('GM9001', 1, now(), 7), ('GM9001', 2, now(), 50)"""


async def read(database: Database) -> DepartmentReport:
    async with (
        database.connected("meetpunt_folder") as folder,
        as_reader(folder, "molensloot") as reader,
    ):
        return await read_department(reader, "publiekszaken", OCTOBER, today=date(2026, 11, 2))


async def test_a_report_is_put_together_of_what_the_views_tell(database: Database) -> None:
    async with database.superuser() as db:
        for month, times in ((OCTOBER, 1), (SEPTEMBER, 3)):
            given = [times * count for count in EIGHTS]
            await db.execute(_PART, month, 1, "", "tevredenheid", "mark", given)
        few = [0, 0, 0, 0, 0, 0, 0, 4, 0, 0]
        await db.execute(_PART, AUGUST, 1, "", "tevredenheid", "mark", few)
        # Of the telephone it is the department's by its product alone, and too few.
        await db.execute(_PART, OCTOBER, 2, "paspoort", "tevredenheid", "mark", few)
        # What the counter is asked besides: nee, deels, ja.
        answers = [1, 2, 9, 0, 0, 0, 0, 0, 0, 0]
        await db.execute(_PART, OCTOBER, 1, "", "oplossing", "yes_partly_no", answers)
        await db.execute(_FOLLOWED_UP)
        await db.execute(_WORK)
    report = await read(database)
    balie, telefonie = report.series
    assert (balie.channel, balie.last.n, balie.last.mean) == ("balie", 10, 7.2)
    assert (balie.against.before.n, balie.against.months, balie.against.left_out) == (30, 1, 4)
    assert (telefonie.last.n, telefonie.last.mean) == (4, None)
    assert report.provisional
    (cell,) = report.cells
    assert (cell.indicator, cell.figure.n, cell.figure.mean) == ("Oplossing", 12, 0.75)
    assert report.followed_up is not None
    (followed,) = report.followed_up
    assert (followed.n, followed.hours_to_seen, followed.in_time) == (20, 3.5, 0.8)
    assert (followed.of_improved, followed.improved) == (12, 0.25)
    assert followed.weeks_open == 2
    # The telephone has too few answers about this department to be its channel.
    assert [(work.channel, work.value, work.n) for work in report.work] == [("balie", 7.5, 812)]
    assert [aim.channel for aim in report.aims] == ["balie"]
    page = department_page(report)
    assert "Aan de balie 20 signalen. De helft was binnen 3,5 werkuren gezien." in page
    assert "Van 12 die klaar zijn, is bij 25" in page


async def test_where_nothing_is_there_it_is_known_from_when_and_nothing_is_said_of_signals(
    database: Database,
) -> None:
    async with database.superuser() as db:
        # Of its counter seven wait; what waits elsewhere is not its own.
        await db.execute(_WAITING)
        given = [0, 0, 0, 0, 0, 0, 0, 10, 0, 0]
        await db.execute(_PART, date(2026, 11, 1), 1, "", "tevredenheid", "mark", given)
    report = await read(database)
    assert (report.series, report.followed_up) == ((), None)
    assert report.looked_at is not None
    assert (report.waiting, report.since) == (7, date(2026, 11, 1))
    # None where the views do not tell what texts are about.
    assert not report.themes
