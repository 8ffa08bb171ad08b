"""The catalogue: everything that a reader may open, and everything that it says in words."""

import re

import asyncpg

from tests.attacks.attack import Depth, Found, of_several
from tests.attacks.looking import readable
from tests.attacks.target import Secrets, Target

_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BEGINNING = 8

# Everything that is written by us or by a tool and that every role may read, whatever it is about.
_WORDS = {
    "comments": "select description from pg_description",
    "shared comments": "select description from pg_shdescription",
    "views": "select pg_get_viewdef(oid) from pg_class where relkind in ('v', 'm')",
    "functions": "select prosrc || coalesce(prosqlbody::text, '') from pg_proc",
    "defaults": "select pg_get_expr(adbin, adrelid) from pg_attrdef",
    "constraints": "select pg_get_constraintdef(oid) from pg_constraint",
    "indexes": "select pg_get_indexdef(indexrelid) from pg_index",
    "partitions": "select pg_get_expr(relpartbound, oid) from pg_class where relispartition",
    "policies": "select coalesce(pg_get_expr(polqual, polrelid), '') from pg_policy",
    "rules": "select pg_get_ruledef(oid) from pg_rewrite",
    "triggers": "select pg_get_triggerdef(oid) from pg_trigger",
    "statistics": "select pg_get_statisticsobjdef(oid) from pg_statistic_ext",
    "settings": "select array_to_string(setconfig, ' ') from pg_db_role_setting",
    "values of types": "select enumlabel from pg_enum",
    "options": "select array_to_string(reloptions, ' ') from pg_class where reloptions is not null",
    "labels": "select label from pg_seclabels",
}


async def words(target: Target, _: Depth) -> Found:
    """Searches every comment, definition, default, bound and setting for what somebody answered."""
    found: set[str] = set()
    async with target.attacker(texts=True) as db:
        for place, question in _WORDS.items():
            try:
                told = " ".join(row[0] or "" for row in await db.fetch(question))
            except asyncpg.InsufficientPrivilegeError:
                continue
            found |= {f"{place}: {secret}" for secret in _said(told, target.secrets)}
    return of_several(found, len(_WORDS))


def _said(told: str, secrets: Secrets) -> set[str]:
    """Which secrets stand in this. Many texts begin alike, so their beginnings are sought first."""
    said = {id for id in _UUID.findall(told) if id in secrets.ids}
    beginnings = {text[:_BEGINNING] for text in secrets.texts}
    begun = {beginning for beginning in beginnings if beginning in told}
    return said | {t for t in secrets.texts if t[:_BEGINNING] in begun and t in told}


async def doors(target: Target, _: Depth) -> Found:
    """Tries every relation, column, sequence, function and schema there is.

    What opens and is not in a schema that is meant for this reader was found. Nothing is asked of
    the privileges: each is tried, by its name and without it.
    """
    found: set[str] = set()
    async with target.attacker(texts=True) as db:
        tried = await _shown(db, target, found)
        tried += await _relations(db, target, found)
        tried += await _functions(db, target, found)
        tried += await _others(db, found)
    return of_several(found, tried)


async def large_objects(target: Target, _: Depth) -> Found:
    """Makes one, and asks for those of others: a place to write in for who may write nothing."""
    tries = {
        "a large object of one's own": "select lo_creat(-1)",
        "another way to make one": "select lo_from_bytea(0, 'x')",
        "names of large objects": "select oid from pg_largeobject_metadata",
    }
    async with target.attacker() as db:
        found = {what for what, statement in tries.items() if await _opens(db, statement)}
    return of_several(found, len(tries))


async def _shown(db: asyncpg.Connection, target: Target, found: set[str]) -> int:
    """The simplest attack: is there somebody else's answer in what is shown to everybody?"""
    secrets = target.secrets.texts | target.secrets.ids
    relations = await readable(db)
    for relation in relations:
        for row in await db.fetch(f"select * from {relation.name}"):
            found |= {f"{relation.name}: {value}" for value in map(str, row) if value in secrets}
    return len(relations)


async def _relations(db: asyncpg.Connection, target: Target, found: set[str]) -> int:
    rows = await db.fetch(
        """
        select format('%I.%I', n.nspname, c.relname) as name, n.nspname as schema,
            array(select quote_ident(attname) from pg_attribute
                where attrelid = c.oid and not attisdropped) as columns
        from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname not in ('pg_catalog', 'information_schema')
            and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 't')
        """
    )
    for row in rows:
        if row["schema"] in target.schemas:
            continue
        for column in ("count(*)", *row["columns"]):
            if await _may(db, f"select {column} from {row['name']} limit 1"):
                found.add(f"{row['name']} ({column})")
    return sum(1 + len(row["columns"]) for row in rows)


async def _functions(db: asyncpg.Connection, target: Target, found: set[str]) -> int:
    rows = await db.fetch(
        """
        select format('%I.%I', n.nspname, p.proname) as name, p.prokind::text as kind,
            array(select format('null::%s', format_type(t, null)) from unnest(p.proargtypes) as t)
                as arguments
        from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
        where n.nspname not in ('pg_catalog', 'information_schema')
            and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
        """
    )
    for row in rows:
        if row["name"] in target.functions:
            continue
        call = f"{row['name']}({', '.join(row['arguments'])})"
        if await _opens(db, f"call {call}" if row["kind"] == "p" else f"select {call}"):
            found.add(call)
    return len(rows)


async def _others(db: asyncpg.Connection, found: set[str]) -> int:
    tries = {
        "a table of one's own": "create temporary table mine (x integer)",
        "a schema of one's own": "create schema mine",
        "other roles' passwords": "select rolpassword from pg_authid",
        "files of the server": "select pg_read_file('PG_VERSION')",
        "programs on the server": "copy (select 1) to program 'true'",
        "the pages of large objects": "select data from pg_largeobject",
    }
    for schema in await db.fetch(
        "select quote_ident(nspname) as name from pg_namespace where nspname !~ '^pg_(temp|toast)'"
    ):
        tries[f"a view of one's own in {schema['name']}"] = (
            f"create view {schema['name']}.mine as select 1 as x"
        )
    for what, statement in tries.items():
        if await _opens(db, statement):
            found.add(what)
    return len(tries)


async def _opens(db: asyncpg.Connection, statement: str) -> bool:
    transaction = db.transaction()
    await transaction.start()
    try:
        return await _may(db, statement)
    finally:
        await transaction.rollback()


async def _may(db: asyncpg.Connection, statement: str) -> bool:
    """Whether no right is missing for it; only for what leaves nothing behind."""
    try:
        await db.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return False
    except asyncpg.PostgresError:
        # Refused for another reason than a right: then the door was open.
        return True
    return True
