"""`meetpunt db`: who may read what, and what there is to read."""

import json
import re
import secrets
import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import asyncpg
import click
import msgspec

from ingest.audit import Action, Entry, audited, tried
from ingest.clock import AMSTERDAM, today_here
from ingest.commands.acting import as_owner
from ingest.commands.environment import (
    embedded_postgres,
    fail,
    note_revocation,
    read_catalogue,
    read_settings,
)
from ingest.commands.lines import reader_line
from ingest.database.once import ONCE
from ingest.database.readers import (
    SERVICE_ROLES,
    Reader,
    RoleRefused,
    WorldUnknown,
    grant_reader,
    list_readers,
    revoke_reader,
    set_password,
)
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.schemas import bi_schema, slug_of
from ingest.reporting.dictionary import Contract, contract_text, dictionary_page, read_contract
from ingest.settings import Settings

_ROLE = re.compile(r"[a-z][a-z0-9_]{0,62}")


@click.group()
def db() -> None:
    """Readers of the database: Power BI, Grafana, Metabase, psql.

    \b
    Views:   meetpunt db dictionary > bi.md
    Grant:   meetpunt db grant molensloot --role lezer_molensloot --until 2027-07-01
    Revoke:  meetpunt db revoke molensloot --role lezer_molensloot
    Who may: meetpunt db list
    Once:    meetpunt db once | psql -v ON_ERROR_STOP=1 "$SUPERUSER_URL"

    Works as the owner of the database: MEETPUNT_OWNER_URL, or Meetpunt's own Postgres where
    neither that nor MEETPUNT_DATABASE_URL is set. Municipalities and groups are those of
    MEETPUNT_CONFIG.
    """


@db.command("grant")
@click.argument("municipality")
@click.option("--role", required=True, help="Name of the database role; made when it is not there.")
@click.option("--free-text", is_flag=True, help="May read what residents wrote, too.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The first day it may not.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def grant(
    municipality: str, role: str, free_text: bool, until: datetime | None, as_json: bool
) -> None:
    """Let a role read what is published of a municipality or group, in a schema of its own.

    Shows a new role's password once. The views stand under their bare names: select * from stand.
    Granted again, a role reads what texts is said now; its end stays where no other is given.
    """
    settings = read_settings()
    catalogue = _require_world(settings, municipality)
    password = secrets.token_urlsafe(18)
    last = until.date() if until else None
    what = f"{role} reads {municipality} {'with' if free_text else 'without'} free text"
    entry = Entry(action=Action.GRANT_READER, object=what + (f" until {last}" if last else ""))

    async def work(owner: asyncpg.Connection) -> tuple[bool, list[Reader], list[Reader]]:
        before = await list_readers(owner)
        try:
            async with tried(owner, entry) as noting:
                _require_role_name(role)
                _require_day_to_come(last)
                made = await grant_reader(
                    owner,
                    municipality,
                    role,
                    password,
                    free_text=free_text,
                    until=last,
                    noting=noting,
                )
        except RoleRefused as refused:
            fail(refused)
        except WorldUnknown:
            fail(f"the database does not know {municipality} yet: run 'meetpunt migrate' first.")
        return made, before, await list_readers(owner)

    made, before, after = as_owner(settings, work)
    note_revocation(settings, "reader", f"{municipality}/{role}", again=True)
    # A role that may not log in is in no list.
    nobody = Reader(role=role, schema=bi_schema(municipality), free_text=free_text, until=None)
    now = _of(after, municipality, role) or nobody
    _tell_reader(settings, municipality, now, password if made else None, as_json)
    _tell_changes(_of(before, municipality, role), now, given_end=last is not None)
    for region in _read_beside_each_other(catalogue, role, after):
        click.echo(
            f"Note: {role} reads several municipalities of region '{region}', each by itself. Of "
            "what is hidden of the others it can work out more than each can; a group hides that.",
            err=True,
        )


def _of(readers: Sequence[Reader], municipality: str, role: str) -> Reader | None:
    wanted = (role, bi_schema(municipality))
    return next((each for each in readers if (each.role, each.schema) == wanted), None)


def _tell_changes(before: Reader | None, now: Reader, *, given_end: bool) -> None:
    """What a second grant took, and the end that it left as it was."""
    if before is not None and before.free_text and not now.free_text:
        click.echo(f"{now.role} read what residents wrote before, and no longer does.", err=True)
    if now.until is not None and not given_end:
        over = " Nobody can connect." if now.until <= datetime.now(UTC) else ""
        click.echo(
            f"{now.role} keeps the end that it had.{over} Another: --until; none: as the owner,"
            f" alter role {now.role} valid until 'infinity'.",
            err=True,
        )


def _read_beside_each_other(
    catalogue: Catalogue, role: str, readers: Sequence[Reader]
) -> Iterator[str]:
    """Regions that a role sees as several of their municipalities do, each by itself."""
    worlds: dict[str, list[set[str]]] = {}
    for slug in (slug_of(reader.schema) for reader in readers if reader.role == role):
        by_region: dict[str, set[str]] = {}
        for member in catalogue.groups[slug].members if slug in catalogue.groups else (slug,):
            if member in catalogue.municipalities:
                region = catalogue.municipalities[member].region
                by_region.setdefault(region, set()).add(member)
        for region, members in by_region.items():
            worlds.setdefault(region, []).append(members)
    for region, seen in sorted(worlds.items()):
        if len(seen) > 1 and len(set().union(*seen)) > 1:
            yield region


def _tell_reader(
    settings: Settings, municipality: str, reader: Reader, password: str | None, as_json: bool
) -> None:
    """Say who may read what; with the password of a role that was made."""
    role = reader.role
    line = None
    if password is not None and settings.owner_url:
        line = reader_line(settings.owner_url, role, password)
    elif password is not None:
        line = embedded_postgres(settings).reader_line(role, password)
    if as_json:
        shown = {
            "role": role,
            "municipality": municipality,
            "password": password,
            "url": line,
            "free_text": reader.free_text,
            "until": reader.until and _day(reader.until),
        }
        click.echo(json.dumps(shown))
        return
    click.echo(f"{role} may read the rows of {municipality}, {_right(reader)}.")
    if password is not None and line is not None:
        click.echo(f"Its password, shown once: {password}")
        click.echo(f"Connect with: {shlex.quote(line)}")


@db.command("revoke")
@click.argument("municipality")
@click.option("--role", required=True)
def revoke(municipality: str, role: str) -> None:
    """Take a role's right to read a municipality or group away; the role itself stays."""
    settings = read_settings()
    _require_world(settings, municipality)

    entry = Entry(action=Action.REVOKE_READER, object=f"{role} reads {municipality}")

    async def work(owner: asyncpg.Connection) -> None:
        async with tried(owner, entry) as noting:
            if not await revoke_reader(owner, municipality, role, noting=noting):
                fail(f"{role} had no right to read the rows of {municipality}.")

    as_owner(settings, work)
    note_revocation(settings, "reader", f"{municipality}/{role}")
    click.echo(f"{role} may no longer read the rows of {municipality}.")


@db.command("list")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def list_(as_json: bool) -> None:
    """Show who reads what, with or without free text, and until when."""
    readers = as_owner(read_settings(), list_readers)
    if as_json:
        click.echo(msgspec.json.encode(readers).decode())
        return
    for reader in readers:
        click.echo(f"{reader.role}  {reader.schema}  {_right(reader, '  ')}")


def _right(reader: Reader, between: str = ", ") -> str:
    texts = "with free text" if reader.free_text else "without free text"
    until = f"until {_day(reader.until)}" if reader.until else "without an end"
    return f"{texts}{between}{until}"


def _day(moment: datetime) -> str:
    """As it was granted: the first day, in Amsterdam, on which the role may not."""
    return f"{moment.astimezone(AMSTERDAM):%Y-%m-%d}"


@db.command("password")
@click.argument("role")
def password(role: str) -> None:
    """Give a role of the service or a reader a new password; shows it once.

    \b
    meetpunt db password meetpunt_ingest    for MEETPUNT_DATABASE_URL
    """
    _require_role_name(role)
    settings = read_settings()
    if role in SERVICE_ROLES and not (settings.owner_url or settings.database_url):
        fail(f"Meetpunt's own Postgres keeps the password of {role} itself.")
    new = secrets.token_urlsafe(18)

    async def work(owner: asyncpg.Connection) -> None:
        try:
            async with audited(owner, Entry(action=Action.SET_PASSWORD, object=role)):
                await set_password(owner, role, new)
        except (RoleRefused, asyncpg.UndefinedObjectError) as refused:
            fail(refused)

    as_owner(settings, work)
    click.echo(new)


@db.command("once")
def once() -> None:
    """Show what a superuser runs once per database, after 'meetpunt migrate'.

    Without it a reader can learn how many rows others have and when one comes in, and nothing of
    what is in them. Meetpunt's own Postgres runs it itself.
    """
    click.echo(ONCE.read_text("utf-8"), nl=False)


@db.command("dictionary")
@click.option("--json", "as_json", is_flag=True, help="Views, columns and types, for scripts.")
def dictionary(as_json: bool) -> None:
    """Show every view that readers have, with its columns, as a page in Markdown (in Dutch)."""

    async def work(owner: asyncpg.Connection) -> Contract:
        return await read_contract(owner)

    try:
        contract = as_owner(read_settings(), work)
    except LookupError:
        fail("this database has no reader's schema yet: run 'meetpunt migrate' first.")
    click.echo(contract_text(contract) if as_json else dictionary_page(contract), nl=False)


def _require_world(settings: Settings, slug: str) -> Catalogue:
    catalogue = read_catalogue(settings)
    if slug not in catalogue.municipalities and slug not in catalogue.groups:
        fail(f"there is no municipality or group '{slug}'.")
    return catalogue


def _require_day_to_come(last: date | None) -> None:
    if last is not None and last <= today_here():
        fail(f"--until is the first day that the role may not: {last} is no day to come.")


def _require_role_name(role: str) -> None:
    if not _ROLE.fullmatch(role):
        fail("a role's name has small letters, digits and underscores, and begins with a letter.")
