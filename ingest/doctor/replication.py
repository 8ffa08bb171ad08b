"""Whether what is thanked for is kept: how a commit waits, and for which standby."""

import asyncpg

from ingest.doctor.findings import Finding, ago, counted, look, ok, unseen, wrong
from ingest.doctor.sight import Sight

FAR_BEHIND_SECONDS = 60.0
_WAITS = {"on", "remote_apply", "remote_write"}


async def examine(sight: Sight, *, far_behind_seconds: float = FAR_BEHIND_SECONDS) -> list[Finding]:
    """As the role that stores: what it waits for may be set for it alone."""
    db = sight.any
    if db is None:
        return []
    now = await db.fetchrow(_SETTINGS)
    if now["standby"]:
        return [
            wrong(
                "This server is a standby, or is being restored: nothing can be stored there. "
                "MEETPUNT_DATABASE_URL has to lead to the primary."
            )
        ]
    findings = []
    if now["fsync"] == "off" or now["pages"] == "off":
        findings.append(wrong("fsync or full_page_writes is off: a power cut can lose everything."))
    if now["commit"] == "off":
        findings.append(
            wrong("synchronous_commit is off: what was thanked for can be lost in a crash.")
        )
    if not now["names"]:
        findings.append(
            look("No standby is waited for: what is thanked for is in this one server alone.")
        )
    elif now["commit"] not in _WAITS:
        findings.append(
            wrong(
                "A standby is named in synchronous_standby_names, and synchronous_commit = "
                f"{now['commit']} waits for none: a failover can lose what was thanked for."
            )
        )
    else:
        findings += await _standbys(sight.widest or db, far_behind_seconds)
    return findings


async def _standbys(db: asyncpg.Connection, far_behind_seconds: float) -> list[Finding]:
    """Those that are connected now. What each is at, only members of pg_monitor see."""
    try:
        rows = await db.fetch(_STANDBYS)
    except asyncpg.InsufficientPrivilegeError:
        return [unseen("A commit waits for a standby; which are there, only the owner sees.")]
    if not rows:
        return [wrong("A commit waits for a standby, and none is connected: nothing is stored.")]
    if any(row["sync_state"] is None for row in rows):
        return [
            unseen(
                f"A commit waits for a standby, and {_standby(len(rows))} connected. Whether one "
                "of them is waited for, and how far it is behind, only a member of pg_monitor sees."
            )
        ]
    waited = [row for row in rows if row["sync_state"] in ("sync", "quorum")]
    if not waited:
        states = ", ".join(sorted({row["sync_state"] for row in rows}))
        return [
            wrong(
                "A commit waits for a standby, and none of those connected is that one "
                f"({states}): nothing is stored."
            )
        ]
    behind = max(row["behind_seconds"] or 0.0 for row in waited)
    if behind > far_behind_seconds:
        return [wrong(f"A standby that commits wait for is {ago(behind)} behind.")]
    keep = "1 keeps up" if len(waited) == 1 else f"{len(waited)} keep up"
    return [ok(f"A commit waits for a standby, and {keep}.")]


def _standby(count: int) -> str:
    return f"{counted(count, 'standby', 'standbys')} {'is' if count == 1 else 'are'}"


_SETTINGS = """/* replication */
    select pg_is_in_recovery() as standby, current_setting('synchronous_standby_names') as names,
        current_setting('synchronous_commit') as commit, current_setting('fsync') as fsync,
        current_setting('full_page_writes') as pages"""

# One that stands still answers nothing, and its lag stays what it last was.
_STANDBYS = """/* standbys */
    select sync_state, case when flush_lsn < pg_current_wal_flush_lsn()
        then extract(epoch from greatest(flush_lag, clock_timestamp() - reply_time)) end::float8
        as behind_seconds
    from pg_stat_replication"""
