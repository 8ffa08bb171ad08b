"""Writes docs/rapport anew: the reports of Molensloot, of made-up answers with a fixed seed.

    python -m tests.example_report

The answers are those of the demo on a fixed day. What the views reckon from today (targets, and
whether eight weeks are over) is of the day on which this runs.
"""

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import asyncpg

from ingest.database.migrate import migrate
from ingest.database.mirror import mirror_files
from ingest.demo.filling import fill
from ingest.files.resources import example_directory, questionnaires_directory
from ingest.municipalities.catalogue import Catalogue, load_catalogue
from ingest.reporting.base_years import BaseYear, store_base_years
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from ingest.reporting.region import tell_regions
from ingest.reports.council import read_council
from ingest.reports.page import council_page, department_page
from ingest.reports.reading import as_reader, departments, read_department
from tests.browser.chromium import chromium
from tests.browser.small_png import small_png
from tests.conftest import Database
from tests.example import SINCE
from tests.postgres import create_database, drop_database, running_postgres

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "rapport"
SLUG = "molensloot"
ANSWERED_UNTIL = date(2026, 11, 9)
MONTH, QUARTER = date(2026, 10, 1), date(2026, 7, 1)
LOOKS = {"a4": (794, 1123, "print"), "320": (320, 700, "screen")}


def pages() -> dict[str, str]:
    """Every page by the name of its file."""
    server = running_postgres()
    name = f"report_{uuid4().hex}"
    try:
        return asyncio.run(_made(Database(server, name)))
    finally:
        asyncio.run(drop_database(server, name))


async def _made(database: Database) -> dict[str, str]:
    catalogue = load_catalogue(example_directory(), questionnaires_directory())
    await create_database(database.server, database.name)
    async with database.connected("meetpunt_owner") as owner:
        await migrate(owner)
        await mirror_files(owner, catalogue, SINCE)
    async with database.connected("meetpunt_ingest") as db:
        await fill(db, catalogue, today=ANSWERED_UNTIL)
    return await _read(database, catalogue)


async def _read(database: Database, catalogue: Catalogue) -> dict[str, str]:
    now = datetime(ANSWERED_UNTIL.year, ANSWERED_UNTIL.month, ANSWERED_UNTIL.day, 12, tzinfo=UTC)
    async with database.connected("meetpunt_folder") as folder:
        plan = plan_of(catalogue, at_once=True)
        await _earlier_years(folder, catalogue)
        await publish(folder, plan, now=now, wait=True, due_only=False)
        await tell_regions(folder, now=now, at_once=True, wait=True)
        async with as_reader(folder, SLUG) as reader:
            made = {
                f"{slug}.html": department_page(
                    await read_department(reader, slug, MONTH, today=ANSWERED_UNTIL)
                )
                for slug in await departments(reader)
            }
            return {**made, "raad.html": council_page(await read_council(reader, QUARTER))}


async def _earlier_years(folder: asyncpg.Connection, catalogue: Catalogue) -> None:
    """What another system counted in the base years of targets."""
    municipality = catalogue.municipality(SLUG)
    years = [
        BaseYear(
            channel=target.channel,
            indicator=target.indicator,
            year=target.base_year,
            n=812,
            mean=Decimal("7.1"),
            share_lt_6=Decimal("0.13"),
            share_le_6=Decimal("0.24"),
        )
        for target in municipality.targets
        if target.base_year is not None
    ]
    source = "eerder systeem (verzonnen)"
    await store_base_years(folder, municipality.code, years, source=source, today=ANSWERED_UNTIL)


def photograph() -> None:
    """The page of a department as it prints, and on a telephone; the council's as it prints."""
    with chromium() as browser:
        for name, looks in (("publiekszaken", LOOKS), ("raad", {"a4": LOOKS["a4"]})):
            for look, (width, height, media) in looks.items():
                page = browser.new_page(viewport={"width": width, "height": height})
                page.emulate_media(media="print" if media == "print" else "screen")
                page.goto((FOLDER / f"{name}.html").as_uri())
                if media == "print":
                    # A sheet has margins, which a screen that plays one has not.
                    page.add_style_tag(content="body { padding: 12mm 13mm !important }")
                picture = page.screenshot(full_page=True)
                (FOLDER / f"{name}-{look}.png").write_bytes(small_png(picture))
                page.close()


def main() -> None:
    """Write the pages and their pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        (FOLDER / name).write_text(page, "utf-8")
    photograph()


if __name__ == "__main__":
    main()
