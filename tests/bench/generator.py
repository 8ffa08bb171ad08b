"""A year of responses, made in SQL and published: what dashboards and inserts meet once in use."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import asyncpg

from ingest.clock import today_here
from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from ingest.reporting.region import tell_regions

_DAYS = 365
_TABLES = ("meetpunt.response", "meetpunt.receipt", "meetpunt.free_text", "meetpunt.unpublished")

# What is asked where, and which share of the responses comes in there: that of the municipality
# over its touchpoints. The version of the touchpoint.
_ASKED = """
    create temporary table asked as
        select row_number() over () as n, touchpoint.municipality, touchpoint.number,
            share / count(*) over (partition by touchpoint.municipality) as share,
            touchpoint.channel, questionnaire.questionnaire, questionnaire.version,
            questionnaire.structure
        from meetpunt.touchpoint
        join sized using (municipality)
        join meetpunt.touchpoint_version as version
            on version.municipality = touchpoint.municipality
            and version.touchpoint = touchpoint.number
        join meetpunt.questionnaire
            on questionnaire.municipality = version.municipality
            and questionnaire.questionnaire = version.questionnaire
            and questionnaire.version = version.version;
    analyze asked;
"""

_ONE_DAY = """
    with drawn as materialized (
        select gen_random_uuid() as id, n
        from asked, generate_series(1, floor(share * $2::integer + random())::integer)
        order by id
    ),
    made as materialized (
        select drawn.id, asked.*,
            case channel when 'balie' then 'kiosk' when 'online' then 'widget' else 'bericht' end
                as mode
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
            case when mode <> 'bericht' then 9 + floor(random() * 8)::smallint end, mode,
            mode <> 'widget' or random() < 0.9, '{}', false,
            jsonb_build_object('product', (array['paspoort', 'paspoort', 'rijbewijs', 'verhuizing'])
                [1 + floor(random() * 4)::integer]),
            answers
        from made join answered using (municipality, id)
    ),
    receipts as (
        insert into meetpunt.receipt (municipality, week, id, content_code, complete)
        select municipality, date_trunc('week', $1::timestamp)::date, id, sha256(id::text::bytea),
            true
        from made
        where $1::date >= current_date - 30
    ),
    queued as (
        insert into meetpunt.unpublished (municipality, day, response_id)
        select municipality, $1::date, id from made
    )
    insert into meetpunt.free_text (municipality, day, response_id, item, text, masked)
    select made.municipality, $1::date, made.id, item.item, repeat('Fijn geholpen, dank. ', 7), '{}'
    from made
    join meetpunt.item using (municipality, structure)
    where item.kind = 'text' and random() < 0.4
"""

_INVITED = """
    insert into meetpunt.invitation_count (municipality, day, touchpoint, product, issued)
    select municipality, $1::date, number, '', 100
    from asked where channel not in ('balie', 'online')
    group by municipality, number
"""


async def fill(
    db: asyncpg.Connection,
    rows: int,
    say: Callable[[str], None],
    sizes: Mapping[str, int] | None = None,
) -> None:
    """About `rows` responses over the year up to yesterday, as a superuser, in order of day.

    They come from each municipality in proportion to `sizes`, by its code; without, from all alike.
    Indexes and references are made after the rows: the same in the end, and hours sooner.
    """
    await db.execute("create temporary table sized (municipality text, share float)")
    if sizes is None:
        sizes = dict.fromkeys(
            [row[0] for row in await db.fetch("select code from meetpunt.municipality")], 1
        )
    in_all = sum(sizes.values())
    shares = [(code, size / in_all) for code, size in sizes.items()]
    await db.copy_records_to_table("sized", records=shares)
    await db.execute(_ASKED)
    again = await _without_indexes(db)
    # Leaves out the checks of references, row by row; what is made here refers to what is there.
    await db.execute("set session_replication_role = replica; set synchronous_commit = off")
    began, first = time.monotonic(), today_here() - timedelta(days=_DAYS)
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


async def publish_all(
    db: asyncpg.Connection, catalogue: Catalogue, say: Callable[[str], None]
) -> None:
    """Publish what waits, as `meetpunt_folder`: in the batches that a look a day would have made.

    The regions are told every month that is over.
    """
    began, now = time.monotonic(), datetime.now(UTC)
    looked = await publish(db, plan_of(catalogue), now=now, wait=True, due_only=False)
    took = time.monotonic() - began
    say(f"  {looked.responses} responses published: {took:.0f} s")
    cells = await tell_regions(db, now=now, wait=True)
    say(f"  regions, {cells} cells: {time.monotonic() - began - took:.0f} s")


async def tidy(db: asyncpg.Connection) -> None:
    """As after a year of nights, as a superuser: queue and texts lay there for a day at a time."""
    await db.execute("vacuum (full) meetpunt.unpublished", timeout=None)
    await db.execute("vacuum (full) meetpunt.free_text", timeout=None)
    await db.execute("reset synchronous_commit")
    await db.execute("vacuum (analyze)", timeout=None)
