"""Backups, as far as the server itself tells: whether what is written is archived."""

import asyncpg

from ingest.doctor.findings import Finding, ago, look, ok, unseen, wrong
from ingest.doctor.sight import Sight

_LONG_SECONDS = 86_400.0


async def examine(sight: Sight) -> list[Finding]:
    """Of one's own Postgres what pg_stat_archiver counts."""
    db = sight.widest
    if db is None:
        return []
    if await db.fetchval("/* archives */ select current_setting('archive_mode')") == "off":
        return [
            look(
                "The server archives nothing (archive_mode = off): whether there is a backup of "
                "another kind cannot be seen from here."
            )
        ]
    try:
        row = await db.fetchrow(_ARCHIVER)
    except asyncpg.InsufficientPrivilegeError:
        return [unseen("The server archives; how that goes, only the owner sees.")]
    if row["fails"]:
        return [
            wrong(
                f"Archiving fails: {row['failed_count']} times, the last {ago(row['failed'])} ago;"
                " the disk of the database fills up meanwhile."
            )
        ]
    if row["archived"] is None:
        return [look("The server archives, and nothing was archived yet.")]
    told = f"The last piece of the log was archived {ago(row['archived'])} ago"
    if row["archived"] > _LONG_SECONDS:
        return [look(f"{told}: set archive_timeout, or what came in since has no backup.")]
    return [ok(f"{told}.")]


_ARCHIVER = """/* archiver */
    select failed_count,
        extract(epoch from clock_timestamp() - last_archived_time)::float8 as archived,
        extract(epoch from clock_timestamp() - last_failed_time)::float8 as failed,
        coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as fails
    from pg_stat_archiver"""
