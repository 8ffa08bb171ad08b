"""A reader exports what it may read, by month, in little memory, and leaves a line behind.

`MEETPUNT_TEST_EXPORT_ROWS` says how many rows the memory is measured with.
"""

import asyncio
import hashlib
import json
import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from ingest.database.reading import EXPORTS_A_MINUTE
from ingest.reporting.export import (
    BrokenOff,
    MonthUnknown,
    NotAReader,
    ReadOnlyHere,
    SchemaUnclear,
    ViewUnknown,
    export,
)
from tests.conftest import Database
from tests.publishing import reads
from tests.read_later import read_later

pyarrow, compute = read_later("pyarrow"), read_later("pyarrow.compute")
csv, parquet = read_later("pyarrow.csv"), read_later("pyarrow.parquet")

pytestmark = pytest.mark.anyio

ROWS = int(os.environ.get("MEETPUNT_TEST_EXPORT_ROWS", "100000"))
MOST_MEGABYTES = 200
READER, PASSWORD = "lezer_uitvoer", "a password"
OCTOBER = date(2026, 10, 1)
TODAY = date(2026, 11, 2)

# Runs the command and tells how much memory this process ever had, in kB. Linux adds to getrusage
# that of whoever started the process, and keeps a better account; macOS has no other, in bytes.
_MEASURED = """
import resource
import sys
from pathlib import Path
from ingest.commands.meetpunt import meetpunt
meetpunt.main(sys.argv[1:], standalone_mode=False)
account = Path("/proc/self/status")
if account.exists():
    most = int(account.read_text().partition("VmHWM:")[2].split()[0])
else:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(most, file=sys.stderr)
"""


async def fill(database: Database, rows: int, *, municipality: str = "GM9001") -> None:
    """`rows` published responses over September to November, each with an answer; of some the day
    was not kept."""
    async with database.superuser() as db:
        await db.execute(
            """insert into lees.reactie (municipality, month, week, day, touchpoint, questionnaire,
                version, structure, complete, suspect, small_group, mode, language, dimensions,
                answers)
            select $1, date_trunc('month', day)::date, date_trunc('week', day)::date,
                case when n % 3 > 0 then day end, t.number, q.questionnaire, q.version, q.structure,
                n % 7 > 0, '{}', false, 'link', 'nl',
                case when n % 5 = 0 then '{"product": "=1+1", "loket": "a;\\"b"}' else '{}'
                end::jsonb,
                jsonb_build_object('cijfer', 1 + n % 10)
            from generate_series(1, $2::integer) as n
            cross join lateral (select date '2026-09-01' + n % 91 as day) as days
            cross join (
                select * from meetpunt.touchpoint where municipality = $1 order by number limit 1
            ) as t
            join meetpunt.questionnaire as q
                on q.municipality = $1 and q.questionnaire = 'balie' and q.version = 1""",
            municipality,
            rows,
        )


def url_of(database: Database, role: str = READER) -> str:
    url = database.ingest
    return url.replace(url.split("//")[1].split("@")[0], f"{role}:{PASSWORD.replace(' ', '%20')}")


@pytest.fixture
async def reader(database: Database) -> AsyncIterator[asyncpg.Connection]:
    await reads(database, "molensloot", READER)
    async with database.superuser() as db:
        await db.execute(f"alter role {READER} password '{PASSWORD}'")
        await db.execute("truncate meetpunt.audit")
    connection = await asyncpg.connect(url_of(database))
    yield connection
    await connection.close()


@asynccontextmanager
async def logged_in(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url_of(database))
    yield connection
    await connection.close()


async def exported(
    reader: asyncpg.Connection, folder: Path, view: str = "feit_reactie", **chosen: Any
) -> Any:
    options: dict[str, Any] = {"month": OCTOBER, "file_format": "parquet", "today": TODAY} | chosen
    manifest = await export(reader, view, folder=folder, **options)
    assert hashlib.sha256((folder / manifest.file).read_bytes()).hexdigest() == manifest.sha256
    if options["file_format"] == "csv":
        return None
    table = parquet.read_table(folder / manifest.file)
    assert table.num_rows == manifest.rows
    return table


async def audit(database: Database) -> list[str]:
    """What was noted of exports, each in the name of the reader."""
    async with database.superuser() as db:
        rows = await db.fetch("select * from meetpunt.audit order by at")
    assert {(row["actor"], row["role"]) for row in rows} <= {(READER, READER)}
    assert {(row["action"], row["outcome"]) for row in rows} <= {("export", "begun")}
    return [row["object"] for row in rows]


async def test_a_month_is_that_month_of_the_own_municipality(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    """Rows whose day was not kept are in the month in which they count."""
    await fill(database, 910)
    await fill(database, 910, municipality="GM9002")
    table = await exported(reader, tmp_path)
    assert set(table["gemeente_code"].to_pylist()) == {"GM9001"}
    assert set(table["maand"].to_pylist()) == {OCTOBER}
    days = table["datum"].to_pylist()
    known = [day for day in days if day]
    assert (min(known), max(known), len(days)) == (OCTOBER, date(2026, 10, 31), 310)
    assert 0 < len(known) < 310
    answers = await exported(reader, tmp_path, "feit_antwoord")
    assert (
        answers["reactie_id"].to_pylist() == table.sort_by("reactie_id")["reactie_id"].to_pylist()
    )
    assert (await exported(reader, tmp_path, month=None)).num_rows == 910


async def test_months_are_read_one_at_a_time_in_transactions_of_their_own(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    """No snapshot is held while all there is is read: a month sees what came in meanwhile."""
    await fill(database, 91)
    open_since = []
    told: list[int] = []

    async def began() -> Any:
        async with database.superuser() as db:
            return await db.fetchval(
                "select xact_start from pg_stat_activity where pid = $1", reader.get_server_pid()
            )

    def on_rows(rows: int) -> None:
        told.append(rows)
        with ThreadPoolExecutor(1) as other:
            open_since.append(other.submit(lambda: asyncio.run(began())).result())
        if len(told) == 1:
            with ThreadPoolExecutor(1) as other:
                other.submit(lambda: asyncio.run(fill(database, 91))).result()

    table = await exported(reader, tmp_path, month=None, on_rows=on_rows)
    months = table["maand"].to_pylist()
    assert months == sorted(months)
    assert len(set(open_since)) == len(told) == 3
    # September was over; October and November came twice.
    assert [months.count(date(2026, month, 1)) for month in (9, 10, 11)] == [30, 62, 60]


async def test_every_view_can_be_exported_in_both_formats(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    await fill(database, 91)
    views = await reader.fetch(
        "select relname from pg_class where relnamespace = 'bi_molensloot'::regnamespace"
        " and relkind = 'v' and has_table_privilege(oid, 'select')"
    )
    assert {"feit_reactie", "feit_antwoord", "indicator_per_maand"} <= {r["relname"] for r in views}
    assert "toelichting" not in {r["relname"] for r in views}
    for row in views:
        for file_format in ("csv", "parquet"):
            await exported(reader, tmp_path, row["relname"], month=None, file_format=file_format)


async def test_who_reads_texts_exports_them_without_a_day(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    with pytest.raises(ViewUnknown):
        await exported(reader, tmp_path, "toelichting")
    await reads(database, "molensloot", READER, free_text=True)
    async with database.superuser() as db:
        await db.execute(
            """insert into lees.tekst (municipality, month, touchpoint, questionnaire, item,
                judgement, small_group, text, masked)
            values ('GM9001', $1, 1, 'balie', 'toelichting', 'laag', false, 'Te lang.', '{}')""",
            OCTOBER,
        )
    table = await exported(reader, tmp_path, "toelichting")
    assert table["tekst"].to_pylist() == ["Te lang."]
    assert await audit(database) == ["bi_molensloot.toelichting 2026-10 parquet (GM9001)"]


# --- Of which schema -----------------------------------------------------------------------------


async def test_who_reads_several_exports_the_first_of_its_path_or_the_one_that_it_names(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    await fill(database, 10)
    await fill(database, 20, municipality="GM9002")
    await reads(database, "waterakker", READER)
    both = await asyncpg.connect(url_of(database))  # a path is one of a session that begins
    try:
        assert (await exported(both, tmp_path, month=None)).num_rows == 10
        named = await exported(both, tmp_path, month=None, schema="bi_waterakker")
        assert set(named["gemeente_code"].to_pylist()) == {"GM9002"}
        await both.execute("set search_path = pg_catalog")
        with pytest.raises(SchemaUnclear, match="bi_molensloot, bi_waterakker: choose one with"):
            await exported(both, tmp_path)
    finally:
        await both.close()
    assert await audit(database) == [
        "bi_molensloot.feit_reactie all parquet (GM9001)",
        "bi_waterakker.feit_reactie all parquet (GM9002)",
    ]


async def test_the_manifest_says_of_which_schema_it_is(
    reader: asyncpg.Connection, tmp_path: Path
) -> None:
    await exported(reader, tmp_path, "dim_kanaal", month=None)
    manifest = json.loads((tmp_path / "dim_kanaal.parquet.manifest.json").read_bytes())
    assert manifest["view"] == "bi_molensloot.dim_kanaal"


async def test_whose_path_names_no_schema_exports_the_one_that_it_reads(
    reader: asyncpg.Connection, tmp_path: Path
) -> None:
    """As a role that somebody else made, and whose settings are theirs."""
    await reader.execute("set search_path = pg_catalog")
    assert (await exported(reader, tmp_path, "dim_kanaal", month=None)).num_rows == 9


@pytest.mark.parametrize(
    ("schema", "view"),
    [
        ("bi_waterakker", "feit_reactie"),
        ("lees_molensloot", "reactie"),
        ("meetpunt", "response"),
        ("pg_catalog", "pg_class"),
        ('bi_molensloot"; drop schema lees cascade; --', "stand"),
    ],
)
async def test_another_schema_than_one_s_own_has_no_views(
    reader: asyncpg.Connection, database: Database, tmp_path: Path, schema: str, view: str
) -> None:
    with pytest.raises(ViewUnknown):
        await exported(reader, tmp_path, view, month=None, schema=schema)
    assert await audit(database) == []


async def test_a_view_that_everybody_may_read_is_no_export_of_ours(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    with pytest.raises(NotAReader):
        await exported(reader, tmp_path, "pg_indexes", month=None, schema="pg_catalog")
    assert os.listdir(tmp_path) == []


# --- Order, and the line that is left behind -----------------------------------------------------


async def test_the_order_of_the_rows_tells_nothing_and_is_the_same_again(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    await fill(database, 910)
    rows = (await exported(reader, tmp_path)).to_pylist()
    assert rows == (await exported(reader, tmp_path)).to_pylist()
    assert [row["reactie_id"] for row in rows] == sorted(row["reactie_id"] for row in rows)


async def test_each_export_leaves_a_line_before_it_reads(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    await fill(database, 91)

    def stop(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await exported(reader, tmp_path, file_format="csv", on_rows=stop)
    assert await audit(database) == ["bi_molensloot.feit_reactie 2026-10 csv (GM9001)"]
    assert os.listdir(tmp_path) == []  # nothing that looks like a whole file
    await exported(reader, tmp_path, "feit_antwoord", month=None)
    assert (await audit(database))[1:] == ["bi_molensloot.feit_antwoord all parquet (GM9001)"]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into meetpunt.audit (actor, action, object) values ('x', 'x', 'x')",
        "update meetpunt.audit set object = 'x'",
        "delete from meetpunt.audit",
        "select * from meetpunt.audit",
        "select count(*) from meetpunt.audit",
        "select at from meetpunt.audit",
        "truncate meetpunt.audit",
        "select meetpunt.note_deed('x', 'export', 'x', 'done')",
        "select meetpunt.forget_audit(365)",
        "set role meetpunt_auditor",
        "select bi_waterakker.noteer_uitvoer('feit_reactie', null, 'csv')",
        "alter function noteer_uitvoer owner to current_user",
        "create or replace function noteer_uitvoer() returns void language sql return null",
    ],
)
async def test_a_reader_can_only_add_a_line_and_of_its_own_schema(
    reader: asyncpg.Connection, statement: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await reader.execute(statement)


async def test_a_line_is_in_the_name_of_who_logged_in_whatever_the_session_says(
    reader: asyncpg.Connection, database: Database
) -> None:
    """And is written to the table that we mean, whatever is found first in the session's path."""
    await reader.execute("set search_path = pg_temp, pg_catalog; set application_name = 'ander'")
    await reader.execute("set role meetpunt_reads_bi_molensloot")
    await reader.execute("select bi_molensloot.noteer_uitvoer('stand', null, 'csv')")
    assert await audit(database) == ["bi_molensloot.stand all csv (GM9001)"]
    async with database.superuser() as db:
        assert await db.fetchval("select at > now() - interval '1 minute' from meetpunt.audit")


@pytest.mark.parametrize(
    "arguments",
    ["repeat('x', 64), null, 'csv'", "'stand', '2026-10-02', 'csv'", "'stand', null, 'exe'",
     "null, null, 'csv'"],
)  # fmt: skip
async def test_a_line_holds_no_more_than_what_an_export_is(
    reader: asyncpg.Connection, arguments: str
) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await reader.execute(f"select noteer_uitvoer({arguments})")


async def test_the_same_within_a_minute_is_one_line(
    reader: asyncpg.Connection, database: Database
) -> None:
    line = "select noteer_uitvoer('stand', null, 'csv')"
    await reader.execute(f"{line} from generate_series(1, 1000)")
    await reader.execute(line)
    assert await audit(database) == ["bi_molensloot.stand all csv (GM9001)"]
    for other in ("'stand', '2026-10-01', 'csv'", "'stand', null, 'parquet'", "'bel', null, 'csv'"):
        await reader.execute(f"select noteer_uitvoer({other})")
    assert len(await audit(database)) == 4
    async with database.superuser() as db:
        await db.execute("update meetpunt.audit set at = now() - interval '61 s'")
    await reader.execute(line)
    assert len(await audit(database)) == 5


async def test_a_reader_does_not_fill_the_disk_with_lines_that_differ(
    reader: asyncpg.Connection, database: Database
) -> None:
    line = "select noteer_uitvoer('view' || n, null, 'csv') from generate_series(1, {}) as n"
    await reader.execute(line.format(EXPORTS_A_MINUTE))
    with pytest.raises(asyncpg.ProgramLimitExceededError):
        await reader.execute(line.format(EXPORTS_A_MINUTE + 1))
    assert len(await audit(database)) == EXPORTS_A_MINUTE


async def test_the_owner_and_the_service_cannot_change_a_line(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    await exported(reader, tmp_path)
    async with database.connected("meetpunt_owner") as owner:
        assert await owner.fetchval("select count(*) from meetpunt.audit") == 1
    for role in ("meetpunt_owner", "meetpunt_ingest", "meetpunt_folder"):
        async with database.connected(role) as db:
            for statement in (
                "delete from meetpunt.audit",
                "update meetpunt.audit set object = 'x'",
                "truncate meetpunt.audit",
                "insert into meetpunt.audit (actor, action, object) values ('x', 'x', 'x')",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await db.execute(statement)
    assert len(await audit(database)) == 1


async def test_what_cannot_be_exported_says_why(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    with pytest.raises(ViewUnknown, match="feit_reactie"):
        await exported(reader, tmp_path, "feit_reactie; drop table x")
    with pytest.raises(ViewUnknown):
        await exported(reader, tmp_path, "../response")
    with pytest.raises(MonthUnknown):
        await exported(reader, tmp_path, "dim_kanaal")
    for role, why in (("meetpunt_owner", SchemaUnclear), ("meetpunt_ingest", NotAReader)):
        async with database.connected(role) as db:
            with pytest.raises(why):
                await exported(db, tmp_path)
    async with database.connected("meetpunt_owner") as owner:
        with pytest.raises(ViewUnknown):
            await exported(owner, tmp_path, schema="bi_molensloot")
    assert os.listdir(tmp_path) == []


async def test_from_a_replica_it_is_refused_where_it_could_not_be_noted(
    reader: asyncpg.Connection, tmp_path: Path
) -> None:
    # What a server in recovery answers to the same statement.
    await reader.execute("set default_transaction_read_only = on")
    told = r"the primary does not answer now\. Name the primary too, as in @replica,primary/"
    with pytest.raises(ReadOnlyHere, match=told):
        await exported(reader, tmp_path)
    assert os.listdir(tmp_path) == []


async def test_from_a_replica_it_is_noted_on_the_primary_before_it_reads(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    await fill(database, 91)
    await reader.execute("set default_transaction_read_only = on")

    @asynccontextmanager
    async def primary() -> AsyncIterator[asyncpg.Connection]:
        async with logged_in(database) as db:
            yield db
        assert await audit(database) == ["bi_molensloot.feit_reactie 2026-10 parquet (GM9001)"]
        noted.append(True)

    noted: list[bool] = []
    table = await exported(reader, tmp_path, primary=primary, on_rows=lambda _: noted.append(False))
    assert (table.num_rows, noted) == (31, [True, False])


@pytest.mark.parametrize("of_replica", [False, True])
async def test_what_the_server_broke_off_leaves_no_file(
    reader: asyncpg.Connection, database: Database, tmp_path: Path, of_replica: bool
) -> None:
    """A replica ends a session so that it does not fall behind; then trying again makes sense."""
    await fill(database, 91)
    await reader.execute(f"set default_transaction_read_only = {of_replica}")

    async def end() -> None:
        async with database.superuser() as db:
            await db.fetchval("select pg_terminate_backend($1, 5000)", reader.get_server_pid())

    def on_rows(_rows: int) -> None:
        with ThreadPoolExecutor(1) as other:
            other.submit(lambda: asyncio.run(end())).result()

    with pytest.raises(BrokenOff) as broken_off:
        await exported(
            reader,
            tmp_path,
            file_format="csv",
            on_rows=on_rows,
            primary=lambda: logged_in(database),
        )
    assert broken_off.value.of_replica == of_replica
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
async def test_who_exported_reads_the_files_and_nobody_else(
    reader: asyncpg.Connection, tmp_path: Path, file_format: str
) -> None:
    await exported(reader, tmp_path, month=None, file_format="csv")
    await exported(reader, tmp_path, "dim_kanaal", month=None, file_format=file_format)
    assert len(os.listdir(tmp_path)) == 4
    assert {stat.S_IMODE(file.stat().st_mode) for file in os.scandir(tmp_path)} == {0o600}


def test_without_a_reader_the_command_says_what_to_set(tmp_path: Path) -> None:
    without = {k: v for k, v in os.environ.items() if k != "MEETPUNT_READER_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "export", "feit_reactie", "--output", tmp_path / "new"],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        env=without,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Error: set MEETPUNT_READER_URL")
    assert not (tmp_path / "new").exists()


def measured(database: Database, folder: Path, file_format: str) -> tuple[Any, float]:
    """The manifest, and the most memory in megabytes."""
    done = subprocess.run(
        [
            *(sys.executable, "-c", _MEASURED, "export", "feit_reactie", "--json"),
            *("--format", file_format, "--output", folder),
        ],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"MEETPUNT_READER_URL": url_of(database)},
    )
    return json.loads(done.stdout), int(done.stderr) / 1024


async def test_an_export_may_take_longer_than_a_dashboard(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    await fill(database, 20_000)
    async with database.superuser() as db:
        await db.execute(f"alter role {READER} set statement_timeout = '10ms'")
        try:
            manifest, _ = measured(database, tmp_path, "csv")
        finally:
            await db.execute(f"alter role {READER} set statement_timeout = '60s'")
    assert manifest["rows"] == 20_000


def read_csv(path: Path, schema: Any) -> Any:
    """The CSV as `schema` has it: without the apostrophes before formulas, lists from JSON."""
    lists = {f.name for f in schema if pyarrow.types.is_list(f.type)}
    types = {f.name: pyarrow.string() if f.name in lists else f.type for f in schema}
    table = csv.read_csv(
        path,
        parse_options=csv.ParseOptions(delimiter=";", newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=types,
            decimal_point=",",
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    columns = []
    for field in schema:
        column = table[field.name]
        if field.name in lists:
            values = [v and msgspec.json.decode(v) for v in column.to_pylist()]
            column = pyarrow.chunked_array([pyarrow.array(values, type=field.type)])
        elif field.type == pyarrow.string():
            column = compute.replace_substring_regex(column, "^'", "")
        columns.append(column)
    return pyarrow.table(columns, schema=schema)


@pytest.mark.long
async def test_any_number_of_rows_takes_little_memory_and_reads_back_equal(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    await fill(database, ROWS)
    peaks = {}
    for file_format in ("csv", "parquet"):
        manifest, peaks[file_format] = measured(database, tmp_path, file_format)
        assert manifest["rows"] == ROWS
    print(f"{ROWS} rows: {peaks}")  # noqa: T201 - a figure for whoever runs this with -s
    assert max(peaks.values()) < MOST_MEGABYTES, peaks
    written = parquet.read_table(tmp_path / "feit_reactie.parquet")
    assert read_csv(tmp_path / "feit_reactie.csv", written.schema).equals(written)
    assert written.num_rows == ROWS
    assert compute.count_distinct(written["reactie_id"]).as_py() == ROWS
    assert set(written["product"].to_pylist()) > {"=1+1"}
