"""`meetpunt report`: the page of each department of a month, and the council's of a quarter."""

import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import asyncpg
import click

from ingest.clock import today_here
from ingest.commands.acting import as_folder
from ingest.commands.environment import fail, find_municipality, read_catalogue, read_settings
from ingest.files.near_misses import did_you_mean
from ingest.reports.council import read_council
from ingest.reports.months import months_back
from ingest.reports.page import council_page
from ingest.reports.pages import department_pages
from ingest.reports.reading import DepartmentUnknown, NoReader, as_reader

_QUARTER = re.compile(r"(2[0-9]{3})-[QK]([1-4])")

Done = TypeVar("Done")


@click.command("report")
@click.argument("municipality")
@click.option("--month", metavar="YYYY-MM", help="Of departments.  [default: the month before]")
@click.option("--department", help="Only this one, by its name in the file.")
@click.option("--quarter", metavar="YYYY-Qn", help="With --council: 2026-Q3.")
@click.option("--council", is_flag=True, help="The page for the council, of a quarter.")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder.  [default: this one]",
)
def report(
    municipality: str,
    month: str | None,
    department: str | None,
    quarter: str | None,
    council: bool,
    folder: Path,
) -> None:
    """Write the page that a head of department reads at the end of a month, one a department.

    Each is one HTML file with nothing from outside, which prints on A4. It is read from the views
    with a reader's rights, and holds figures and no text of a resident. The council's page is of a
    quarter: the channels of the region side by side, without ranking.

    \b
      meetpunt report molensloot --month 2026-10 --department publiekszaken --to reports
      meetpunt report molensloot --quarter 2026-Q3 --council
    """
    if council != bool(quarter) or (council and (month or department)):
        fail("the council's page is of a quarter: --quarter 2026-Q3 --council, and nothing else.")
    settings = read_settings()
    slug = find_municipality(read_catalogue(settings), municipality).slug
    today = today_here()
    if quarter:
        of_quarter = _first_of_quarter(quarter)
        page = as_folder(settings, lambda db: _council(db, slug, of_quarter))
        pages = {f"{slug}-raad-{quarter.replace('K', 'Q')}.html": page}
    else:
        of_month = _first_of_month(month, today)
        by_department = as_folder(
            settings, lambda db: _departments(db, slug, of_month, department, today)
        )
        pages = {
            f"{slug}-{name}-{of_month:%Y-%m}.html": page for name, page in by_department.items()
        }
    for name, page in pages.items():
        click.echo(_write(folder, name, page))


async def _council(db: asyncpg.Connection, slug: str, quarter: date) -> str:
    async def read(reader: asyncpg.Connection) -> str:
        return council_page(await read_council(reader, quarter))

    return await _reading(db, slug, read)


async def _departments(
    db: asyncpg.Connection, slug: str, month: date, department: str | None, today: date
) -> dict[str, str]:
    """Pages by department, all of one moment."""

    async def read(reader: asyncpg.Connection) -> dict[str, str]:
        return await department_pages(reader, month, today=today, department=department)

    return await _reading(db, slug, read)


async def _reading(
    db: asyncpg.Connection, slug: str, read: Callable[[asyncpg.Connection], Awaitable[Done]]
) -> Done:
    try:
        async with as_reader(db, slug) as reader:
            return await read(reader)
    except NoReader as refused:
        fail(refused)
    except DepartmentUnknown as unknown:
        known = ", ".join(unknown.known)
        fail(f"{unknown}{did_you_mean(str(unknown), unknown.known)}; there are {known}")


def _first_of_month(month: str | None, today: date) -> date:
    if month is None:
        return months_back(today.replace(day=1), 1)
    try:
        first = datetime.strptime(month, "%Y-%m").date()
    except ValueError:
        fail("a month is written as 2026-10.")
    if first > today:
        fail(f"{month} has not begun.")
    return first


def _first_of_quarter(quarter: str) -> date:
    match = _QUARTER.fullmatch(quarter)
    if match is None:
        fail("a quarter is written as 2026-Q3.")
    return date(int(match[1]), 3 * int(match[2]) - 2, 1)


def _write(folder: Path, name: str, page: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_text(page, "utf-8")
    except OSError as refused:
        fail(f"cannot write in {folder}: {refused.strerror}.")
    return path
