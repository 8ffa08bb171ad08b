"""The partitions of schema lees: one for each municipality, or region, in a schema of its own."""

from collections.abc import Sequence

import asyncpg

# What the owner mirrors from files; everything else in lees is the folder's.
_DIMENSIONS = {
    "doel": """select municipality, channel, indicator, measure, kind, amount, base_year,
            department
        from meetpunt.target""",
    "norm": """select municipality, channel, department, product, measure, value
        from meetpunt.norm""",
    "dim_meetpunt": """select touchpoint.municipality, number, slug, name, channel, location,
            product, asked.questionnaire, asked.version, asked.since, retired, batch
        from meetpunt.touchpoint
        left join lateral (
            select version.questionnaire, version.version, version.since
            from meetpunt.touchpoint_version as version
            where version.municipality = touchpoint.municipality
                and version.touchpoint = touchpoint.number
            order by version.since desc, version.version desc
            limit 1
        ) as asked on true""",
    "dim_vragenlijst": """select municipality, structure, questionnaire, version, title
        from meetpunt.questionnaire""",
    "dim_item": """select municipality, structure, item, position, kind, indicator, core, text
        from meetpunt.item""",
    "dim_afdeling": """select municipality, slug, position, name, touchpoints, products
        from meetpunt.department""",
    "dim_thema": """select municipality, theme, version, position, name, about, own, precise,
            recall, measured_on
        from meetpunt.theme""",
    "dim_wijk": "select municipality, code, name from meetpunt.wijk",
    "verbetering": """select municipality, position, day, department, channel, text
        from meetpunt.improvement""",
}


async def mirror_municipalities(owner: asyncpg.Connection) -> None:
    """Copy the names of all municipalities to where every reader reads them; none is removed."""
    await owner.execute(
        """/* dim_gemeente */
        insert into lees.dim_gemeente (municipality, slug, name, region, fictional)
        select code, slug, name, region, fictional from meetpunt.municipality
        on conflict (municipality) do update
        set slug = excluded.slug, name = excluded.name, region = excluded.region,
            fictional = excluded.fictional
        """
    )


async def partitions(owner: asyncpg.Connection) -> frozenset[str]:
    """Every partition that exists, as `schema.table`."""
    rows = await owner.fetch(
        """/* partitions */
        select nspname || '.' || relname as name
        from pg_class
        join pg_namespace on pg_namespace.oid = relnamespace
        where relispartition and relkind = 'r' and nspname like 'lees\\_%'
        """
    )
    return frozenset(row["name"] for row in rows)


async def make_partitions(
    owner: asyncpg.Connection,
    schema: str,
    tables: Sequence[str],
    value: str,
    known: frozenset[str],
) -> None:
    """The partitions of one municipality or region, with the policies of their parents."""
    missing = [table for table in tables if f"{schema}.{table}" not in known]
    if not missing:
        return
    literal = await owner.fetchval("/* quote_literal */ select quote_literal($1::text)", value)
    statements = [
        f"create schema if not exists {schema}",
        f"grant usage on schema {schema} to meetpunt_folder, meetpunt_views",
    ]
    for table in missing:
        place = f"{schema}.{table}"
        statements += [
            f"create table {place} partition of lees.{table} for values in ({literal})",
            f"grant select on {place} to meetpunt_views",
        ]
        if table not in _DIMENSIONS:
            statements += [
                f"grant select, insert, update, delete on {place} to meetpunt_folder",
                f"alter table {place} enable row level security",
                f"alter table {place} force row level security",
                _policy(place, "folder", "to meetpunt_folder using (true) with check (true)"),
                _policy(place, "views", "for select to meetpunt_views using (true)"),
            ]
    await owner.execute("; ".join(statements))


def _policy(place: str, name: str, rule: str) -> str:
    return f"create policy {name} on {place} {rule}"


async def mirror_dimensions(owner: asyncpg.Connection, schema: str, code: str) -> None:
    """Copy what files say of one municipality to where its readers read it."""
    for table, source in _DIMENSIONS.items():
        await owner.execute(f"/* forget_{table} */ delete from {schema}.{table}")  # noqa: S608
        await owner.execute(
            f"/* mirror_{table} */ insert into {schema}.{table}"  # noqa: S608  # our own names
            f" select * from ({source}) as mirrored where municipality = $1",
            code,
        )
