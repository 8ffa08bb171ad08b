"""Room on the disks that can be seen from here."""

import shutil

import asyncpg

from ingest.doctor.findings import Finding, look, ok, unseen, wrong
from ingest.doctor.sight import Sight

LEAST_BYTES = 1_000_000_000
_LEAST_SHARE = 0.05
_LOOK_TIMES = 3


async def examine(sight: Sight, *, least_bytes: int = LEAST_BYTES) -> list[Finding]:
    """Of our own Postgres; that of another is not ours to see."""
    if not sight.own:
        size = await _size(sight.widest)
        return [
            unseen(f"The disk of the database is not visible from here{size}: watch it there."),
        ]
    if not sight.settings.data.exists():
        return [unseen(f"There is no data folder {sight.settings.data}.")]
    room = shutil.disk_usage(sight.settings.data)
    free = f"{room.free / 1e9:.1f} GB of {room.total / 1e9:.0f} GB is free in the data folder"
    least = max(least_bytes, room.total * _LEAST_SHARE)
    if room.free < least:
        return [wrong(f"Only {free}: when it is full nothing is stored any more.")]
    if room.free < _LOOK_TIMES * least:
        return [look(f"{free}.")]
    return [ok(f"{free}.")]


async def _size(db: asyncpg.Connection | None) -> str:
    if db is None:
        return ""
    # Asked first: what is refused stands in the log of the server as an error.
    if not await db.fetchval(_MAY_SEE_SIZE):
        return ""
    size = await db.fetchval("/* size */ select pg_database_size(current_database())")
    return f" (the database takes {size / 1e9:.1f} GB)"


_MAY_SEE_SIZE = """/* may_see_size */
    select has_function_privilege('pg_catalog.pg_database_size(name)', 'execute')"""
