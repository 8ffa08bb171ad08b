"""Who may read in the demo: a role for each municipality's dashboards, one for the start page."""

import json
import os
import secrets
from pathlib import Path

import asyncpg

from ingest.database.readers import grant_reader, set_password
from ingest.municipalities.catalogue import Catalogue

SHOWN = "molensloot"
"""The municipality whose rows the start page shows."""

START_PAGE = "lezer_demo"


def reader_of(slug: str) -> str:
    """The role that reads the rows of the municipality with this slug."""
    return f"lezer_{slug.replace('-', '_')}"


async def grant_readers(
    owner: asyncpg.Connection, catalogue: Catalogue, passwords: Path
) -> dict[str, str]:
    """Make the roles where they are missing; their passwords by role, the same at every start.

    Texts in the demo come from whoever tries it out, so dashboards may read them; the role of the
    start page may not. Its one card with made-up texts is read as those dashboards read it, and
    `ingest.demo.written` says what comes into it. `passwords` is the file with the passwords;
    without it, new ones are made.
    """
    stored = _read(passwords)
    slug_of_role = {reader_of(slug): slug for slug in catalogue.municipalities} | {
        START_PAGE: SHOWN
    }
    chosen = {role: stored.get(role) or secrets.token_urlsafe(18) for role in slug_of_role}
    if chosen != stored:
        _write(passwords, chosen)
    for role, slug in slug_of_role.items():
        created = await grant_reader(owner, slug, role, chosen[role], free_text=role != START_PAGE)
        if not created and role not in stored:
            await set_password(owner, role, chosen[role])
    return chosen


def _read(path: Path) -> dict[str, str]:
    try:
        passwords: dict[str, str] = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return passwords


def _write(path: Path, chosen: dict[str, str]) -> None:
    """Put the whole file in place at once, for nobody else to read."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(chosen, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
