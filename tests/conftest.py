"""What tests share: a real Postgres, the example municipalities, and a service around both."""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from inspect import isfunction
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import asyncpg
import httpx
import hypothesis
import msgspec
import pytest
from anyio import to_thread

from ingest.app import create_app
from ingest.database.readers import list_readers, revoke_reader
from ingest.invitations.statements import store_invitations
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.schemas import slug_of
from ingest.service import Options, Service
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import Keys, load_keys, new_keys
from ingest.tokens.response_tokens import Tokens, digest
from ingest.web.front import Front
from ingest.web.table import routes_of
from tests.example import example_catalogue
from tests.figures import take_over, told
from tests.made_once import for_tests, share
from tests.order import begin_elsewhere, by_share
from tests.postgres import (
    TEMPLATE,
    USUAL,
    create_database,
    drop_database,
    running_postgres,
)
from tests.pure import is_never_run, is_pure
from tests.sampled import an_id

# How long an example takes says something of the machine, not of the code.
# `make faults ARGS=long` asks for more of them.
hypothesis.settings.register_profile(
    "meetpunt", deadline=None, max_examples=int(os.environ.get("TESTS_EXAMPLES", "50"))
)
hypothesis.settings.load_profile("meetpunt")


share()

# What a script starts in the background (`make test &`) ignores Ctrl-C, and so does all that it
# starts in turn. Tests press Ctrl-C on what they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Database(msgspec.Struct, frozen=True):
    """A database of a test's own, and how each role connects to it."""

    server: Any
    name: str

    def url(self, role: str) -> str:
        url: str = self.server.url(role, self.name)
        return url

    @property
    def ingest(self) -> str:
        return self.url("meetpunt_ingest")

    @property
    def owner(self) -> str:
        return self.url("meetpunt_owner")

    @asynccontextmanager
    async def superuser(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that sees every row, to look at what was stored."""
        async with self.connected("postgres") as db:
            yield db

    @asynccontextmanager
    async def connected(self, role: str) -> AsyncIterator[asyncpg.Connection]:
        db = await asyncpg.connect(self.url(role))
        try:
            yield db
        finally:
            await db.close()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The fictional municipalities of the demo."""
    return example_catalogue()


def prepared(name: str, version: int = USUAL, template: str = TEMPLATE) -> "Database":
    """A migrated database of this name with the example municipalities, for who empties it.

    `template` is another to copy, which was one of these before.
    """
    server = running_postgres(version)
    asyncio.run(copy_template(server, name, template))
    return Database(server, name)


async def copy_template(server: Any, name: str, template: str = TEMPLATE) -> None:
    """A copy holds everything but what the first migration does to the database itself."""
    await create_database(server, name, template)
    owner = await asyncpg.connect(server.url("meetpunt_owner", name))
    try:
        await owner.execute(f'revoke temporary on database "{name}" from public')
    finally:
        await owner.close()


@cache
def _shared_database(version: int) -> "Database":
    """One database for many tests: emptying one is quicker than making one."""
    return prepared("shared", version)


@cache
def _between_tests() -> asyncio.Runner:
    """A loop for what is done between tests: its connections last longer than one of them."""
    return asyncio.Runner()


_cleaners: dict[str, asyncpg.Connection] = {}


async def _cleaner(database: "Database") -> asyncpg.Connection:
    """A connection that has looked at every table before: a new one takes a while to know them."""
    url = database.url("postgres")
    if url not in _cleaners or _cleaners[url].is_closed():
        _cleaners[url] = await asyncpg.connect(url)
    return _cleaners[url]


async def _empty(database: "Database") -> None:
    """Take everything away but what comes from the files, and let nobody read any more.

    Only tables that hold something: most tests fill a few of a hundred, and each takes its time.
    """
    db = await _cleaner(database)
    await db.execute(
        "update meetpunt.task set holder = null, held_until = null, pid = null,"
        " last_ran = null, last_failed = null, reason = null, since = now()"
    )
    if filled := await db.fetchval(_FILLED, _OF_THE_FILES):
        await db.execute(f"truncate {filled} cascade")
    if await db.fetchval(_SOMEBODY_READS):
        await _nobody_reads(database)


_OF_THE_FILES = (
    *("municipality", "touchpoint", "touchpoint_version", "questionnaire", "item", "core_item"),
    *("opening_hours", "target", "task", "applied_view"),
    *("dim_gemeente", "dim_kanaal", "dim_datum", "dim_meetpunt", "dim_vragenlijst", "dim_item"),
    *("doel", "norm", "department", "wijk", "dim_afdeling", "dim_wijk"),
    *("improvement", "verbetering", "theme"),
)
"""Tables that are filled with the files, or by a migration."""

_FILLED = """
    select string_agg(format('%I.%I', nspname, relname), ', ')
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname ~ '^(meetpunt|lees)' and relkind = 'r' and relname <> all ($1)
        and pg_relation_size(pg_class.oid) > 0
"""

_SOMEBODY_READS = """
    select exists (
        select from pg_auth_members
        where roleid::regrole::text like 'meetpunt_reads_%'
            and member::regrole::text not like 'meetpunt_%'
    )
"""


async def _nobody_reads(database: "Database") -> None:
    """Roles belong to the whole server: who read in the test before reads no more."""
    async with database.connected("meetpunt_owner") as owner:
        for reader in await list_readers(owner):
            await revoke_reader(owner, slug_of(reader.schema), reader.role)


@pytest.fixture
def postgres_version() -> int:
    """Overridden by tests that hold for every version: parametrize with `versions()`."""
    return USUAL


def emptied(postgres_version: int = USUAL) -> Database:
    """A migrated database with the example municipalities and no responses."""
    shared = _shared_database(postgres_version)
    _between_tests().run(_empty(shared))
    return shared


@pytest.fixture
def database(postgres_version: int) -> Database:
    """The one that every test shares, emptied."""
    return emptied(postgres_version)


@pytest.fixture
def own_database(postgres_version: int) -> Iterator[Database]:
    """The same, for a test that changes tables: nobody else has it."""
    with of_its_own(postgres_version) as database:
        yield database


@contextmanager
def of_its_own(version: int = USUAL, template: str = TEMPLATE) -> Iterator[Database]:
    """A copy of `template` for one test."""
    database = prepared(f"own_{uuid4().hex}", version, template)
    asyncio.run(_nobody_reads(database))
    yield database
    asyncio.run(drop_database(database.server, database.name))


@pytest.fixture(scope="session")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("keys") / "keys.json"
    new_keys(path, now=datetime(2026, 1, 1, tzinfo=UTC))
    return path


@pytest.fixture(scope="session")
def keys(keys_file: Path) -> Keys:
    return load_keys(keys_file)


class Served(msgspec.Struct, frozen=True):
    """The real application on a real database, and a client that talks to it."""

    service: Service
    client: httpx.AsyncClient
    database: Database
    tokens: Tokens
    codes: Codes
    app: Front
    # Ids of responses that were stored before.
    there_before: list[UUID] = []

    def token(
        self,
        path: str = "molensloot/balie-hal",
        purpose: str = "open",
        *,
        valid: timedelta = timedelta(hours=1),
        now: datetime | None = None,
        sampled: bool = False,
    ) -> str:
        """A token as we issue it; nobody needs to be asked for one that nobody was sent.

        `sampled`: of one of the few who are asked something else, where a questionnaire does that.
        """
        now = now or datetime.now(UTC) - timedelta(minutes=1)
        return self.tokens.issue(
            purpose=purpose,
            touchpoint=self.number(path),
            expires_at=now + valid,
            now=now,
            id=an_id(sampled=sampled),
        )

    def number(self, path: str) -> int:
        municipality, _, slug = path.partition("/")
        return self.service.catalogue.touchpoint(municipality, slug).number

    async def invitation(self, path: str = "molensloot/telefonie", **details: Any) -> str:
        """A token that was sent to somebody, and the digest that waits for it."""
        token = self.token(path, "invitation", **details)
        await self.invite(path, [token])
        return token

    async def invite(self, path: str, tokens: list[str]) -> None:
        municipality = self.service.catalogue.municipality(path.partition("/")[0])
        async with self.database.connected("meetpunt_ingest") as db:
            await store_invitations(
                db,
                municipality=municipality.code,
                touchpoint=self.number(path),
                digests=[digest(self.tokens.read(token).id) for token in tokens],
                dimensions=["{}"] * len(tokens),
                expires_on=date(2030, 1, 1),
                day=date(2026, 11, 21),
            )

    def body(
        self, token: str, path: str = "molensloot/balie-hal", **changes: Any
    ) -> dict[str, Any]:
        """A response as a script sends it."""
        municipality, _, slug = path.partition("/")
        touchpoint = self.service.catalogue.touchpoint(municipality, slug)
        return {
            "touchpoint": path,
            "responseId": str(uuid4()),
            "questionnaire": touchpoint.questionnaire,
            "version": touchpoint.version,
            "language": "nl",
            "token": token,
            "answers": {"cijfer": 8},
        } | changes

    async def post(self, body: dict[str, Any], **headers: str) -> httpx.Response:
        return await self.client.post("/api/v1/responses", json=body, headers=headers)

    async def responses(self) -> list[dict[str, Any]]:
        """Every response that was stored since this began, as its columns."""
        async with self.database.superuser() as db:
            rows = await db.fetch(
                "select * from meetpunt.response where id <> all ($1)", self.there_before
            )
        return [dict(row) for row in rows]

    async def answers(self, response_id: str | UUID) -> dict[str, Any]:
        """A number or a code an item, texts as stored, under the id that was sent or of a row."""
        async with self.database.superuser() as db:
            rows = await db.fetch(
                """select given.item, value #>> '{}' as value
                from meetpunt.response
                cross join lateral jsonb_each(answers) as given (item, answer)
                cross join lateral jsonb_path_query(given.answer, '$[*]') as value
                where id = any ($1)
                union all
                select item, text from meetpunt.free_text where response_id = any ($1)""",
                [UUID(str(response_id)), self.stored_id(response_id)],
            )
        return {row["item"]: row["value"] for row in rows}

    def stored_id(self, response_id: str | UUID) -> UUID:
        """The id that a response is stored under, from the one that was sent."""
        return self.codes.of_response(UUID(str(response_id)))


class _Watched(Database, frozen=True):
    """A database that one connection looks at all the time: a new one takes longer than a look."""

    looking: asyncpg.Connection

    @asynccontextmanager
    async def superuser(self) -> AsyncIterator[asyncpg.Connection]:
        yield self.looking


class Serve(Protocol):
    """Starts the application for as long as the block lasts."""

    def __call__(self, **options: Any) -> Any: ...


class Stand(Protocol):
    """Lets a test use the service that stands already, for as long as the block lasts."""

    def __call__(self) -> AbstractAsyncContextManager[Served]: ...


@pytest.fixture
def serve(database: Database, catalogue: Catalogue, keys: Keys) -> Callable[..., Any]:
    """`async with serve() as served:`; options are those of `Options`."""

    @asynccontextmanager
    async def serving(
        *,
        on: Database = database,
        url: str | None = None,
        files: Catalogue = catalogue,
        **options: Any,
    ) -> AsyncIterator[Served]:
        async with serving_on(on, url or on.ingest, files, keys, Options(**options)) as served:
            yield served

    return serving


@pytest.fixture(scope="module")
async def standing(catalogue: Catalogue, keys: Keys) -> AsyncIterator[Stand]:
    """`async with standing() as served:`, of one service for all tests of a module.

    For tests that look at what is answered and stored and change nothing for those after them: a
    service of one's own takes four times as long as what they do with it. What others stored
    before is not seen in `responses`; limits are out of the way.
    """
    shared = await to_thread.run_sync(emptied)
    looking = await asyncpg.connect(shared.url("postgres"))
    watched = _Watched(shared.server, shared.name, looking)
    unlimited = Options(address_limit_per_minute=10**6, touchpoint_limit_per_minute=10**6)

    @asynccontextmanager
    async def block() -> AsyncIterator[Served]:
        there = await looking.fetch("select id from meetpunt.response")
        yield msgspec.structs.replace(served, there_before=[row["id"] for row in there])

    try:
        async with serving_on(watched, watched.ingest, catalogue, keys, unlimited) as served:
            yield block
    finally:
        await looking.close()


@asynccontextmanager
async def serving_on(
    on: Database, url: str, files: Catalogue, keys: Keys, options: Options
) -> AsyncIterator[Served]:
    service, app = _application(files, keys, url, options)
    await service.start()
    try:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=True),
            base_url="http://kto.molensloot.example",
        ) as client:
            yield Served(service, client, on, Tokens(keys), Codes(keys.content), app)
    finally:
        await service.close()
        _at_rest.setdefault(_shape(options), []).append((service, app))


_at_rest: dict[Any, list[tuple[Service, Front]]] = {}


def _shape(options: Options) -> tuple[object, ...]:
    """What the routes of an application are made from."""
    return (options.base_url, options.widget_files)


def _application(files: Catalogue, keys: Keys, url: str, options: Options) -> tuple[Service, Front]:
    """A service that never served, and its application.

    What Litestar answers takes 40 ms to build and keeps nothing but its service: where it is at
    rest it is used again, and its service begins anew, with other files too.
    """
    parts: dict[str, Any] = {
        "catalogue": files,
        "keys": keys,
        "database_url": url,
        "options": options,
    }
    if resting := _at_rest.get(_shape(options)):
        service, app = resting.pop()
        service.__dict__.clear()
        Service.__init__(service, **parts)
        return service, Front(app.rest, service, routes_of(service))
    service = Service(**parts)
    return service, create_app(service)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test sees no setting of whoever runs it."""
    for name in list(os.environ):
        if name.startswith("MEETPUNT_"):
            monkeypatch.delenv(name)
    # Whom tests play listens on this machine.
    monkeypatch.setenv("MEETPUNT_LOOPBACK", "1")


_LONG_SECONDS = 3600


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Thousands of tests stay until the end: the garbage collector need not look at each again.

    It took a sixth of the processor time of a worker.
    """
    gc.disable()
    begin_elsewhere(session.config)
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    """What tests leave behind is where everything else of this run is. Workers are told theirs."""
    config.option.basetemp = config.option.basetemp or for_tests()


def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, obj: object
) -> list[pytest.Item] | None:
    """Nothing of a test that is left out of this run; pytest makes the others itself."""
    module = collector.getparent(pytest.Module)
    if module is None or not isfunction(obj):
        return None
    return [] if is_never_run(obj, module.obj, collector.config.option.markexpr) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What follows from a test: whether it is quick, and how long it may take."""
    for item in items:
        if is_pure(item):
            item.add_marker(pytest.mark.quick)
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(_LONG_SECONDS))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Those that run are chosen: before a worker says which, they get their order."""
    session.items[:] = by_share(session.items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands what it measured to the process that started it."""
    while _cleaners:
        _between_tests().run(_cleaners.popitem()[1].close())
    handed_over = getattr(session.config, "workeroutput", None)
    if handed_over is not None:
        handed_over["figures"] = told()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """A worker is done."""
    take_over(getattr(node, "workeroutput", {}).get("figures", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    """What was measured, after what passed; why nothing ran, where nothing did."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        terminalreporter.write_line(
            "Nothing was chosen. Tests marked `long` are left out: those of a file run with "
            'make test ARGS="FILE -m long".'
        )
    for title, figures in told().items():
        terminalreporter.section(title, sep="-")
        terminalreporter.write_line(figures)
