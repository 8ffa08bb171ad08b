"""A year of responses, made in SQL: what dashboards and inserts meet once we are in use."""

import time
from collections.abc import Callable
from datetime import date, timedelta

import asyncpg

MUNICIPALITIES = 100
_DAYS = 365
_TABLES = ("meetpunt.response", "meetpunt.receipt", "meetpunt.free_text")

# A hundred municipalities in ten regions, each with the touchpoints of one that the files know.
_CAST = f"""
    create temporary table cast_of as
        select 'GM' || (1000 + n) as code, n from generate_series(1, {MUNICIPALITIES}) as n;
    insert into meetpunt.municipality (code, slug, name, region, fictional)
        select code, 'bench-' || n, 'Bench ' || n, 'bench-' || (n % 10), false from cast_of;
    insert into meetpunt.touchpoint
            (municipality, number, slug, channel, location, product, retired, name)
        select code, 10000 + n * 50 + number % 50, slug, channel, location, product, false, name
        from meetpunt.touchpoint cross join cast_of where municipality = 'GM9002';
    insert into meetpunt.questionnaire (municipality, structure, questionnaire, version, title)
        select code, structure, questionnaire, version, title
        from meetpunt.questionnaire cross join cast_of where municipality = 'GM9002';
    insert into meetpunt.item
            (municipality, structure, item, position, kind, indicator, core, text)
        select code, structure, item, position, kind, indicator, core, text
        from meetpunt.item cross join cast_of where municipality = 'GM9002';
    insert into meetpunt.touchpoint_version
            (municipality, touchpoint, questionnaire, version, since)
        select code, 10000 + n * 50 + touchpoint % 50, questionnaire, version, since
        from meetpunt.touchpoint_version cross join cast_of where municipality = 'GM9002';
    drop table cast_of;
"""

# What is asked where, numbered, so that a random number picks one. The version of the touchpoint.
_ASKED = """
    create temporary table asked as
        select row_number() over () as n, touchpoint.municipality, touchpoint.number,
            touchpoint.channel, questionnaire.questionnaire, questionnaire.version,
            questionnaire.structure
        from meetpunt.touchpoint
        join meetpunt.touchpoint_version as version
            on version.municipality = touchpoint.municipality
            and version.touchpoint = touchpoint.number
        join meetpunt.questionnaire
            on questionnaire.municipality = version.municipality
            and questionnaire.questionnaire = version.questionnaire
            and questionnaire.version = version.version
        where touchpoint.slug is not null and touchpoint.municipality < 'GM9';
    analyze asked;
"""

_ONE_DAY = """
    with drawn as materialized (
        select gen_random_uuid() as id,
            1 + floor(random() * (select count(*) from asked))::bigint as n
        from generate_series(1, $2::integer)
    ),
    made as materialized (
        select drawn.id, asked.*, channel = 'balie' as open
        from drawn join asked using (n)
    ),
    answered as materialized (
        select made.municipality, made.id, jsonb_object_agg(item.item, case item.kind
            when 'yes_partly_no'
                then to_jsonb((array['ja', 'ja', 'deels', 'nee'])[1 + (random() * 3)::integer])
            when 'mark' then to_jsonb(4 + floor(random() * 7)::integer)
            else to_jsonb(1 + floor(random() * 5)::integer)
        end) as answers
        from made
        join meetpunt.item using (municipality, structure)
        where item.kind in ('mark', 'agreement', 'smileys', 'yes_partly_no')
        group by 1, 2
    ),
    responses as (
        insert into meetpunt.response (
            municipality, day, id, touchpoint, questionnaire, version, structure, language, hour,
            mode, complete, suspect, is_test, dimensions, answers
        )
        select municipality, $1::date, id, number, questionnaire, version, structure, 'nl',
            case when open then 9 + floor(random() * 8)::smallint end,
            case when open then 'kiosk' else 'bericht' end,
            random() < 0.9, '{}', false, '{"product": "paspoort"}', answers
        from made join answered using (municipality, id)
    ),
    receipts as (
        insert into meetpunt.receipt (municipality, week, id, content_code, complete)
        select municipality, date_trunc('week', $1::timestamp)::date, id, sha256(id::text::bytea),
            true
        from made
        where $1::date >= current_date - 30
    )
    insert into meetpunt.free_text (municipality, day, response_id, item, text, masked)
    select made.municipality, $1::date, made.id, item.item, repeat('Fijn geholpen, dank. ', 7), '{}'
    from made
    join meetpunt.item using (municipality, structure)
    where item.kind = 'text' and random() < 0.4
"""

_INVITED = """
    insert into meetpunt.invitation_count
        (municipality, day, touchpoint, product, issued, spent)
    select municipality, $1::date, number, '', 100, 30
    from asked where channel <> 'balie'
    group by municipality, number
"""


async def add_cast(db: asyncpg.Connection) -> None:
    """The municipalities of the bench, as a superuser."""
    await db.execute(_CAST)


async def fill(db: asyncpg.Connection, rows: int, say: Callable[[str], None]) -> None:
    """About `rows` responses over the year up to yesterday, as a superuser, in order of day.

    Indexes and references are made after the rows: the same in the end, and hours sooner.
    """
    await db.execute(_ASKED)
    again = await _without_indexes(db)
    # Leaves out the checks of references, row by row; what is made here refers to what is there.
    await db.execute("set session_replication_role = replica; set synchronous_commit = off")
    began, first = time.monotonic(), date.today() - timedelta(days=_DAYS)
    for number in range(_DAYS):
        day = first + timedelta(days=number)
        await db.execute(_ONE_DAY, day, max(1, rows // _DAYS), timeout=None)
        await db.execute(_INVITED, day)
        if number % 30 == 29:
            took = time.monotonic() - began
            say(f"  {number + 1} of {_DAYS} days of responses, {took:.0f} s")
    await db.execute("set session_replication_role = origin")
    for statement in again:
        await db.execute(statement, timeout=None)
        say(f"  {time.monotonic() - began:.0f} s: {statement[:76]}")
    for table in (*_TABLES, "meetpunt.invitation_count"):
        await db.execute(f"vacuum (analyze) {table}", timeout=None)
    say(f"  rows and indexes: {time.monotonic() - began:.0f} s")


async def _without_indexes(db: asyncpg.Connection) -> list[str]:
    """Drop the constraints and indexes of the large tables; returns what makes them again."""
    constraints = await db.fetch(
        """select conrelid::regclass::text as on_table, quote_ident(conname) as name, contype,
            pg_get_constraintdef(oid) as definition
        from pg_constraint
        where conrelid = any ($1::regclass[]) and contype in ('f', 'p', 'u')
        order by contype = 'f' desc, oid""",
        list(_TABLES),
    )
    for each in constraints:
        await db.execute(f"alter table {each['on_table']} drop constraint {each['name']}")
    indexes = await db.fetch(
        """select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
        from pg_index where indrelid = any ($1::regclass[])""",
        list(_TABLES),
    )
    for each in indexes:
        await db.execute(f"drop index {each['name']}")
    keys = [each for each in constraints if each["contype"] != b"f"]
    references = [each for each in constraints if each["contype"] == b"f"]
    return [
        *(
            f"alter table {e['on_table']} add constraint {e['name']} {e['definition']}"
            for e in keys
        ),
        *(each["definition"] for each in indexes),
        # New rows are checked all the same; reading all of the old ones would prove what we know.
        *(
            f"alter table {e['on_table']} add constraint {e['name']} {e['definition']} not valid"
            for e in references
        ),
    ]


_COUNTED = ", ".join(f"coalesce(sum(times) filter (where value = {v}), 0)" for v in range(1, 11))
# What folding would have counted, for all municipalities in one reading of the tables.
_SUMMARIES = (
    f"""
    insert into meetpunt.summary (
        municipality, grain, period, touchpoint, structure, item, indicator, kind, is_test,
        given, not_applicable
    )
    with given as materialized (
        select response.municipality, response.day, response.touchpoint, response.structure,
            item.item, item.indicator, item.kind,
            case item.kind
                when 'yes_partly_no'
                    then array_position(array['nee', 'deels', 'ja'], answer.value #>> '{{}}')
                else answer.value::integer
            end as value,
            count(*) as times
        from meetpunt.response
        cross join lateral jsonb_each(response.answers) as answer (item, value)
        join meetpunt.item
            on item.municipality = response.municipality
            and item.structure = response.structure and item.item = answer.item
        group by 1, 2, 3, 4, 5, 6, 7, 8
    )
    select municipality, grain, date_trunc(grain, day::timestamp)::date as period, touchpoint,
        structure, item, min(indicator), min(kind), false, array[{_COUNTED}]::bigint[], 0
    from given
    cross join (values ('week'), ('month')) as grains (grain)
    group by municipality, grain, period, touchpoint, structure, item
    """,  # made of our own constants
    """
    insert into meetpunt.summary_responses (
        municipality, grain, period, touchpoint, structure, is_test, responses, complete, invited
    )
    select municipality, grain, date_trunc(grain, day::timestamp)::date as period, touchpoint,
        structure, false, count(*), count(*) filter (where complete),
        count(*) filter (where mode = 'bericht')
    from meetpunt.response
    cross join (values ('week'), ('month')) as grains (grain)
    group by municipality, grain, period, touchpoint, structure
    """,
)


async def summarise(db: asyncpg.Connection, say: Callable[[str], None]) -> None:
    """Fill the summaries, as a superuser."""
    began = time.monotonic()
    await db.execute("set work_mem = '512MB'")
    for statement in _SUMMARIES:
        await db.execute(statement, timeout=None)
    await db.execute("reset work_mem; reset synchronous_commit")
    await db.execute("vacuum (analyze)", timeout=None)
    say(f"  summaries: {time.monotonic() - began:.0f} s")
