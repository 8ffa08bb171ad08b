"""Who may read in the demo: a role a municipality for dashboards, and one for the start page."""

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

    Nobody wrote the texts of fictional municipalities but who tries them out, so dashboards may
    read those; the start page shows none, and may not. `passwords` is the file that keeps them;
    whoever removes it gets new ones.
    """
    kept = _read(passwords)
    wanted = {reader_of(slug): slug for slug in catalogue.municipalities} | {START_PAGE: SHOWN}
    chosen = {role: kept.get(role) or secrets.token_urlsafe(18) for role in wanted}
    if chosen != kept:
        _write(passwords, chosen)
    for role, slug in wanted.items():
        made = await grant_reader(owner, slug, role, chosen[role], free_text=role != START_PAGE)
        if not made and role not in kept:
            await set_password(owner, role, chosen[role])
    return chosen


def _read(path: Path) -> dict[str, str]:
    try:
        kept: dict[str, str] = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return kept


def _write(path: Path, chosen: dict[str, str]) -> None:
    """Put the whole file in place at once, for nobody else to read."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(chosen, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
