"""What commands find around them: settings, files, keys, and a connection as the owner."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import NoReturn

import asyncpg
import click

from ingest.audit import harmless
from ingest.backup import revocations
from ingest.commands.patience import connected_at_last
from ingest.database.acknowledged import NotReplicated
from ingest.database.connecting import connect
from ingest.database.connection_errors import NOT_CONNECTED, why_not
from ingest.database.service_role import RoleUnfit, require_service_role
from ingest.files.findings import FilesRejected
from ingest.files.near_misses import did_you_mean
from ingest.files.resources import example_directory, questionnaires_directory
from ingest.installing.handed_over import owner_settings
from ingest.municipalities.catalogue import (
    Catalogue,
    MunicipalityUnknown,
    TouchpointUnknown,
    load_catalogue,
)
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.postgres.server import (
    OWNER,
    DataDirectoryInUse,
    DiskFull,
    EmbeddedPostgres,
    PostgresFailed,
    PostgresMissing,
    PostgresPortTaken,
)
from ingest.settings import Settings, SettingsRejected, settings_from, variable_of
from ingest.tokens.keys import Keys, KeysUnreadable, load_keys

FOLDER = "meetpunt_folder"
WORK = "meetpunt_work"

NAMING = ("owner_url", "folder_url", "work_url")
"""Settings that lead to the database of the service; readers and auditors may have another."""

ONLY_HERE = (
    "the database did not wait for its standby, so what was done may be gone after a failover: "
    "look what is there, and run it again when the standby is back."
)
"""Told in place of what was done, when it may not last."""


def fail(sentence: object) -> NoReturn:
    """End the command with one sentence on standard error and exit code 1.

    It may name what somebody else wrote: nothing of it tells a terminal what to do.
    """
    raise click.ClickException(harmless(str(sentence)))


def read_settings() -> Settings:
    """The settings in the environment, with the owner's where root hands them over.

    Or the end of the command.
    """
    try:
        return settings_from({**os.environ, **owner_settings(os.environ)})
    except SettingsRejected as rejected:
        fail(rejected)
    except OSError as error:
        fail(f"the owner's settings cannot be read as they were handed over: {error}.")


def require_one_database(settings: Settings) -> None:
    """End the command when settings name a database, and our own Postgres would be used beside it.

    An empty MEETPUNT_DATABASE_URL counts as none: answers would land where nobody looks for them.
    """
    if settings.database_url:
        return
    if named := [variable_of(each) for each in NAMING if getattr(settings, each)]:
        fail(
            f"{' and '.join(named)} {'names' if len(named) == 1 else 'name'} a database but "
            "MEETPUNT_DATABASE_URL does not: set "
            f"{'both, or neither' if len(named) == 1 else 'all of them, or none'}."
        )


def read_catalogue(settings: Settings) -> Catalogue:
    """Municipalities and questionnaires, or the end of the command with every error there is."""
    try:
        return catalogue_of(settings)
    except FilesRejected as rejected:
        fail(f"the files hold errors:\n{rejected}")


def catalogue_of(settings: Settings) -> Catalogue:
    """Municipalities and questionnaires. Raises `FilesRejected`."""
    return load_catalogue(
        settings.config or example_directory(),
        settings.questionnaires or questionnaires_directory(),
    )


def keys_file(settings: Settings) -> Path:
    """Where the keys lie: as set, else in the data folder."""
    return settings.keys_file or settings.data / "keys.json"


def read_keys(settings: Settings) -> Keys:
    """The keys, or the end of the command."""
    try:
        return load_keys(keys_file(settings))
    except KeysUnreadable as unreadable:
        fail(unreadable)


def note_revocation(
    settings: Settings, kind: revocations.Kind, name: str, *, again: bool = False
) -> None:
    """Remember outside the database what was revoked, or that it may again; else say why not."""
    path = keys_file(settings)
    try:
        if revocations.note(path, kind, name, again=again) or again:
            return
        why = "there is no such folder here"
    except OSError as refused:
        why = f"{refused.strerror}"
    click.echo(
        f"Not noted beside {path} ({why}): after a restore of the database, revoke it again.",
        err=True,
    )


def embedded_postgres(settings: Settings) -> EmbeddedPostgres:
    """Our own Postgres in the data folder, not started."""
    return EmbeddedPostgres(
        settings.data,
        port=settings.postgres_port,
        announce=lambda sentence: click.echo(sentence, err=True),
    )


def start_postgres(server: EmbeddedPostgres) -> None:
    """Start our own Postgres, or end the command with why not. Raises DataDirectoryInUse."""
    try:
        server.start()
    except (DiskFull, PostgresPortTaken, PostgresFailed, PostgresMissing) as refused:
        fail(refused)


def own_url(server: EmbeddedPostgres, role: str) -> str:
    """Where `role` finds our own Postgres, or the end of the command: its password may be gone."""
    try:
        return server.url(role)
    except PostgresFailed as gone:
        fail(gone)


@contextmanager
def owner_url(settings: Settings, *, makes: bool = False) -> Iterator[str]:
    """The URL to connect with as the owner: as set, or that of our own Postgres.

    Where there is no Postgres of ours yet the command ends, unless it `makes` one.
    """
    needs = f"set MEETPUNT_OWNER_URL: this needs the role {OWNER}."
    with _role_url(settings, settings.owner_url, OWNER, needs, makes) as url:
        yield url


@contextmanager
def auditor_url(settings: Settings) -> Iterator[str]:
    """The URL to read the audit trail with: that of an auditor as set, or the owner's."""
    url = settings.auditor_url or settings.owner_url
    needs = (
        "set MEETPUNT_AUDITOR_URL, as a login that is a member of meetpunt_auditor, or "
        f"MEETPUNT_OWNER_URL, as {OWNER}."
    )
    with _role_url(settings, url, OWNER, needs) as reading:
        yield reading


@contextmanager
def folder_url(settings: Settings) -> Iterator[str]:
    """The URL to connect with as the role that publishes and purges."""
    needs = f"set MEETPUNT_FOLDER_URL: this needs the role {FOLDER}."
    with _role_url(settings, settings.folder_url, FOLDER, needs) as url:
        yield url


@contextmanager
def work_url(settings: Settings) -> Iterator[str]:
    """The URL to connect with as the role that sends invitations."""
    needs = f"set MEETPUNT_WORK_URL: this needs the role {WORK}."
    with _role_url(settings, settings.work_url, WORK, needs) as url:
        yield url


@contextmanager
def _role_url(
    settings: Settings, url: str | None, role: str, needs: str, makes: bool = False
) -> Iterator[str]:
    """Our own Postgres is used as it runs, or started for as long as this lasts.

    `needs` is told where there is a Postgres of one's own, and no URL for this.
    """
    if url:
        yield url
        return
    require_one_database(settings)
    if settings.database_url:
        fail(needs)
    elif not makes and not (settings.data / "postgres").exists():
        # Most likely the wrong folder: one made here would be empty, and in the way.
        fail(
            f"there is no database in {settings.data.resolve()}: name another folder with "
            "MEETPUNT_DATA, or make one with 'meetpunt serve' or 'meetpunt demo'."
        )
    else:
        server = embedded_postgres(settings)
        try:
            start_postgres(server)
        except DataDirectoryInUse:
            yield own_url(server, role)
        else:
            try:
                yield own_url(server, role)
            finally:
                server.stop()


@asynccontextmanager
async def connection(url: str, *, waits: bool = False) -> AsyncIterator[asyncpg.Connection]:
    """One connection, or the end of the command with one sentence.

    `waits`: while the database is away there is no end; see `connected_at_last`.
    """
    try:
        db = await (connected_at_last(url) if waits else connect(url))
    except NOT_CONNECTED as failure:
        fail(why_not(url, failure))
    try:
        yield db
    finally:
        await db.close()


@asynccontextmanager
async def service_connection(url: str, *, waits: bool = False) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the service makes them, with a role that can do that one thing."""
    async with connection(url, waits=waits) as db:
        try:
            await require_service_role(db)
        except RoleUnfit as unfit:
            fail(unfit)
        try:
            yield db
        except NotReplicated:
            fail(ONLY_HERE)


def municipality_code(settings: Settings, slug: str) -> str:
    """The CBS code of a municipality, or the end of the command."""
    return find_municipality(read_catalogue(settings), slug).code


def find_municipality(catalogue: Catalogue, slug: str) -> Municipality:
    """The municipality with this slug, or the end of the command."""
    try:
        return catalogue.municipality(slug)
    except MunicipalityUnknown:
        fail(f"there is no municipality '{slug}'.")


def find_touchpoint(catalogue: Catalogue, path: str) -> Touchpoint:
    """The touchpoint at `municipality/touchpoint`, or the end of the command."""
    municipality, _, slug = path.partition("/")
    try:
        return catalogue.touchpoint(municipality, slug)
    except TouchpointUnknown:
        paths = [each.path for each in catalogue.touchpoints.values()]
        fail(f"there is no touchpoint '{path}'{did_you_mean(path, paths) or '.'}")
