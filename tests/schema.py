"""Writes ingest/database/schema.sql anew: every table, view and right, with one municipality.

    python -m tests.schema

To read, and to see in a change what it does to the database; nothing is made from it. The comments
are left out: those of views stand in ingest/database/views/comments.toml.
"""

import asyncio
import re
import subprocess
from pathlib import Path
from uuid import uuid4

from ingest.database.migrate import migrate
from ingest.database.mirror import mirror_files
from ingest.municipalities.catalogue import Catalogue
from ingest.postgres.programs import find_programs
from tests.conftest import Database
from tests.example import SINCE, example_catalogue
from tests.postgres import create_database, drop_database, running_postgres

FILE = Path(__file__).resolve().parent.parent / "ingest" / "database" / "schema.sql"

_HEAD = """\
-- The whole database with one municipality. Made by `python -m tests.schema`; do not edit it.
"""
# Titles and versions, and the password of a moment that pg_dump hands to psql.
_NOISE = re.compile(r"^(--.*|\\(un)?restrict .*)\n", re.MULTILINE)
_EMPTY = re.compile(r"\n{3,}")


def schema_text() -> str:
    """What the file should hold, from a database that was just made."""
    server = running_postgres()
    name = f"schema_{uuid4().hex}"
    asyncio.run(_prepare(Database(server, name)))
    try:
        dumped = subprocess.run(
            [
                *(find_programs(None, None).folder / "pg_dump", "--schema-only", "--no-comments"),
                f"--dbname={server.url('postgres', name)}",
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    finally:
        asyncio.run(drop_database(server, name))
    return _HEAD + _EMPTY.sub("\n\n", f"\n{_NOISE.sub('', dumped).strip()}\n")


async def _prepare(database: Database) -> None:
    every = example_catalogue()
    one = Catalogue([every.municipality("molensloot")], every.questionnaires)
    await create_database(database.server, database.name)
    async with database.connected("meetpunt_owner") as owner:
        await migrate(owner)
        await mirror_files(owner, one, SINCE)


if __name__ == "__main__":
    FILE.write_text(schema_text(), "utf-8")
