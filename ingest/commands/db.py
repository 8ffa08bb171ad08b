"""`meetpunt db`: who may read what, and what there is to read."""

import json
import re
import secrets

import asyncpg
import click

from ingest.commands.surroundings import (
    as_owner,
    embedded_postgres,
    fail,
    municipality_code,
    read_settings,
    reader_line,
)
from ingest.dictionary import Contract, contract_text, dictionary_page, read_contract
from ingest.database.readers import SERVICE_ROLES, RoleRefused, grant_reader, revoke_reader, set_password

_ROLE = re.compile(r"[a-z][a-z0-9_]{0,62}")


@click.group()
def db() -> None:
    """Readers of the database: Power BI, Grafana, Metabase, psql.

    \b
    Views:   meetpunt db dictionary > bi.md
    Grant:   meetpunt db grant molensloot --role lezer_molensloot
    Revoke:  meetpunt db revoke molensloot --role lezer_molensloot

    Works as the owner of the database: MEETPUNT_OWNER_URL, or Meetpunt's own Postgres where
    neither that nor MEETPUNT_DATABASE_URL is set. The municipality is one of MEETPUNT_CONFIG.
    """


@db.command("grant")
@click.argument("municipality")
@click.option("--role", required=True, help="Name of the database role; made when it is not there.")
@click.option("--free-text", is_flag=True, help="May read what residents wrote, too.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def grant(municipality: str, role: str, free_text: bool, as_json: bool) -> None:
    """Let a role read a municipality's own rows in schema bi; shows a new role's password once."""
    settings = read_settings()
    code = municipality_code(settings, municipality)
    _require_role_name(role)
    password = secrets.token_urlsafe(18)

    async def work(owner: asyncpg.Connection) -> bool:
        try:
            return await grant_reader(owner, code, role, password, free_text=free_text)
        except RoleRefused as refused:
            fail(refused)

    made = as_owner(settings, work)
    if settings.owner_url:
        line = reader_line(settings.owner_url, role, password)
    else:
        line = embedded_postgres(settings).reader_line(role, password)
    if as_json:
        told = {"role": role, "municipality": municipality, "password": None, "url": None}
        click.echo(json.dumps(told | ({"password": password, "url": line} if made else {})))
        return
    click.echo(f"{role} may read the rows of {municipality}.")
    if made:
        click.echo(f"Its password, shown once: {password}")
        click.echo(f"Connect with: {line}")


@db.command("revoke")
@click.argument("municipality")
@click.option("--role", required=True)
def revoke(municipality: str, role: str) -> None:
    """Take a role's right to read a municipality's rows away; the role itself stays."""
    settings = read_settings()
    code = municipality_code(settings, municipality)

    async def work(owner: asyncpg.Connection) -> bool:
        return await revoke_reader(owner, code, role)

    if not as_owner(settings, work):
        fail(f"{role} had no right to read the rows of {municipality}.")
    click.echo(f"{role} may no longer read the rows of {municipality}.")


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
            await set_password(owner, role, new)
        except (RoleRefused, asyncpg.UndefinedObjectError) as refused:
            fail(refused)

    as_owner(settings, work)
    click.echo(new)


@db.command("dictionary")
@click.option("--json", "as_json", is_flag=True, help="Views, columns and types, for scripts.")
def dictionary(as_json: bool) -> None:
    """Show every view of schema bi with its columns, as a page in Markdown (in Dutch)."""

    async def work(owner: asyncpg.Connection) -> Contract:
        return await read_contract(owner)

    try:
        contract = as_owner(read_settings(), work)
    except LookupError:
        fail("this database has no schema bi yet: run 'meetpunt migrate' first.")
    click.echo(contract_text(contract) if as_json else dictionary_page(contract), nl=False)


def _require_role_name(role: str) -> None:
    if not _ROLE.fullmatch(role):
        fail("a role's name has small letters, digits and underscores, and begins with a letter.")
