"""Counters, sizes and positions of the log: how much others wrote between two looks."""

from itertools import pairwise

import asyncpg

from tests.attacks.attack import Depth, Found, of_several
from tests.attacks.target import Target

_STORED = 7

_OF_TABLES = (
    "from pg_class where relkind in ('r', 'p') and relnamespace <> 'pg_catalog'::regnamespace"
)
_LOOKS = {
    "pg_stat_all_tables": "select sum(n_tup_ins) from pg_catalog.pg_stat_all_tables",
    "pg_stat_user_tables": "select sum(n_live_tup) from pg_catalog.pg_stat_user_tables",
    "pg_stat_xact_all_tables": "select sum(n_tup_ins) from pg_stat_xact_all_tables",
    "pg_statio_all_tables": "select sum(heap_blks_hit) from pg_statio_all_tables",
    "pg_stat_all_indexes": "select sum(idx_scan) from pg_stat_all_indexes",
    "pg_stat_database": """
        select tup_inserted from pg_stat_database where datname = current_database()""",
    "pg_stat_get_tuples_inserted()": f"select sum(pg_stat_get_tuples_inserted(oid)) {_OF_TABLES}",
    "pg_stat_get_live_tuples()": f"select sum(pg_stat_get_live_tuples(oid)) {_OF_TABLES}",
    "pg_stat_get_mod_since_analyze()": f"""
        select sum(pg_stat_get_mod_since_analyze(oid)) {_OF_TABLES}""",
    "pg_stat_get_db_tuples_inserted()": """
        select pg_stat_get_db_tuples_inserted(oid) from pg_database
        where datname = current_database()""",
    "pg_stat_wal": "select wal_records from pg_stat_wal",
    "pg_relation_size()": f"select sum(pg_relation_size(oid)) {_OF_TABLES}",
    "pg_total_relation_size()": f"select sum(pg_total_relation_size(oid)) {_OF_TABLES}",
    "pg_database_size()": "select pg_database_size(current_database())",
    "pg_current_wal_insert_lsn()": "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn",
    "pg_logical_emit_message()": "select pg_logical_emit_message(false, '', '') - '0/0'::pg_lsn",
    "pg_current_xact_id()": "select pg_current_xact_id()::text::bigint",
    "pg_current_snapshot()": "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
    "txid_current()": "select txid_current()",
    "age(xid)": "select age('3'::xid)",
    "pg_control_checkpoint()": """
        select split_part(next_xid, ':', 2)::bigint from pg_control_checkpoint()""",
}


async def written_between_two_looks(target: Target, _: Depth) -> Found:
    """Looks before and after others' responses come in; what moves on more than by itself tells.

    By itself: as far as it moves between two looks between which nobody did anything.
    """
    async with target.attacker() as db:
        at_rest = [await _look(db) for _ in range(3)]
        await target.others_store(_STORED)
        after = await _look(db)
    found = set()
    for name, value in after.items():
        own_pace = max(later[name] - earlier[name] for earlier, later in pairwise(at_rest))
        if value - at_rest[-1][name] > own_pace:
            found.add(f"{name} moved by {value - at_rest[-1][name]}")
    return of_several(found, len(_LOOKS))


async def _look(db: asyncpg.Connection) -> dict[str, int]:
    """Everything that this session is told; what is refused stays where it is."""
    told = {}
    for name, look in _LOOKS.items():
        try:
            told[name] = int(await db.fetchval(look) or 0)
        except asyncpg.InsufficientPrivilegeError:
            told[name] = 0
    return told
