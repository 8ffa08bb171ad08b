"""`meetpunt keys`: the keys that sign tokens."""

import json
from datetime import UTC, datetime, timedelta

import click

from ingest.commands.surroundings import (
    fail,
    keys_file,
    read_catalogue,
    read_keys,
    read_settings,
)
from ingest.keys import (
    KeysExist,
    KeyStillNeeded,
    KeyStillSigns,
    KeysUnreadable,
    KeyUnknown,
    add_signing_key,
    needed_until,
    new_keys,
    retire_signing_key,
)
from ingest.settings import Settings
from ingest.tokens import longest_lifetime


@click.group()
def keys() -> None:
    """The keys that sign tokens: newest signs, all verify.

    \b
    Rotate:  meetpunt keys add          then send SIGHUP to 'meetpunt serve'
             meetpunt keys retire ID    refuses while a link that was sent needs it
    """


@keys.command("new")
def new() -> None:
    """Make a keys file (MEETPUNT_KEYS_FILE, else .meetpunt/keys.json) with one signing key."""
    path = keys_file(read_settings())
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        new_keys(path, now=datetime.now(UTC))
    except KeysExist as exists:
        fail(exists)
    click.echo(f"Made {path}. Keep a copy in a safe place: without it links that were sent fail.")


@keys.command("add")
def add() -> None:
    """Add a signing key. It signs when the service has reread the file (SIGHUP)."""
    try:
        added = add_signing_key(keys_file(read_settings()), now=datetime.now(UTC))
    except (KeysUnreadable, ValueError) as refused:
        fail(refused)
    click.echo(f"Added key {added.id}.")


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def list_keys(as_json: bool) -> None:
    """Show the signing keys, oldest first, and until when links may need them. Never a secret."""
    settings = read_settings()
    found = read_keys(settings)
    lifetime = _longest_lifetime(settings)
    rows = []
    for key in found.signing:
        needed = needed_until(found, key.id, longest_lifetime=lifetime)
        rows.append(
            {
                "id": key.id,
                "created": key.created.isoformat(),
                "neededUntil": None if needed is None else needed.date().isoformat(),
            }
        )
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        until = f"needed until {row['neededUntil']}" if row["neededUntil"] else "signs"
        click.echo(f"{row['id']}  made {row['created']}  {until}")


@keys.command("retire")
@click.argument("key_id", metavar="ID")
def retire(key_id: str) -> None:
    """Remove a key that no unexpired link can need any more."""
    settings = read_settings()
    try:
        retire_signing_key(
            keys_file(settings),
            key_id,
            longest_lifetime=_longest_lifetime(settings),
            now=datetime.now(UTC),
        )
    except (KeyUnknown, KeyStillSigns, KeyStillNeeded, KeysUnreadable) as refused:
        fail(refused)
    click.echo(f"Retired key {key_id}. Send SIGHUP to 'meetpunt serve'.")


def _longest_lifetime(settings: Settings) -> timedelta:
    touchpoints = read_catalogue(settings).touchpoints.values()
    return longest_lifetime(touchpoint.link_lifetime_days for touchpoint in touchpoints)
