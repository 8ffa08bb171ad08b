"""`meetpunt apikeys`: keys with which a municipality's systems ask for links."""

import json
import secrets
from typing import Any

import asyncpg
import click

from ingest.audit import Action, Entry, audited
from ingest.clock import today_here
from ingest.commands.acting import as_owner
from ingest.commands.environment import (
    fail,
    municipality_code,
    note_revocation,
    read_keys,
    read_settings,
)
from ingest.invitations.minting import RIGHTS, api_key_digest


@click.group()
def apikeys() -> None:
    """Keys with which a municipality's systems ask for links, or follow up signals.

    \b
    Make one:  meetpunt apikeys new molensloot --name "zaaksysteem"
    Signals:   meetpunt apikeys new molensloot --name "opvolglijst" --may signals
    Revoke:    meetpunt apikeys revoke molensloot --name "zaaksysteem"
    """


@apikeys.command("new")
@click.argument("municipality")
@click.option("--name", required=True, help="What uses the key, for your own list.")
@click.option(
    "--may",
    type=click.Choice(RIGHTS),
    multiple=True,
    default=("links",),
    show_default=True,
    help="What it is for: links and operational figures, or signals; give both for both.",
)
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def new(municipality: str, name: str, may: tuple[str, ...], as_json: bool) -> None:
    """Make a key and show it once; only its digest is stored."""
    settings = read_settings()
    code = municipality_code(settings, municipality)
    api_key = "mp_" + secrets.token_urlsafe(32)
    digest = api_key_digest(read_keys(settings).accounts, api_key)

    async def store(owner: asyncpg.Connection) -> None:
        told = "" if may == ("links",) else f" for {', '.join(sorted(set(may)))}"
        entry = Entry(action=Action.NEW_API_KEY, object=f"{municipality}/{name}{told}")
        async with audited(owner, entry):
            try:
                await owner.execute(
                    """/* new_api_key */
                    insert into meetpunt.api_key (municipality, digest, name, created_on, may)
                    values ($1, $2, $3, $4, $5)""",
                    code,
                    digest,
                    name,
                    today_here(),
                    sorted(set(may)),
                )
            except asyncpg.UniqueViolationError:
                fail(f"{municipality} has a key named '{name}' already; choose another name.")

    as_owner(settings, store)
    if as_json:
        click.echo(json.dumps({"municipality": municipality, "name": name, "apiKey": api_key}))
    else:
        click.echo(api_key)
        click.echo("Keep it now: it is shown once.", err=True)


@apikeys.command("list")
@click.argument("municipality")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def list_keys(municipality: str, as_json: bool) -> None:
    """Show the names of a municipality's keys."""
    settings = read_settings()
    code = municipality_code(settings, municipality)

    async def fetch(owner: asyncpg.Connection) -> list[dict[str, Any]]:
        rows = await owner.fetch(
            """/* list_api_keys */
            select name, created_on::text as created, revoked_on::text as revoked, may
            from meetpunt.api_key where municipality = $1 order by created_on, name""",
            code,
        )
        return [dict(row) for row in rows]

    rows = as_owner(settings, fetch)
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        ended = f"  revoked {row['revoked']}" if row["revoked"] else ""
        rights = ", ".join(row["may"])
        click.echo(f"{row['name']}  for {rights}  made {row['created']}{ended}")


@apikeys.command("revoke")
@click.argument("municipality")
@click.option("--name", required=True, help="The name that the key was made with.")
def revoke(municipality: str, name: str) -> None:
    """Refuse a key from now on."""
    settings = read_settings()
    code = municipality_code(settings, municipality)

    async def update(owner: asyncpg.Connection) -> None:
        entry = Entry(action=Action.REVOKE_API_KEY, object=f"{municipality}/{name}")
        async with audited(owner, entry):
            done = await owner.execute(
                """/* revoke_api_key */
                update meetpunt.api_key set revoked_on = $3
                where municipality = $1 and name = $2 and revoked_on is null""",
                code,
                name,
                today_here(),
            )
            if done == "UPDATE 0":
                fail(f"{municipality} has no key named '{name}' that is in use.")

    as_owner(settings, update)
    note_revocation(settings, "apikey", f"{municipality}/{name}")
    click.echo(f"Revoked '{name}' of {municipality}.")
