"""Every view read over ODBC, as Power BI and Excel can, and the types as which columns come."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
from anyio import to_thread

from ingest.clock import today_here
from ingest.demo.filling import fill
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database, prepared
from tests.publishing import published, reads

PACKAGES = "odbc-postgresql unixodbc"
ROLE = "lezer_odbc"

_MANAGER = "libodbc.so.2"
_DRIVERS = "*/odbc/psqlodbcw.so"
_MOST_CHARACTERS = 200_000

# What Postgres calls a type, and the types of ODBC as which a tool may get it (sqlext.h).
_RIGHT: dict[str, frozenset[int]] = {
    "double precision": frozenset({6, 8}),
    "numeric": frozenset({2, 3}),
    "bigint": frozenset({-5}),
    "integer": frozenset({4}),
    "smallint": frozenset({5}),
    "boolean": frozenset({-7}),
    "date": frozenset({91}),
    "timestamp with time zone": frozenset({93}),
    "uuid": frozenset({-11}),
}
_TEXT = frozenset({-10, -9, -8, -1, 1, 12})
_SUCCESS, _NO_DATA = (0, 1), 100


class Read(msgspec.Struct, frozen=True):
    """What came through: views, columns, rows, and columns of another type than they should be."""

    views: int
    columns: int
    rows: int
    wrong: tuple[str, ...]


def missing() -> str | None:
    """What this machine lacks to read over ODBC, in a sentence; None when nothing does."""
    if not list(Path("/usr/lib").glob(_DRIVERS)):
        return f"psqlODBC is not on this machine: apt-get install {PACKAGES}"
    try:
        ctypes.CDLL(_MANAGER)
    except OSError:
        return f"unixODBC is not on this machine: apt-get install {PACKAGES}"
    return None


async def read_all(catalogue: Catalogue) -> Read:
    """Every view of Molensloot, filled as the demo fills it, as one of its readers with texts."""
    database = await to_thread.run_sync(prepared, "odbc")
    await _fill(database, catalogue)
    async with database.connected("postgres") as db:
        columns = await db.fetch(
            """select relname::text as view, attname::text as name,
                format_type(atttypid, null) as type
            from pg_class join pg_attribute on attrelid = pg_class.oid
            where relnamespace = 'bi_molensloot'::regnamespace and relkind = 'v' and attnum > 0
            order by relname, attnum"""
        )
    by_view: dict[str, list[tuple[str, str]]] = {}
    for row in columns:
        by_view.setdefault(row["view"], []).append((row["name"], row["type"]))
    rows, wrong = 0, []
    with _connected(database.owner) as connection:
        for view, expected in by_view.items():
            found, count = _read(connection, view)
            rows += count
            wrong += [
                f"{view}.{name} ({type_}) comes as {found.get(name)}"
                for name, type_ in expected
                if found.get(name) not in _RIGHT.get(type_, _TEXT)
            ]
    return Read(len(by_view), len(columns), rows, tuple(wrong))


async def _fill(database: Database, catalogue: Catalogue) -> None:
    await reads(database, "molensloot", ROLE, free_text=True)
    async with database.connected("meetpunt_ingest") as db:
        await fill(db, catalogue, today=today_here())
    await published(database, catalogue)


@contextmanager
def _connected(url: str) -> Iterator[ctypes.c_void_p]:
    """A connection by the driver itself, which no file of this machine has to name."""
    odbc = ctypes.CDLL(_MANAGER)
    parts = urlsplit(url)
    driver = next(Path("/usr/lib").glob(_DRIVERS))
    line = (
        f"DRIVER={driver};SERVER={parts.hostname or parse_qs(parts.query)['host'][0]};"
        f"PORT={parts.port or parse_qs(parts.query).get('port', ['5432'])[0]};"
        f"DATABASE={parts.path[1:]};UID={ROLE};PWD=a password;BoolsAsChar=0"
    ).encode()
    environment, connection = ctypes.c_void_p(), ctypes.c_void_p()
    odbc.SQLAllocHandle(1, None, ctypes.byref(environment))
    odbc.SQLSetEnvAttr(environment, 200, ctypes.c_void_p(3), 0)
    odbc.SQLAllocHandle(2, environment, ctypes.byref(connection))
    done = odbc.SQLDriverConnect(connection, None, line, len(line), None, 0, None, 0)
    if done not in _SUCCESS:
        raise ConnectionError(_why(odbc, 2, connection))
    try:
        yield connection
    finally:
        odbc.SQLDisconnect(connection)
        odbc.SQLFreeHandle(2, connection)
        odbc.SQLFreeHandle(1, environment)


def _read(connection: ctypes.c_void_p, view: str) -> tuple[dict[str, int], int]:
    """The type of each column, and how many rows came through whole, each column as text."""
    odbc = ctypes.CDLL(_MANAGER)
    statement = ctypes.c_void_p()
    odbc.SQLAllocHandle(3, connection, ctypes.byref(statement))
    try:
        asked = f"select * from {view}".encode()
        if odbc.SQLExecDirect(statement, asked, len(asked)) not in _SUCCESS:
            raise ConnectionError(f"{view}: {_why(odbc, 3, statement)}")
        types = dict(_columns(odbc, statement))
        rows = 0
        value, length = ctypes.create_string_buffer(_MOST_CHARACTERS), ctypes.c_ssize_t()
        while (done := odbc.SQLFetch(statement)) != _NO_DATA:
            for number in range(1, len(types) + 1):
                told = odbc.SQLGetData(
                    *(statement, number, 1, value, len(value), ctypes.byref(length))
                )
                if done not in _SUCCESS or told not in _SUCCESS:
                    raise ConnectionError(f"{view}, column {number}: {_why(odbc, 3, statement)}")
            rows += 1
    finally:
        odbc.SQLFreeHandle(3, statement)
    return types, rows


def _columns(odbc: ctypes.CDLL, statement: ctypes.c_void_p) -> Iterator[tuple[str, int]]:
    """Name and type of each column."""
    count = ctypes.c_short()
    odbc.SQLNumResultCols(statement, ctypes.byref(count))
    for number in range(1, count.value + 1):
        name, kind = ctypes.create_string_buffer(200), ctypes.c_short()
        size, other = ctypes.c_size_t(), ctypes.c_short()
        odbc.SQLDescribeCol(
            *(statement, number, name, len(name), ctypes.byref(other), ctypes.byref(kind)),
            *(ctypes.byref(size), ctypes.byref(other), ctypes.byref(other)),
        )
        yield name.value.decode(), kind.value


def _why(odbc: ctypes.CDLL, kind: int, handle: ctypes.c_void_p) -> str:
    """What the driver says of the last failure."""
    state, message = ctypes.create_string_buffer(6), ctypes.create_string_buffer(1000)
    native, length = ctypes.c_int(), ctypes.c_short()
    odbc.SQLGetDiagRec(
        *(kind, handle, 1, state, ctypes.byref(native), message, len(message)),
        ctypes.byref(length),
    )
    return f"{state.value.decode()} {message.value.decode(errors='replace')}"
