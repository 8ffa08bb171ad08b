"""The parts that requests need, put together once for each worker."""

import time
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec

from ingest.asgi.headers import cors_lines, for_origin, type_of_header_lines
from ingest.asgi.rate_limits import ADDRESS_PER_MINUTE, TOUCHPOINT_PER_MINUTE, TokenLimits
from ingest.callbacks.asking import Asking
from ingest.connectors.reception import Connectors
from ingest.connectors.signalen.limiting import ReportLimits
from ingest.connectors.signalen.permitting import MOST_DELAY_SECONDS, Permitting
from ingest.database.acknowledged import HEAR_WARNINGS, acknowledged
from ingest.database.connecting import connect
from ingest.database.connection_errors import AWAY
from ingest.database.room import INTEGRATORS_AT_ONCE, LOOKUPS
from ingest.files.resources import widget_directory
from ingest.invitations.minting import Minter
from ingest.invitations.opting_out import OptingOut
from ingest.invitations.receipts import apply_receipt
from ingest.invitations.taking import Taking
from ingest.invitations.telling import Telling
from ingest.invitations.watching import OutboxWatch
from ingest.kiosk.reception import Reception
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Touchpoint
from ingest.pages.pages import Pages
from ingest.responses.completion import Completing
from ingest.responses.intake import Intake
from ingest.responses.statements import KnownResponse, find_response
from ingest.responses.versions import AskedVersions, Versions, versions_asked
from ingest.responses.writer import Writer, WriterUnavailable
from ingest.running import metrics
from ingest.running.fair_room import FairRoom
from ingest.running.security import security
from ingest.senders.receipts import Receipt
from ingest.tasks.watching import TaskWatch
from ingest.tokens.completion_tokens import CompletionTokens
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import LIFETIMES, Tokens
from ingest.widget.bundle import Bundle
from ingest.widget.offered import Offers


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How this process serves. `base_url` stands in for every municipality's own.

    `widget_files`: where the widget's scripts are; None: those that come with Meetpunt. `clock`
    counts the seconds of limits and never goes back.
    """

    base_url: str | None = None
    widget_files: Path | None = None
    workers: int = 1  # that serve beside each other, this process among them
    queue_rows: int = 2000
    largest_batch: int = 256
    # How long a commit may take, the wait for a standby included, before it counts as lost.
    commit_seconds: float = 5.0
    address_limit_per_minute: int = ADDRESS_PER_MINUTE
    touchpoint_limit_per_minute: int = TOUCHPOINT_PER_MINUTE
    # At most, before a report is told what its reporter says; only the demo and tests have less.
    report_delay_seconds: float = MOST_DELAY_SECONDS
    clock: Callable[[], float] = time.monotonic
    tells: bool = True  # False: nobody outside is told anything


class Service:
    """One worker's parts. `start` before the first request, `close` after the last."""

    draining = False

    def __init__(
        self, *, catalogue: Catalogue, keys: Keys, database_url: str, options: Options
    ) -> None:
        self.catalogue, self.keys = catalogue, keys
        self.tokens = Tokens(keys)
        self._completion_tokens = CompletionTokens(keys)
        self.pages = Pages(catalogue)
        self.scripts = Bundle(options.widget_files or widget_directory() / "dist")
        self.offers = Offers(catalogue, options.base_url)
        self.limits = TokenLimits(
            address_per_minute=options.address_limit_per_minute,
            touchpoint_per_minute=options.touchpoint_limit_per_minute,
            clock=options.clock,
        )
        self.options, self.database_url = options, database_url
        self.versions = AskedVersions(catalogue, self.database, options.clock)
        self.writer = Writer(
            self._connect, largest_batch=options.largest_batch, queue_rows=options.queue_rows
        )
        self.intake = Intake(
            catalogue=catalogue,
            tokens=self.tokens,
            completion_tokens=self._completion_tokens,
            writer=self.writer,
            find=self._find,
            asked=self.versions.find,
            content_key=keys.content,
        )
        self.completing = self._completing()
        self.minter = self._minter()
        self.kiosks = self._reception(Codes(keys.content))
        self.taking = Taking(catalogue, keys)
        self.telling = Telling(catalogue=catalogue, taking=self.taking, minting_key=keys.minting)
        self.connectors = Connectors(catalogue.municipalities, self.taking, keys)
        self.opting_out = OptingOut(catalogue, keys, self.database, options.clock)
        self.callbacks = Asking(keys, self.database, options.clock, options.workers)
        self.tasks = TaskWatch(self.database, of_work=options.tells)
        self.outbox = OutboxWatch(self.database, sends=options.tells)
        self._lookups: asyncpg.Pool | None = None
        self._room_for_integrators = FairRoom(INTEGRATORS_AT_ONCE)
        self._cors = cors_lines(
            origin for each in catalogue.touchpoints.values() for origin in each.allowed_origins
        )
        self.reports = self._permitting()

    def _completing(self) -> Completing:
        return Completing(
            catalogue=self.catalogue,
            tokens=self._completion_tokens,
            database=self.database,
            asked=self.versions.find,
            content_key=self.keys.content,
        )

    def _minter(self) -> Minter:
        return Minter(
            catalogue=self.catalogue,
            tokens=self.tokens,
            minting_key=self.keys.minting,
            accounts_key=self.keys.accounts,
            base_url=self.options.base_url,
        )

    def _permitting(self) -> Permitting:
        options, everybody = self.options, self.catalogue.municipalities.values()
        limits = ReportLimits(options.address_limit_per_minute, options.clock)
        return Permitting(
            everybody, derived_keys(self.keys), self.database, limits, options.report_delay_seconds
        )

    def _reception(self, codes: Codes) -> Reception:
        return Reception(
            catalogue=self.catalogue,
            offers=self.offers,
            codes=codes,
            database=self.database,
            asks=lambda *version_key: self.versions.known.ever(*version_key),
            look_again=self.versions.look_again,
        )

    async def start(self) -> None:
        """Connect to the database, or keep trying while it is away."""
        self._lookups = await asyncpg.create_pool(
            self.database_url,
            connect=connect,
            min_size=0,
            max_size=LOOKUPS,
            timeout=_CONNECT_SECONDS,
            command_timeout=self.options.commit_seconds,
            init=lambda connection: connection.execute(HEAR_WARNINGS),
            reset=_leave_as_it_is,
            server_settings={"application_name": "meetpunt lookups"},
        )
        await self.writer.start()

    async def close(self) -> None:
        """Store what waits, close every connection, and log the last security events."""
        await self.writer.close()
        await self.reports.close()
        if self._lookups is not None:
            self._lookups.terminate()
        security.close()

    def drain(self) -> None:
        """Say in /readyz that this worker is about to stop; it still answers every request."""
        self.draining = True

    @property
    def lookups(self) -> asyncpg.Pool:
        """Connections for everything but storing responses."""
        if self._lookups is None:
            raise RuntimeError("the service has not started")
        return self._lookups

    def use_keys(self, keys: Keys) -> None:
        """Take over signing keys that were read again. The other secrets stay as they were."""
        self.tokens.use(keys)
        self._completion_tokens.use(keys)

    def issue(
        self, touchpoint: Touchpoint, purpose: str, now: datetime, id: bytes | None = None
    ) -> str:
        """A fresh token for a page or a widget that somebody just opened, with a random `id`."""
        metrics.tokens_issued.labels(purpose=purpose).inc()
        return self.tokens.issue(
            purpose=purpose,
            touchpoint=touchpoint.number,
            expires_at=now + LIFETIMES[purpose],
            now=now,
            id=id,
        )

    def cors(self, origin: bytes) -> type_of_header_lines:
        """CORS header lines for a script on this origin; only `Vary` if no touchpoint lists it."""
        return for_origin(self._cors, origin)

    async def end_message(self, receipt: Receipt) -> None:
        """A provider tells how a message ended. Raises `WriterUnavailable`."""
        municipality = self.catalogue.municipality(receipt.municipality)
        whose = (receipt.municipality, receipt.sender)
        async with self.database_for_integrators(whose) as db:
            now = datetime.now(UTC)
            ended = await apply_receipt(db, receipt, municipality=municipality.code, now=now)
        if ended:
            kind = municipality.senders[receipt.sender].kind
            metrics.invitation_receipts.labels(sender=kind, state=receipt.state).inc()

    async def _connect(self) -> asyncpg.Connection:
        connection = await connect(
            self.database_url,
            timeout=_CONNECT_SECONDS,
            command_timeout=self.options.commit_seconds,
            server_settings={"application_name": "meetpunt writer"},
        )
        try:
            # Other connections may still be to a server that has failed.
            await self.lookups.expire_connections()
            # Read with each connection: this worker may have started while the database was away.
            self.versions.known = Versions(await versions_asked(connection))
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _find(self, municipality: str, response_id: UUID) -> KnownResponse | None:
        async with self.database() as db, acknowledged(db) as wait_for_replicas:
            known = await find_response(db, municipality, response_id)
            if known is not None:
                await wait_for_replicas()
            return known

    @asynccontextmanager
    async def database(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection for a moment. Raises `WriterUnavailable` when the database is away."""
        if not self.writer.connected:
            # It is known to be away, so there is no need to wait for that.
            raise WriterUnavailable(self.writer.why_not or "database-away")
        try:
            async with self.lookups.acquire(timeout=_LEND_SECONDS) as db:
                with self._doubting():
                    yield db
        except (OSError, TimeoutError, *_STORES_NOTHING, *_REFUSED, *AWAY):
            raise WriterUnavailable(self.writer.why_not or "database-away") from None

    @asynccontextmanager
    async def database_for_integrators(self, whose: Hashable) -> AsyncIterator[asyncpg.Connection]:
        """As `database`, but integrators together hold only a few, to leave some for residents.

        Of these each has one: `whose` is what it shows or is called. Raises `WriterUnavailable`
        after waiting too long for it.
        """
        async with AsyncExitStack() as held:
            try:
                place = self._room_for_integrators.place(whose, seconds=_LEND_SECONDS)
                await held.enter_async_context(place)
            except TimeoutError:
                raise WriterUnavailable("try-again", retry_after_seconds=1) from None
            yield await held.enter_async_context(self.database())

    @contextmanager
    def _doubting(self) -> Iterator[None]:
        """Let the writer doubt its connection when a commit fails here, until one succeeds."""
        try:
            yield
        except (OSError, TimeoutError, *_STORES_NOTHING) as broken:
            self.writer.doubt(broken)
            raise


_CONNECT_SECONDS = 2.0
# Recognising something that was stored before commits a mark, so many at once have to wait.
_LEND_SECONDS = 2.0
# When one commit fails like this, every other one would too.
_STORES_NOTHING = (asyncpg.DiskFullError, asyncpg.ReadOnlySQLTransactionError)
_REFUSED = (asyncpg.InvalidAuthorizationSpecificationError,)  # a password that was changed


async def _leave_as_it_is(_connection: asyncpg.Connection) -> None:
    """Lookups set nothing on a connection, so there is nothing to reset: it saves a round trip."""
