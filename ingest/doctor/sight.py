"""What the doctor sees with: the settings, and a connection for each role that is set."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import asyncpg
import msgspec

from ingest.database.connecting import connect
from ingest.database.connection_errors import NOT_CONNECTED, why_not
from ingest.doctor.findings import Finding, unseen, wrong
from ingest.files.findings import FilesRejected
from ingest.municipalities.catalogue import Catalogue
from ingest.settings import Settings

INGEST, FOLDER, OWNER = "meetpunt_ingest", "meetpunt_folder", "meetpunt_owner"
WORK = "meetpunt_work"
_SECONDS = 10.0


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to look at and with; a connection is None where there is none for that role.

    `urls` are by the role that each setting is for; `own` whether the database is our own Postgres.
    `catalogue` is None where the files hold errors, which are `rejected`.
    """

    settings: Settings
    catalogue: Catalogue | None
    rejected: FilesRejected | None = None
    own: bool
    urls: Mapping[str, str]
    ingest: asyncpg.Connection | None = None
    folder: asyncpg.Connection | None = None
    work: asyncpg.Connection | None = None
    owner: asyncpg.Connection | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __repr__(self) -> str:
        return f"Sight(roles={list(self.urls)!r})"  # a URL holds a password

    @property
    def any(self) -> asyncpg.Connection | None:
        """One that sees what every role of the service sees."""
        return self.ingest or self.folder or self.work or self.owner

    @property
    def widest(self) -> asyncpg.Connection | None:
        """One that sees of the server what the owner may, or else as much as there is."""
        return self.owner or self.any


@asynccontextmanager
async def opened(sight: Sight) -> AsyncIterator[tuple[Sight, list[Finding]]]:
    """The same with connections, and a finding for each that could not be made."""
    unreachable: list[Finding] = []
    made: dict[str, asyncpg.Connection] = {}
    async with AsyncExitStack() as closing:
        tried = await asyncio.gather(*map(_connected, sight.urls.values()), return_exceptions=True)
        for (role, url), db in zip(sight.urls.items(), tried, strict=True):
            if isinstance(db, NOT_CONNECTED):
                unreachable.append(wrong(f"As {role}: {why_not(url, db)}"))
            elif isinstance(db, BaseException):
                raise db
            else:
                closing.push_async_callback(db.close)
                made[role] = db
        yield (
            msgspec.structs.replace(
                sight,
                ingest=made.get(INGEST),
                folder=made.get(FOLDER),
                work=made.get(WORK),
                owner=made.get(OWNER),
            ),
            unreachable,
        )


async def _connected(url: str) -> asyncpg.Connection:
    return await connect(
        url,
        timeout=_SECONDS,
        command_timeout=_SECONDS,
        server_settings={"application_name": "meetpunt doctor"},
    )


def needs(role: str) -> list[Finding]:
    """Told where only this role sees something, and there is no connection as it."""
    return [unseen(f"Only {role} sees this, and there is no connection as that role.")]
