"""Make and update all that readers may see: partitions, views, roles. As the database's owner.

Each municipality has a transaction of its own: the table of locks has no room for all of them.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from hashlib import sha256

import asyncpg

from ingest.audit import Action, Outcome
from ingest.database.partitions import (
    make_partitions,
    mirror_dimensions,
    mirror_municipalities,
    partitions,
)
from ingest.database.readers import revoke_everybody
from ingest.database.turns import Turn
from ingest.database.views import MUNICIPAL, REGIONAL, View, World, views_of
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.schemas import (
    bi_schema,
    lees_schema,
    reads_role,
    reads_texts_role,
    region_schema,
    slug_of,
)

VERSION = "3"
"""The version of the views. When a view or column changes its name or meaning, raise it."""

EXPORTS_A_MINUTE = 100
"""How many exports of one reader are noted in a minute; without a limit it could fill the disk."""

TEXTS = "toelichting"
"""The view of what residents wrote, for which a right of its own is granted."""

NOTING = "noteer_uitvoer"
"""The function of every reader's schema that notes an export."""

_A_MEMBER_MAY_INHERIT_NOTHING = 16

_PROMISE = f"Wat rapportmakers lezen, versie {VERSION}"
# The key, among the applied views, of the schema's own comment, which tells the version.
_SCHEMA = ""


async def make_reading(owner: asyncpg.Connection, catalogue: Catalogue, turn: Turn) -> None:
    """Bring all that readers may see up to date with the mirrored files and with this version.

    A view is only made again when its text changed. A group without a file is removed.
    """
    await turn.in_transaction(lambda: mirror_municipalities(owner))
    rows = await owner.fetch(
        "/* municipalities */ select code, slug, region from meetpunt.municipality order by code"
    )
    known = await partitions(owner)
    for region in sorted({row["region"] for row in rows}):
        places = (region_schema(region), REGIONAL, region, known)
        await turn.in_transaction(partial(make_partitions, owner, *places))
    # All partitions come before the first view. Making a view may have to wait for a reader, and
    # while one municipality lacks a partition, nothing is published for any of them.
    for row in rows:
        await turn.in_transaction(partial(_make_municipal, owner, row["slug"], row["code"], known))
    applied = await _applied(owner)
    by_slug = {row["slug"]: row for row in rows}
    worlds = [_world(row["slug"], [row]) for row in rows]
    for group in catalogue.groups.values():
        worlds.append(_world(group.slug, [by_slug[slug] for slug in group.members]))
    for world in worlds:
        await turn.in_transaction(partial(_make_world, owner, world, applied))
    wanted = {bi_schema(slug) for slug in [*by_slug, *catalogue.groups]}
    for schema in sorted(applied.keys() - wanted):
        await turn.in_transaction(partial(_forget_world, owner, schema))


async def _make_municipal(
    owner: asyncpg.Connection, slug: str, code: str, known: frozenset[str]
) -> None:
    schema = lees_schema(slug)
    await make_partitions(owner, schema, MUNICIPAL, code, known)
    await mirror_dimensions(owner, schema, code)


def _world(slug: str, members: Sequence[Mapping[str, str]]) -> World:
    return World(
        slug=slug,
        codes=tuple(sorted(member["code"] for member in members)),
        municipal=tuple(lees_schema(member["slug"]) for member in members),
        regional=tuple(sorted({region_schema(member["region"]) for member in members})),
    )


async def _applied(owner: asyncpg.Connection) -> dict[str, dict[str, str]]:
    """Schema to view to the checksum of what it was made from."""
    rows = await owner.fetch(
        "/* applied_views */ select schema_name, view_name, sha256 from meetpunt.applied_view"
    )
    applied: dict[str, dict[str, str]] = {}
    for row in rows:
        applied.setdefault(row["schema_name"], {})[row["view_name"]] = row["sha256"]
    return applied


async def _make_world(
    owner: asyncpg.Connection, world: World, applied: Mapping[str, Mapping[str, str]]
) -> None:
    """Update the schema of one world: make views that changed, drop old ones, and grant them."""
    made_before = applied.get(world.schema)
    if made_before is None:
        await _make_schema(owner, world)
    await _let_who_publishes_read(owner, world)
    noting = _noting(world)
    views = {view.name: view for view in views_of(world)}
    wanted = {view.name: view.sha256 for view in views.values()}
    wanted |= {NOTING: _checksum(noting), _SCHEMA: _checksum(_PROMISE)}
    changed = [name for name in wanted if (made_before or {}).get(name) != wanted[name]]
    gone = sorted((made_before or {}).keys() - wanted.keys())
    if _SCHEMA in changed:
        await owner.execute(f"comment on schema {world.schema} is {_quoted(_PROMISE)}")
    if NOTING in changed:
        async with _acting_as(owner, "meetpunt_audit", world.schema):
            await owner.execute(noting)
    if gone or views.keys() & set(changed):
        async with _acting_as(owner, "meetpunt_views", world.schema):
            for name in [*gone, *(views.keys() & set(changed))]:
                await owner.execute(f"drop view if exists {world.schema}.{name}")
            for view in [views[name] for name in changed if name in views]:
                await _make_view(owner, world, view)
    await _remember(owner, world.schema, {name: wanted[name] for name in changed}, gone)


async def _let_who_publishes_read(owner: asyncpg.Connection, world: World) -> None:
    """Let meetpunt_folder act as a reader of this world, for a report; it has these rows anyway.

    Where an administrator made the roles and we may not grant them, there are no reports.
    """
    role = reads_role(world.slug)
    member = "select pg_has_role('meetpunt_folder', $1, 'member')"
    if await owner.fetchval(f"/* folder_reads */ {member}", role):
        return
    # Only while it says so: by itself it reads no view.
    of_the_member = owner.get_server_version().major < _A_MEMBER_MAY_INHERIT_NOTHING
    with suppress(asyncpg.InsufficientPrivilegeError):
        async with owner.transaction():
            if of_the_member:
                await owner.execute("alter role meetpunt_folder noinherit")
                await owner.execute(f"grant {role} to meetpunt_folder")
            else:
                await owner.execute(f"grant {role} to meetpunt_folder with inherit false")


async def _make_view(owner: asyncpg.Connection, world: World, view: View) -> None:
    await owner.execute(view.sql)
    await _comment(owner, world.schema, view)
    role = reads_texts_role(world.slug) if view.name == TEXTS else reads_role(world.slug)
    await owner.execute(f"grant select on {world.schema}.{view.name} to {role}")


def _checksum(text: str) -> str:
    return sha256(text.encode()).hexdigest()


async def _remember(
    owner: asyncpg.Connection, schema: str, made: Mapping[str, str], gone: Sequence[str]
) -> None:
    await owner.execute(
        """/* forget_applied */
        delete from meetpunt.applied_view where schema_name = $1 and view_name = any ($2::text[])
        """,
        schema,
        [*gone, *made],
    )
    await owner.executemany(
        "/* applied */ insert into meetpunt.applied_view values ($1, $2, $3)",
        [(schema, name, checksum) for name, checksum in made.items()],
    )


async def _make_schema(owner: asyncpg.Connection, world: World) -> None:
    schema = world.schema
    plain, texts = reads_role(world.slug), reads_texts_role(world.slug)
    for role in (plain, texts):
        role_exists = "select exists (select from pg_roles where rolname = $1)"
        if not await owner.fetchval(f"/* role_there */ {role_exists}", role):
            await owner.execute(f"create role {role} nologin")
    await owner.execute(
        f"create schema if not exists {schema};"
        f" grant {plain} to {texts};"
        f" grant usage on schema {schema} to {plain}"
    )


def _noting(world: World) -> str:
    """The SQL of the function that notes an export: the only thing that a reader may write."""
    name = f"{world.schema}.{NOTING}"
    plain = reads_role(world.slug)
    codes = " ".join(world.codes)
    return f"""
        create or replace function {name}(view text, month date, format text) returns void
            language plpgsql security definer set search_path = pg_catalog, pg_temp as
        $$
        declare
            what text := format('{world.schema}.%s %s %s ({codes})',
                $1, coalesce(to_char($2, 'YYYY-MM'), 'all'), $3);
            lines bigint;
            noted boolean;
        begin
            -- Whoever exports chooses these: no more than what an export is gets into the trail.
            if not coalesce(
                $1 ~ '^[a-z][a-z0-9_]{{0,62}}$' and $3 in ('csv', 'parquet')
                and extract(day from coalesce($2, '2000-01-01')) = 1, false
            ) then
                raise check_violation using message = 'Dat is geen export.';
            end if;
            select count(*), bool_or(line.object = what)
            into lines, noted
            from meetpunt.audit as line
            where line.role = session_user and line.action = '{Action.EXPORT}'
                and line.at > now() - interval '1 minute';
            if noted then
                return;
            end if;
            if lines >= {EXPORTS_A_MINUTE} then
                raise program_limit_exceeded
                    using message = 'Meer dan {EXPORTS_A_MINUTE} exports in een minuut.';
            end if;
            insert into meetpunt.audit (actor, role, action, object, outcome)
            values (session_user, session_user, '{Action.EXPORT}', what, '{Outcome.BEGUN}');
        end
        $$;
        revoke execute on function {name} from public;
        grant execute on function {name} to {plain};
        comment on function {name} is
            'Legt vast dat deze lezer een view uitvoert naar een bestand.'
        """  # noqa: S608  # our own names


async def _comment(owner: asyncpg.Connection, schema: str, view: View) -> None:
    """Set the comments of a view and its columns. Raises `LookupError` where one is missing."""
    rows = await owner.fetch(
        """/* columns */
        select attname as name from pg_attribute
        where attrelid = $1::text::regclass and attnum > 0 order by attnum""",
        f"{schema}.{view.name}",
    )
    statements = [f"comment on view {schema}.{view.name} is {_quoted(view.comments[''])}"]
    for row in rows:
        if row["name"] not in view.comments:
            raise LookupError(f"views/comments.toml says nothing of {view.name}.{row['name']}")
        words = _quoted(view.comments[row["name"]])
        statements.append(f'comment on column {schema}.{view.name}."{row["name"]}" is {words}')
    await owner.execute("; ".join(statements))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


async def _forget_world(owner: asyncpg.Connection, schema: str) -> None:
    # The roles stay when the schema goes, so their members must go first: they may not read a
    # later group of the same name.
    await revoke_everybody(owner, slug_of(schema))
    await owner.execute(f"drop schema {schema} cascade")
    await owner.execute(
        "/* forget_world */ delete from meetpunt.applied_view where schema_name = $1", schema
    )


@asynccontextmanager
async def _acting_as(owner: asyncpg.Connection, role: str, schema: str) -> AsyncIterator[None]:
    """Act as a role without a login, within a transaction, to make things in `schema`.

    Afterwards both rights are taken back, so that the owner of the tables does not read what the
    views read. Where an administrator made the roles and the owner a member, it stays a member.
    """
    me = await owner.fetchval("/* who_am_i */ select quote_ident(current_user)")
    # Having made a role only lets the owner grant it; acting as that role needs membership.
    member = await owner.fetchval(
        """/* may_be */
        select pg_has_role(current_user, $1,
            case when current_setting('server_version_num')::integer < 160000
                then 'member' else 'set' end)""",
        role,
    )
    if not member:
        await owner.execute(f"grant {role} to {me}")
    await owner.execute(f"grant usage, create on schema {schema} to {role}; set local role {role}")
    yield
    await owner.execute(f"set local role {me}; revoke all on schema {schema} from {role}")
    if not member:
        await owner.execute(f"revoke {role} from {me}")
