"""A reader exports what it may read, by month, in little memory, and leaves a line behind.

`MEETPUNT_TEST_EXPORT_ROWS` says how many rows the memory is measured with.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet
import pytest

from ingest.database.readers import grant_reader
from ingest.export import MonthUnknown, NotAReader, ViewUnknown, export
from tests.conftest import Database

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
    """`rows` responses over September to November, each with an answer."""
    async with database.superuser() as db:
        # The check of a foreign key keeps the plan that it made while the table was empty.
        await db.execute("set enable_seqscan = off")
        await db.execute(
            """insert into meetpunt.response
            select $1, date '2026-09-01' + n % 91, gen_random_uuid(), t.number, q.questionnaire,
                q.version, q.structure, 'nl', case when n % 3 > 0 then n % 24 end, n % 7 > 0,
                '{}', false,
                case when n % 5 = 0 then '{"product": "=1+1", "loket": "a;\\"b"}' else '{}'
                end::jsonb,
                jsonb_build_object('cijfer', 1 + n % 10)
            from generate_series(1, $2::integer) as n,
                (select * from meetpunt.touchpoint where municipality = $1 limit 1) as t,
                (select * from meetpunt.questionnaire where municipality = $1 limit 1) as q""",
            municipality,
            rows,
        )


def url_of(database: Database, role: str = READER) -> str:
    url = database.ingest
    return url.replace(url.split("//")[1].split("@")[0], f"{role}:{PASSWORD.replace(' ', '%20')}")


@pytest.fixture
async def reader(database: Database) -> AsyncIterator[asyncpg.Connection]:
    async with database.connected("meetpunt_owner") as owner:
        await grant_reader(owner, "GM9001", READER, PASSWORD, free_text=False)
    async with database.superuser() as db:
        await db.execute(f"alter role {READER} password '{PASSWORD}'")
        await db.execute("truncate meetpunt.export_audit")
    connection = await asyncpg.connect(url_of(database))
    yield connection
    await connection.close()


async def exported(
    reader: asyncpg.Connection, folder: Path, view: str = "feit_reactie", **chosen: Any
) -> pyarrow.Table:
    options: dict[str, Any] = {"month": OCTOBER, "file_format": "parquet", "today": TODAY} | chosen
    manifest = await export(reader, view, folder=folder, **options)
    assert hashlib.sha256((folder / manifest.file).read_bytes()).hexdigest() == manifest.sha256
    if options["file_format"] == "csv":
        return None
    table = pyarrow.parquet.read_table(folder / manifest.file)
    assert table.num_rows == manifest.rows
    return table


async def audit(database: Database) -> list[tuple[Any, ...]]:
    async with database.superuser() as db:
        rows = await db.fetch(
            "select role_name, municipalities, view, month, format from meetpunt.export_audit"
            " order by exported_at"
        )
    return [tuple(row) for row in rows]


async def test_a_month_is_that_month_of_the_own_municipality(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    await fill(database, 910)
    await fill(database, 910, municipality="GM9002")
    table = await exported(reader, tmp_path)
    assert set(table["gemeente_code"].to_pylist()) == {"GM9001"}
    days = table["datum"].to_pylist()
    assert (min(days), max(days), len(days)) == (OCTOBER, date(2026, 10, 31), 310)
    answers = await exported(reader, tmp_path, "feit_antwoord")
    assert (
        answers["reactie_id"].to_pylist() == table.sort_by("reactie_id")["reactie_id"].to_pylist()
    )
    assert (await exported(reader, tmp_path, month=None)).num_rows == 910
    assert (await exported(reader, tmp_path, test_data=True)).num_rows == 0


async def test_every_view_can_be_exported_in_both_formats(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    await fill(database, 91)
    views = await reader.fetch(
        "select relname from pg_class where relnamespace = 'bi'::regnamespace and relkind = 'v'"
        " and has_table_privilege(oid, 'select')"
    )
    assert {"feit_reactie", "feit_antwoord", "indicator_per_maand"} <= {r["relname"] for r in views}
    for row in views:
        for file_format in ("csv", "parquet"):
            await exported(reader, tmp_path, row["relname"], month=None, file_format=file_format)


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
    assert await audit(database) == [(READER, ["GM9001"], "bi.feit_reactie", OCTOBER, "csv")]
    assert os.listdir(tmp_path) == []  # nothing that looks like a whole file
    await exported(reader, tmp_path, "feit_antwoord", month=None)
    assert (await audit(database))[1:] == [
        (READER, ["GM9001"], "bi.feit_antwoord", None, "parquet")
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into meetpunt.export_audit (role_name, view, format) values ('x', 'v', 'csv')",
        "insert into meetpunt.export_audit (municipalities, view) values ('{}', 'v')",
        "insert into meetpunt.export_audit (exported_at, view, format) values (now(), 'v', 'csv')",
        "update meetpunt.export_audit set view = 'x'",
        "delete from meetpunt.export_audit",
        "select * from meetpunt.export_audit",
        "truncate meetpunt.export_audit",
    ],
)
async def test_a_reader_can_only_add_a_line_in_its_own_name(
    reader: asyncpg.Connection, statement: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await reader.execute(statement)


async def test_the_owner_and_the_service_cannot_change_a_line(
    reader: asyncpg.Connection, database: Database, tmp_path: Path
) -> None:
    await exported(reader, tmp_path)
    async with database.connected("meetpunt_owner") as owner:
        assert await owner.fetchval("select count(*) from meetpunt.export_audit") == 1
        assert await owner.execute("delete from meetpunt.export_audit") == "DELETE 0"
        assert await owner.execute("update meetpunt.export_audit set view = 'x'") == "UPDATE 0"
    for role in ("meetpunt_ingest", "meetpunt_folder"):
        async with database.connected(role) as db:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute("delete from meetpunt.export_audit")
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
    async with database.connected("meetpunt_owner") as owner:
        with pytest.raises(NotAReader):
            await exported(owner, tmp_path)
    assert os.listdir(tmp_path) == []


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
        cwd=Path(__file__).parents[2],
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


def read_csv(path: Path, schema: pyarrow.Schema) -> pyarrow.Table:
    """The CSV as `schema` has it: without the apostrophes before formulas, lists from JSON."""
    lists = {f.name for f in schema if pyarrow.types.is_list(f.type)}
    types = {f.name: pyarrow.string() if f.name in lists else f.type for f in schema}
    table = pyarrow.csv.read_csv(
        path,
        parse_options=pyarrow.csv.ParseOptions(delimiter=";", newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
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
            column = pyarrow.compute.replace_substring_regex(column, "^'", "")
        columns.append(column)
    return pyarrow.table(columns, schema=schema)


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
    parquet = pyarrow.parquet.read_table(tmp_path / "feit_reactie.parquet")
    assert read_csv(tmp_path / "feit_reactie.csv", parquet.schema).equals(parquet)
    assert parquet.num_rows == ROWS
    assert pyarrow.compute.count_distinct(parquet["reactie_id"]).as_py() == ROWS
    assert set(parquet["product"].to_pylist()) > {"=1+1"}
