"""A Postgres of one's own made ready: the owner, the database, and passwords for the service."""

import os
import pwd
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, nullcontext
from urllib.parse import quote

import asyncpg

from ingest.database.connecting import connect
from ingest.installing.wanted import LOCAL
from ingest.running.addresses import parts_of
from ingest.running.verifiers import scram_verifier

DATABASE = "meetpunt"
OWNER = "meetpunt_owner"
OF_SETTINGS = {
    "MEETPUNT_DATABASE_URL": "meetpunt_ingest",
    "MEETPUNT_FOLDER_URL": "meetpunt_folder",
    "MEETPUNT_WORK_URL": "meetpunt_work",
}
"""Which setting names which role."""

# Its roles show a password, which Debian asks for over TCP alone.
OVER_THE_LOOP = "postgresql://127.0.0.1:5432/postgres?sslmode=prefer"

_OLDEST = 15


class ServerUnfit(Exception):
    """This Postgres, or who connects to it, will not do; the sentence says why."""


def chosen_passwords() -> dict[str, str]:
    """A password for each role that logs in; none needs quoting anywhere."""
    return {role: secrets.token_urlsafe(24) for role in (OWNER, *OF_SETTINGS.values())}


def url_of(role: str, password: str, superuser: str) -> str:
    """Where `role` finds Meetpunt's database, in the server of that URL."""
    parts = parts_of(OVER_THE_LOOP if superuser == LOCAL else superuser)
    place = parts.netloc.rpartition("@")[2]
    who = f"{role}:{quote(password, safe='')}"
    return parts._replace(netloc=f"{who}@{place}", path=f"/{DATABASE}").geturl()


@asynccontextmanager
async def as_superuser(
    superuser: str, password: str | None, *, database: str | None = None
) -> AsyncIterator[asyncpg.Connection]:
    """A connection as a superuser, to another database of the server where one is named.

    Raises ServerUnfit, and what `ingest.database.connecting.connect` raises.
    """
    url = parts_of(superuser)._replace(path=f"/{database}").geturl() if database else superuser
    with _being("postgres") if superuser == LOCAL else nullcontext():
        # None is what asyncpg takes for "look in PGPASSWORD and ~/.pgpass".
        db = await connect(url, password=password)
    try:
        if db.get_server_version().major < _OLDEST:
            raise ServerUnfit("this Postgres is older than 15.")
        if not await db.fetchval("/* superuser */ select current_setting('is_superuser')::bool"):
            raise ServerUnfit("--postgres connects as a role that is no superuser.")
        yield db
    finally:
        await db.close()


@contextmanager
def _being(account: str) -> Iterator[None]:
    """What connects meanwhile is seen as that account. Raises ServerUnfit where there is none."""
    try:
        number = pwd.getpwnam(account).pw_uid
    except KeyError:
        raise ServerUnfit(
            "there is no Postgres on this machine: apt-get install postgresql."
        ) from None
    ourselves = os.geteuid()
    os.seteuid(number)
    try:
        yield
    finally:
        os.seteuid(ourselves)


async def require_fit(superuser: asyncpg.Connection, *, known: bool) -> None:
    """Raises ServerUnfit where an owner is there whose password is another's.

    `known`: this installation has it.
    """
    if not known and await _has_owner(superuser):
        raise ServerUnfit(
            f"this Postgres has a role {OWNER} already, of another installation. Use another "
            "server, or copy /etc/meetpunt of that installation first."
        )


async def make_owner(superuser: asyncpg.Connection, password: str) -> None:
    """Make the owner and the database where they are not there."""
    if not await _has_owner(superuser):
        # Nothing in it needs quoting.
        kept = scram_verifier(password)
        await superuser.execute(f"create role {OWNER} login createrole password '{kept}'")
    if not await superuser.fetchval(
        "/* database_there */ select exists (select from pg_database where datname = $1)", DATABASE
    ):
        await superuser.execute(f"create database {DATABASE} owner {OWNER}")


async def _has_owner(superuser: asyncpg.Connection) -> bool:
    there: bool = await superuser.fetchval(
        "/* owner_there */ select exists (select from pg_roles where rolname = $1)", OWNER
    )
    return there


def urls_of(passwords: Mapping[str, str], superuser: str) -> dict[str, str]:
    """The settings of the service that name its database, each with its role."""
    return {
        setting: url_of(role, passwords[role], superuser) for setting, role in OF_SETTINGS.items()
    }
