"""`meetpunt links`: one-time links by hand."""

import asyncio
import csv
import json
import secrets
import sys
from datetime import UTC, datetime

import click

from ingest.commands.environment import (
    embedded_postgres,
    fail,
    find_touchpoint,
    owner_url,
    read_catalogue,
    read_keys,
    read_settings,
    require_one_database,
    service_connection,
)
from ingest.commands.in_step import require_in_step
from ingest.invitations.asked_for import InvitationsRejected
from ingest.invitations.idempotent_calls import IdempotencyConflict
from ingest.invitations.messages import RequestedInvitation, RequestedInvitations
from ingest.invitations.minting import MintedLinks, Minter
from ingest.tokens.response_tokens import LIFETIMES, Tokens


@click.group()
def links() -> None:
    """One-time links, for a mailing or a trial.

    \b
    Ten links:      meetpunt links new molensloot/telefonie --count 10
    For a preview:  meetpunt links preview molensloot/balie-hal    stored as test data
    """


@links.command("new")
@click.argument("touchpoint")
@click.option("--count", default=1, show_default=True, type=click.IntRange(1, 1000))
@click.option("--dimension", "dimensions", multiple=True, metavar="NAME=VALUE",
              help="A detail that the touchpoint lists; may be repeated.")  # fmt: skip
@click.option("--key", default=None, help="The same key gives the same links again.")
@click.option("--csv", "as_csv", is_flag=True, help="One column, with a header.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def new(
    touchpoint: str,
    count: int,
    dimensions: tuple[str, ...],
    key: str | None,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Make one-time links for TOUCHPOINT (municipality/touchpoint)."""
    details = dict(detail.partition("=")[::2] for detail in dimensions)
    requested = RequestedInvitations(
        touchpoint=touchpoint,
        invitations=[RequestedInvitation(dimensions=details) for _ in range(count)],
    )
    minted = _mint(requested, key or secrets.token_urlsafe(16))
    if as_json:
        click.echo(json.dumps({"links": minted.links, "expiresAt": minted.expires_at.isoformat()}))
    elif as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(["link"])
        writer.writerows([link] for link in minted.links)
    else:
        for link in minted.links:
            click.echo(link)


def _mint(requested: RequestedInvitations, key: str) -> MintedLinks:
    settings = read_settings()
    require_one_database(settings)
    catalogue = read_catalogue(settings)
    touchpoint = find_touchpoint(catalogue, requested.touchpoint)
    keys = read_keys(settings)
    minter = Minter(
        catalogue=catalogue,
        tokens=Tokens(keys),
        minting_key=keys.minting,
        accounts_key=keys.accounts,
        base_url=settings.base_url,
    )

    async def mint(url: str) -> MintedLinks:
        async with service_connection(url) as db:
            await require_in_step(db, catalogue)
            return await minter.mint(
                db,
                requested,
                municipality=catalogue.municipality(touchpoint.municipality),
                idempotency_key=key,
                now=datetime.now(UTC),
            )

    try:
        if settings.database_url:
            return asyncio.run(mint(settings.database_url))
        with owner_url(settings):
            return asyncio.run(mint(embedded_postgres(settings).url("meetpunt_ingest")))
    except IdempotencyConflict:
        fail(f"key '{key}' was used for another request: take another, or ask for the same.")
    except InvitationsRejected as rejected:
        fail(" ".join(f"{param.name}: {param.reason}" for param in rejected.params))


@links.command("preview")
@click.argument("touchpoint")
def preview(touchpoint: str) -> None:
    """A link of 24 hours to try a touchpoint; what it stores is test data."""
    settings = read_settings()
    catalogue = read_catalogue(settings)
    place = find_touchpoint(catalogue, touchpoint)
    now = datetime.now(UTC)
    token = Tokens(read_keys(settings)).issue(
        purpose="preview", touchpoint=place.number, expires_at=now + LIFETIMES["open"], now=now
    )
    base_url = settings.base_url or catalogue.municipality(place.municipality).base_url
    click.echo(f"{base_url}/v/{token}")
