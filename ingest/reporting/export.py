"""Stream a view of a reader's schema into a file, with the rights of that reader.

Before the first row is read, a line in the audit trail says who exports what: on the primary, also
where the rows come from a replica.
"""

import hashlib
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from ingest.database.connection_errors import LOST
from ingest.database.reading import NOTING
from ingest.reporting.export_formats import FORMATS, Column, ExportFile, whole_or_nothing

# Rows in memory at once; a row group of Parquet.
ROWS_AT_ONCE = 10_000

# A view's month, by the first of these columns that holds days.
_DAYS = ("maand", "datum", "week", "kwartaal", "jaar")
_KINDS_OF_VIEW = ["v", "m"]


class ViewUnknown(Exception):
    """This reader has no such view; `views` are those that there are."""

    def __init__(self, view: str, views: Sequence[str]) -> None:
        self.views = tuple(views)
        super().__init__(f"This reader has no view '{view}'; it has {', '.join(views) or 'none'}.")


class MonthUnknown(Exception):
    """The view holds no days: it is exported as a whole."""

    def __init__(self, view: str) -> None:
        super().__init__(f"'{view}' is not kept by month: leave the month out.")


class SchemaUnclear(Exception):
    """The reader reads several schemas, and none is first on its search path."""

    def __init__(self, schemas: Sequence[str]) -> None:
        super().__init__(f"This reader has {', '.join(schemas)}: choose one with --schema.")


class NotAReader(Exception):
    """The role may not export: `meetpunt db grant` makes a reader of it."""

    def __init__(self) -> None:
        super().__init__("This role is not a reader; make one with 'meetpunt db grant'.")


class ReadOnlyHere(Exception):
    """There is no primary to note the export on, or it does not answer, so it is refused."""

    def __init__(self) -> None:
        super().__init__(
            "Each export is noted on the primary, and nothing in this URL takes writes: it names a "
            "replica alone, is set to read only, or the primary does not answer now. Name the "
            "primary too, as in @replica,primary/meetpunt?target_session_attrs=prefer-standby; "
            "where it is named already, try again later."
        )


class BrokenOff(Exception):
    """The server ended the reading. Of a replica, the same from its beginning often goes well."""

    def __init__(self, *, of_replica: bool) -> None:
        self.of_replica = of_replica
        super().__init__(
            "The replica broke off the reading, because the primary had cleared away what was "
            "read: export month by month, or let it wait longer (max_standby_streaming_delay)."
            if of_replica
            else "The database ended the connection while it was read: try again later."
        )


type_of_primary = Callable[[], AbstractAsyncContextManager[asyncpg.Connection]]


class Manifest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What lies beside an exported file. `sha256` is that of the whole file, in hexadecimal."""

    file: str
    view: str
    month: str | None
    format: str
    rows: int
    columns: tuple[Column, ...]
    sha256: str
    exported_on: date


class _Plan(msgspec.Struct, frozen=True, kw_only=True):
    """`months` are read one after another; None: the view holds no days, and is read whole."""

    schema: str
    view: str
    columns: tuple[Column, ...]
    query: str
    months: tuple[date, ...] | None


async def export(
    reader: asyncpg.Connection,
    view: str,
    *,
    month: date | None,
    file_format: str,
    folder: Path,
    today: date,
    schema: str | None = None,
    on_rows: Callable[[int], None] | None = None,
    primary: type_of_primary | None = None,
) -> Manifest:
    """Write the rows of a view, of `month` (its first day) or all, to a file in `folder`.

    `reader` is a connection as a reader, `file_format` a name in `FORMATS`, `folder` an existing
    one. `schema` is only needed for a reader with several. `on_rows` is called from time to time
    with the number of rows so far. `primary` connects the same reader to where an export can be
    noted when `reader` only reads. Memory does not grow with the number of rows. Each month has its
    own transaction, so that none is open for long. The file gets its name only once it is complete,
    with its manifest beside it; one of that name is replaced. Raises ViewUnknown, MonthUnknown,
    SchemaUnclear, NotAReader, ReadOnlyHere, BrokenOff or ParquetMissing.
    """
    only_reads = await reader.fetchval(_ONLY_READS)
    with _as_broken_off(of_replica=only_reads):
        plan = await _plan(reader, schema or await _schema(reader), view, month)
    of_month = None if month is None else f"{month:%Y-%m}"
    target = folder / f"{'_'.join(filter(None, [view, of_month]))}.{file_format}"
    with whole_or_nothing(target) as unfinished:
        with FORMATS[file_format](unfinished, plan.columns) as file:
            async with primary() if primary and only_reads else nullcontext(reader) as noting:
                await _leave_a_line(noting, plan, month, file_format)
            rows = await _fill(file, _rows(reader, plan, only_reads), on_rows)
        with unfinished.open("rb") as written:
            checksum = hashlib.file_digest(written, "sha256").hexdigest()
    manifest = Manifest(
        file=target.name,
        view=f"{plan.schema}.{plan.view}",
        month=of_month,
        format=file_format,
        rows=rows,
        columns=plan.columns,
        sha256=checksum,
        exported_on=today,
    )
    with whole_or_nothing(folder / f"{target.name}.manifest.json") as unfinished:
        unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    return manifest


@contextmanager
def _as_broken_off(*, of_replica: bool) -> Iterator[None]:
    """A replica cancels a statement with 40001, as nothing else does to one that only reads."""
    try:
        yield
    except (asyncpg.SerializationError, *LOST):
        raise BrokenOff(of_replica=of_replica) from None


async def _schema(reader: asyncpg.Connection) -> str:
    """The schema that is this reader's. Raises `NotAReader` or `SchemaUnclear`."""
    rows = await reader.fetch(_SCHEMAS)
    schemas = [row["schema"] for row in rows]
    first = [row["schema"] for row in rows if row["is_first"]]
    if not schemas:
        raise NotAReader
    if len(schemas) > 1 and not first:
        raise SchemaUnclear(schemas)
    chosen: str = (first or schemas)[0]
    return chosen


async def _plan(reader: asyncpg.Connection, schema: str, view: str, month: date | None) -> _Plan:
    """What to read. All names come from Postgres' catalogue, quoted; none from the user."""
    view_rows = await reader.fetch(_VIEWS, schema, _KINDS_OF_VIEW)
    views = {row["name"]: row for row in view_rows}
    if view not in views:
        raise ViewUnknown(view, sorted(views))
    rows = await reader.fetch(_COLUMNS, views[view]["oid"])
    columns = tuple(Column(name=row["name"], type=row["type"]) for row in rows)
    source = views[view]["quoted"]
    days = [c.name for name in _DAYS for c in columns if (c.name, c.type) == (name, "date")]
    # A dimension has days too, but its rows do not belong to a month.
    days = [] if view.startswith("dim_") else days
    if month is not None and not days:
        raise MonthUnknown(view)
    # Ordered by all columns: the same at every export, and unrelated to when a row came in.
    listed = ", ".join(f"shown.{row['quoted']}" for row in rows)
    condition = f"where shown.{days[0]} >= $1 and shown.{days[0]} < $2" if days else ""
    months: tuple[date, ...] | None = None
    if month is not None:
        months = (month,)
    elif days:
        month_rows = await reader.fetch(
            f"/* export_months */ select distinct date_trunc('month', shown.{days[0]}::timestamp)"  # noqa: S608
            f"::date as month from {source} as shown where shown.{days[0]} is not null order by 1"
        )
        months = tuple(row["month"] for row in month_rows)
    return _Plan(
        schema=schema,
        view=view,
        columns=columns,
        query=f"/* export */ select {listed} from {source} as shown {condition} order by {listed}",  # noqa: S608
        months=months,
    )


async def _leave_a_line(
    reader: asyncpg.Connection, plan: _Plan, month: date | None, file_format: str
) -> None:
    """Raises `NotAReader` for whoever has the view by another right, or `ReadOnlyHere`."""
    name = await reader.fetchval("/* quote_schema */ select quote_ident($1)", plan.schema)
    try:
        await reader.execute(
            f"/* note_export */ select {name}.{NOTING}($1, $2, $3)",
            plan.view,
            month,
            file_format,
        )
    except (asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedFunctionError):
        raise NotAReader from None
    except asyncpg.ReadOnlySQLTransactionError:
        raise ReadOnlyHere from None


async def _fill(
    file: ExportFile,
    rows: AsyncGenerator[list[Any], None],
    on_rows: Callable[[int], None] | None,
) -> int:
    """How many rows the file holds then."""
    count = 0
    async with aclosing(rows) as chunks:
        async for chunk in chunks:
            file.write(chunk)
            count += len(chunk)
            if on_rows is not None:
                on_rows(count)
    return count


async def _rows(
    reader: asyncpg.Connection, plan: _Plan, of_replica: bool
) -> AsyncGenerator[list[Any], None]:
    """Chunks of rows, as a cursor of the server hands them out; a transaction a month."""
    spans = [()] if plan.months is None else [(m, _next_month(m)) for m in plan.months]
    for span in spans:
        with _as_broken_off(of_replica=of_replica):
            async with reader.transaction(isolation="repeatable_read", readonly=True):
                cursor = await reader.cursor(plan.query, *span)
                while chunk := await cursor.fetch(ROWS_AT_ONCE):
                    yield chunk


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


# Of a replica, and of a session that is set so.
_ONLY_READS = """/* export_only_reads */
    select current_setting('transaction_read_only')::boolean"""

_VIEWS = """/* export_views */
    select c.oid, c.relname as name, format('%I.%I', n.nspname, c.relname) as quoted
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind::text = any ($2::text[])
        and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')"""

_COLUMNS = """/* export_columns */
    select a.attname as name, quote_ident(a.attname) as quoted, t.typname as type
    from pg_attribute as a
    join pg_type as t on t.oid = a.atttypid
    where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
    order by a.attnum"""

_SCHEMAS = """/* export_schemas */
    select nspname as schema, nspname = current_schema() as is_first
    from pg_namespace
    where nspname like 'bi\\_%' and has_schema_privilege(oid, 'usage')
    order by nspname"""
