"""`meetpunt export`: what a reader may read, as files."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import asyncpg
import click
import msgspec

from ingest.clock import today_here
from ingest.commands.environment import connection, fail
from ingest.database.connecting import connect, url_of_primary
from ingest.database.connection_errors import NOT_CONNECTED, why_not
from ingest.reporting.export import (
    BrokenOff,
    Manifest,
    MonthUnknown,
    NotAReader,
    ReadOnlyHere,
    SchemaUnclear,
    ViewUnknown,
    export,
)
from ingest.reporting.export_formats import FORMATS, ParquetMissing

_SECONDS_BETWEEN_FIGURES = 0.2
_TRIES_ON_A_REPLICA = 3


@click.command("export")
@click.argument("view")
@click.option("--month", metavar="YYYY-MM", help="Only this month.  [default: all there is]")
@click.option("--format", "file_format", type=click.Choice(list(FORMATS)), default="csv")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder.  [default: this one]",
)
@click.option(
    "--database-url",
    envvar="MEETPUNT_READER_URL",
    help="How the reader connects, also MEETPUNT_READER_URL, where no list of processes shows it.",
)
@click.option("--schema", help="Of a reader that reads several.")
@click.option("--json", "as_json", is_flag=True, help="Write the manifest, for scripts.")
def export_command(
    view: str,
    month: str | None,
    file_format: str,
    output: Path,
    database_url: str | None,
    schema: str | None,
    as_json: bool,
) -> None:
    """Write a reader's view to a file: feit_reactie, feit_antwoord, indicator_per_maand, ...

    A reader, made by 'meetpunt db grant', exports what it may read and nothing else; who exports
    what is on record ('meetpunt audit'). Beside the file comes its manifest, with the number of
    rows and a checksum. CSV is for Dutch spreadsheets: semicolons and a decimal comma.

    \b
      meetpunt export feit_reactie --month 2026-10 --format parquet --output exports
    """
    if not database_url:
        fail("set MEETPUNT_READER_URL, or --database-url, to how the reader connects.")
    url = database_url
    of_month = None if month is None else _first_day(month)
    progress = _progress() if sys.stderr.isatty() else None

    async def run() -> Manifest:
        async with connection(url) as reader:
            # A reader's limit is meant for dashboards; all there is may take longer to sort.
            await reader.execute("/* export_takes_its_time */ set statement_timeout = 0")
            return await export(
                reader,
                view,
                month=of_month,
                file_format=file_format,
                folder=output,
                today=today_here(),
                schema=schema,
                on_rows=progress,
                primary=lambda: _primary(url),
            )

    try:
        output.mkdir(parents=True, exist_ok=True)
        manifest = _again_on_a_replica(run)
    except (
        *(BrokenOff, MonthUnknown, NotAReader, ParquetMissing),
        *(ReadOnlyHere, SchemaUnclear, ViewUnknown),
    ) as refused:
        fail(refused)
    except asyncpg.PostgresError as refused:
        fail(f"the database refused ({refused.sqlstate}): {refused}")
    except OSError as refused:
        fail(f"cannot write in {output}: {refused.strerror}.")
    if progress is not None:
        click.echo("\r\033[K", nl=False, err=True)
    if as_json:
        click.echo(msgspec.json.encode(manifest).decode())
    else:
        click.echo(f"{output / manifest.file}: {manifest.rows} rows, SHA-256 {manifest.sha256}")


def _again_on_a_replica(run: Callable[[], Coroutine[Any, Any, Manifest]]) -> Manifest:
    """What `run` made at last. Raises what it raises; BrokenOff at the third time."""
    for _ in range(_TRIES_ON_A_REPLICA - 1):
        try:
            return asyncio.run(run())
        except BrokenOff as broken_off:
            if not broken_off.of_replica:
                raise
    return asyncio.run(run())


@asynccontextmanager
async def _primary(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Of the hosts in `url` the one that takes writes. Raises ReadOnlyHere; ends the command."""
    try:
        db = await connect(url_of_primary(url))
    except asyncpg.TargetServerAttributeNotMatched:
        raise ReadOnlyHere from None
    except NOT_CONNECTED as failure:
        fail(why_not(url, failure))
    try:
        yield db
    finally:
        await db.close()


def _first_day(month: str) -> date:
    try:
        return datetime.strptime(month, "%Y-%m").date()
    except ValueError:
        fail("a month is written as 2026-10.")


def _progress() -> Callable[[int], None]:
    last = 0.0

    def tell(rows: int) -> None:
        nonlocal last
        if time.monotonic() - last > _SECONDS_BETWEEN_FIGURES:
            last = time.monotonic()
            click.echo(f"\r{rows} rows ...", nl=False, err=True)

    return tell
