"""The second half of `meetpunt setup`: what was looked at is written, and a Postgres made ready."""

import asyncio
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from ingest.audit import Action, Entry, audited
from ingest.commands.environment import connection, fail
from ingest.commands.migrate import migrate_and_mirror
from ingest.database.connection_errors import NOT_CONNECTED, why_not
from ingest.database.once import run_once
from ingest.database.readers import set_password
from ingest.installing import machine
from ingest.installing.files import (
    ANSWERS,
    BACKUP_KEY,
    DATA,
    MUNICIPALITIES,
    OWNER_SETTINGS,
    SETTINGS,
    UNFINISHED,
    UNITS,
    File,
    Kind,
    gone_of,
    is_ours,
    settings_of,
)
from ingest.installing.roles import (
    DATABASE,
    OF_SETTINGS,
    OWNER,
    ServerUnfit,
    as_superuser,
    chosen_passwords,
    make_owner,
    require_fit,
    url_of,
    urls_of,
)
from ingest.installing.settings_file import read
from ingest.installing.wanted import (
    ACCOUNT,
    LOCAL,
    SETTINGS_FOLDER,
    STATE_FOLDER,
    Proxy,
    Wanted,
    as_answers,
    backs_up_as,
)
from ingest.installing.writing import make_folder, under, write_all
from ingest.municipalities.catalogue import Catalogue


class Unfinished(msgspec.Struct, frozen=True, kw_only=True):
    """What a setup that is cut off is finished with: its answers, and what is made up once.

    That is passwords of roles, and the key that encrypts backups.
    """

    answers: str
    passwords: dict[str, str]
    backup_key: str


class Superuser(msgspec.Struct, frozen=True, kw_only=True):
    """Who makes roles in a Postgres of one's own; `password` None: the surroundings have it."""

    url: str
    password: str | None = None


def looked_at_server(wanted: Wanted, root: Path) -> Superuser | None:
    """Who may make roles there, or the end of the command where this Postgres will not do."""
    if wanted.postgres is None:
        return None
    asks = wanted.postgres != LOCAL and sys.stdin.isatty() and "PGPASSWORD" not in os.environ
    password = click.prompt("Password of that superuser", hide_input=True) if asks else None
    superuser = Superuser(url=wanted.postgres, password=password)
    known = any(under(root, each).exists() for each in (OWNER_SETTINGS, UNFINISHED))

    async def look() -> None:
        async with as_superuser(superuser.url, superuser.password) as db:
            await require_fit(db, known=known)

    with _told(superuser):
        asyncio.run(look())
    return superuser


@contextmanager
def _told(superuser: Superuser) -> Iterator[None]:
    """Ends the command in a sentence where a Postgres will not do, or is not there."""
    try:
        yield
    except ServerUnfit as unfit:
        fail(unfit)
    except NOT_CONNECTED as failure:
        fail(why_not(superuser.url, failure))


def write(
    wanted: Wanted,
    files: list[File],
    root: Path,
    catalogue: Catalogue,
    *,
    superuser: Superuser | None,
    program: Path,
    here: bool,
) -> None:
    """Write every file, or none, and make the Postgres ready; `here`: this very machine."""
    now = datetime.now(UTC)
    ids = machine.ids if here else None
    keeps = backs_up_as(wanted)
    try:
        if here:
            machine.make_account()
        for path, mode, owner in (
            (SETTINGS_FOLDER, 0o755, "root"),
            (MUNICIPALITIES, 0o755, "root"),
            (STATE_FOLDER, 0o750, ACCOUNT),
            *([(wanted.backup, 0o700, keeps)] if wanted.backup and keeps else []),
        ):
            make_folder(path, root, mode=mode, owner=owner, group=owner, ids=ids)
        made = _begun(root, wanted)
        kept = msgspec.json.encode(made).decode()
        write_all([File(path=UNFINISHED, text=kept, mode=0o600)], root, ids=ids, kept="")
        urls = _roles(superuser, made.passwords, catalogue) if superuser else {}
        every = [*files, *secret_files(wanted, made), settings_of(wanted, urls)]
        every.append(answers_file(made.answers))
        write_all(every, root, ids=ids, kept=f".before-{now:%Y%m%dT%H%M%SZ}")
        _link(wanted, root)
        _take_away(wanted, root, here=here)
        if here and wanted.postgres and not (DATA / "keys.json").exists():
            machine.as_account((str(program), "keys", "new"), read(SETTINGS.read_text("utf-8")))
        under(root, UNFINISHED).unlink()
    except (OSError, machine.MachineRefused) as refused:
        fail(f"setup did not get further: {refused}\nMend that and run it again.")


def unfinished_before(root: Path) -> Unfinished | None:
    """What a setup that was cut off left, where one was. Raises msgspec.DecodeError."""
    place = under(root, UNFINISHED)
    return msgspec.json.decode(place.read_bytes(), type=Unfinished) if place.exists() else None


def _begun(root: Path, wanted: Wanted) -> Unfinished:
    """With the secrets of a setup that was cut off, those that are in use, or new ones."""
    answers = as_answers(wanted)
    if before := unfinished_before(root):
        return msgspec.structs.replace(before, answers=answers)
    known: dict[str, str] = {}
    for file, roles in ((OWNER_SETTINGS, {"MEETPUNT_OWNER_URL": OWNER}), (SETTINGS, OF_SETTINGS)):
        place = under(root, file)
        values = read(place.read_text("utf-8")) if place.exists() else {}
        known |= {roles[name]: _password_in(values[name]) for name in roles if name in values}
    return Unfinished(
        answers=answers, passwords=chosen_passwords() | known, backup_key=secrets.token_hex(32)
    )


def _password_in(url: str) -> str:
    return url.partition("://")[2].partition("@")[0].partition(":")[2]


def answers_file(answers: str = "") -> File:
    """What was answered, for the next time; without `answers` only as which file."""
    return File(path=ANSWERS, text=answers, mode=0o600)


def secret_files(wanted: Wanted, made: Unfinished | None = None) -> list[File]:
    """What only root or the service reads; while nothing is `made` up, without what is secret."""
    made = made or Unfinished(answers="", passwords={OWNER: "..."}, backup_key="")
    files = []
    if wanted.postgres:
        owner = url_of(OWNER, made.passwords[OWNER], wanted.postgres)
        text = "# As the owner of the database: only commands of root read this.\n"
        values = {"MEETPUNT_OWNER_URL": owner}
        files.append(
            File(path=OWNER_SETTINGS, text=text, kind=Kind.SETTINGS, mode=0o600, values=values)
        )
    elif wanted.backup and wanted.encrypted:
        key = f"{made.backup_key}\n"
        files.append(
            File(path=BACKUP_KEY, text=key, kind=Kind.ONCE, mode=0o600,
                 owner=ACCOUNT, group=ACCOUNT)
        )  # fmt: skip
    return files


def _roles(
    superuser: Superuser, passwords: Mapping[str, str], catalogue: Catalogue
) -> dict[str, str]:
    """Make owner, database and roles where they are not there; returns the service's settings."""
    owner_url = url_of(OWNER, passwords[OWNER], superuser.url)

    async def make() -> None:
        async with as_superuser(superuser.url, superuser.password) as db:
            await make_owner(db, passwords[OWNER])
        await migrate_and_mirror(owner_url, catalogue)
        async with connection(owner_url) as owner:
            for role in OF_SETTINGS.values():
                async with audited(owner, Entry(action=Action.SET_PASSWORD, object=role)):
                    await set_password(owner, role, passwords[role])
        async with as_superuser(superuser.url, superuser.password, database=DATABASE) as db:
            await run_once(db)

    with _told(superuser):
        asyncio.run(make())
    return urls_of(passwords, superuser.url)


def _take_away(wanted: Wanted, root: Path, *, here: bool) -> None:
    """Units of an earlier answer would go on making backups of what is no more."""
    for name in gone_of(wanted):
        place = under(root, UNITS / name)
        if place.exists() and is_ours(place.read_text("utf-8")):
            if here and machine.is_booted():
                machine.stop(name)
            place.unlink()


def _link(wanted: Wanted, root: Path) -> None:
    """Debian's nginx serves what is linked."""
    link = under(root, Path("/etc/nginx/sites-enabled/meetpunt"))
    if wanted.proxy is Proxy.NGINX and not os.path.lexists(link):
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to("/etc/nginx/sites-available/meetpunt")
