"""`meetpunt keys`: the keys that sign tokens."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from ingest.audit import Action, Entry
from ingest.commands.environment import fail, keys_file, read_catalogue, read_keys, read_settings
from ingest.settings import Settings
from ingest.tokens.keys import (
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
from ingest.tokens.keys_log import keys_log, logged
from ingest.tokens.response_tokens import longest_lifetime

# 20260302-a1b2c3 and some room; a secret has 64.
_MOST_OF_AN_ID = 32


@click.group()
def keys() -> None:
    """The keys that sign tokens: newest signs, all verify.

    \b
    Rotate:  meetpunt keys add          then send SIGHUP to 'meetpunt serve' and each 'work'
             meetpunt keys retire ID    refuses while a link that was sent needs it
    """


@keys.command("new")
def new() -> None:
    """Make a keys file (MEETPUNT_KEYS_FILE, else .meetpunt/keys.json) with one signing key."""
    path = keys_file(read_settings())
    path.parent.mkdir(parents=True, exist_ok=True)
    entry = Entry(action=Action.NEW_KEYS)
    try:
        with logged(path, entry):
            made = new_keys(path, now=datetime.now(UTC))
            entry.object = made.signing[0].id
    except KeysExist as exists:
        fail(exists)
    except OSError as error:
        fail(_unwritable(path, error))
    click.echo(f"Made {path}. Keep a copy in a safe place: without it links that were sent fail.")


@keys.command("add")
def add() -> None:
    """Add a signing key. It signs when 'serve' and each 'work' have reread the file (SIGHUP)."""
    path, entry = keys_file(read_settings()), Entry(action=Action.ADD_KEY)
    try:
        with logged(path, entry):
            added = add_signing_key(path, now=datetime.now(UTC))
            entry.object = added.id
    except (KeysUnreadable, ValueError) as refused:
        fail(refused)
    except OSError as error:
        fail(_unwritable(path, error))
    click.echo(f"Added key {added.id}.")


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def list_keys(as_json: bool) -> None:
    """Show the signing keys, oldest first, and until when links may need them. Never a secret."""
    settings = read_settings()
    held = read_keys(settings)
    lifetime = _longest_lifetime(settings)
    rows = []
    for key in held.signing:
        needed = needed_until(held, key.id, longest_lifetime=lifetime)
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
    path, lifetime = keys_file(settings), _longest_lifetime(settings)
    try:
        with logged(path, Entry(action=Action.RETIRE_KEY, object=_as_an_id(key_id))):
            retire_signing_key(path, key_id, longest_lifetime=lifetime, now=datetime.now(UTC))
    except (KeyUnknown, KeyStillSigns, KeyStillNeeded, KeysUnreadable) as refused:
        fail(refused)
    except OSError as error:
        fail(_unwritable(path, error))
    click.echo(
        f"Retired key {key_id}. Send SIGHUP to 'meetpunt serve' and to each 'meetpunt work'."
    )


def _as_an_id(typed: str) -> str:
    """An id as it was typed; somebody may paste the secret instead, and that is not for a log."""
    return typed if len(typed) <= _MOST_OF_AN_ID else "not an id"


def _unwritable(path: Path, error: OSError) -> str:
    return f"cannot write {path} and {keys_log(path).name} beside it: {error.strerror}."


def _longest_lifetime(settings: Settings) -> timedelta:
    touchpoints = read_catalogue(settings).touchpoints.values()
    return longest_lifetime(touchpoint.link_lifetime_days for touchpoint in touchpoints)
