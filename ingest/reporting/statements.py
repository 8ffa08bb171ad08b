"""The statements of publishing: from what residents answered to what may be read of it."""

from collections.abc import Iterable

from ingest.reporting.counting import counting, details_of


def _sampled(structures: str, codes: str) -> str:
    """Whether a response was asked what only a sample is asked: SQL.

    The parameters are structures, and for each the first item of its sample, that is always stored.
    """
    code = f"({codes}::text[])[array_position({structures}::text[], response.structure)]"
    return f"coalesce(response.answers ? {code}, false)"


# Of the current month ($6) those of a sample are not read: they go by the month.
# Run under the lock of publishing, so that a row keeps its place in the table (ctid) until the end
# of the transaction, unless a purge removes it with its response.
# Places and ids are fetched and sent back as text, because nothing is done with them in between.
# The columns that differ in each row come first (`alike.OWN`).
WAITING = f"""/* waiting */
    select unpublished.ctid::text as at, response.id::text as id,
        case jsonb_typeof(response.answers -> 'cijfer')
            when 'number' then (response.answers ->> 'cijfer')::numeric::smallint end as mark,
        jsonb_path_exists(response.answers, '$.* ? (@ == "nee")') as says_no,
        unpublished.municipality, unpublished.day,
        response.touchpoint, response.structure, response.mode, response.language,
        response.complete, array_to_string(response.suspect, ',') as suspect,
        response.day_uncertain, unpublished.sent_by_us, unpublished.told, unpublished.batch,
        unpublished.closed_on,
        case when response.hour is null then null when response.hour < 12 then 'ochtend'
            when response.hour < 17 then 'middag' else 'avond' end as daypart,
        response.dimensions,
        case when response.structure = any ($3::text[]) then response.answers end as answers
    from meetpunt.unpublished
    join meetpunt.response
        on response.municipality = unpublished.municipality
        and response.day = unpublished.day
        and response.id = unpublished.response_id
    where unpublished.municipality = any ($1::text[]) and unpublished.day <= $2
        and coalesce(unpublished.closed_on <= $2, true)
        and (unpublished.day < $6 or not {_sampled("$4", "$5")})
"""  # noqa: S608  # made of our own constants

# Pages promise batches of ten where they do not name a smaller one. This reads the mirror in the
# database: a smaller batch counts from `migrate` on, whatever files this process has read.
PROMISED = """/* promised */
    select number, case when batch >= 10 then 'infinity' else ten_until end as ten_until
    from meetpunt.touchpoint
    where municipality = any ($1::text[]) and (batch >= 10 or ten_until is not null)
"""

HOW_MANY = """/* how_many_wait */
    select municipality, day, count(*) as rows
    from meetpunt.unpublished
    group by municipality, day
    order by municipality, day
"""

# A kind is all that rows of one batch have in common once they are published. At least ten rows
# share it, so each kind is sent once. A row is found by its place in the queue and checked by its
# id: after a purge another row may have that place. Places, ids and kinds are sent as arrays in
# text (`array_of`), because the driver would look at every element of an array several times.
PUBLISH = f"""/* publish */
    with kinds as materialized (
        select k.*, string_to_array(kept_suspect, ',') as suspect,
            {details_of("kept_dimensions", "kept_mode", "kept_daypart")}
        from unnest(
            $4::date[], $5::date[], $6::date[], $7::date[], $8::text[], $9::text[], $10::jsonb[],
            $11::text[], $12::boolean[], $13::text[], $14::text[], $15::text[], $16::integer[],
            $17::text[]
        ) with ordinality as k (
            closed_on, month, week, kept_day, kept_mode, kept_language, kept_dimensions,
            kept_suspect, small_group, dropped, kept_daypart, municipality, touchpoint, structure,
            number
        )
    ),
    taken as materialized (
        delete from meetpunt.unpublished
        using unnest($1::text::tid[], $2::text::uuid[], $3::text::bigint[]) as p (at, id, kind)
        where unpublished.ctid = p.at and unpublished.response_id = p.id
        returning unpublished.municipality, unpublished.day, p.id, unpublished.sent_by_us,
            p.kind as number
    ),
    source as materialized (
        select taken.number, taken.sent_by_us, response.questionnaire, response.version,
            response.complete,
            case when kinds.dropped = '' then response.answers
                else response.answers - string_to_array(kinds.dropped, ',') end as answers,
            response.mode = 'bericht' as invited, kinds.suspect = '{{}}' as counts
        from taken
        join kinds using (number)
        join meetpunt.response
            on response.municipality = taken.municipality
            and response.day = taken.day
            and response.id = taken.id
    ),
    -- In the order of an id of their own, which says nothing: neither leads to the response.
    shown as (
        insert into lees.reactie (
            municipality, month, week, day, id, touchpoint, questionnaire, version, structure,
            complete, suspect, small_group, mode, language, dimensions, answers, daypart
        )
        select municipality, month, week, kept_day, gen_random_uuid() as own_id, touchpoint,
            questionnaire, version, structure, complete, suspect, small_group, kept_mode,
            kept_language, kept_dimensions, answers, kept_daypart
        from source
        join kinds using (number)
        order by municipality, own_id
    ),
    counted as materialized (
        select number, answers, complete from source where counts
    ),
    -- Only of links that the municipality sent itself. Of ours the month is told, when it is over.
    into_invitations as (
        insert into meetpunt.invitation_count as s (municipality, day, touchpoint, product, spent)
        select municipality, closed_on, touchpoint,
            coalesce(kept_dimensions ->> 'product', ''), sum(spent)
        from (
            select number, count(*) as spent
            from source
            where invited and not sent_by_us and counts
            group by number
        ) as of_kind
        join kinds using (number)
        group by 1, 2, 3, 4
        order by 1, 2, 3, 4
        on conflict (municipality, day, touchpoint, product) do update
        set spent = s.spent + excluded.spent
    ),
    {counting()}
    select count(*) from source
"""  # noqa: S608  # made of our own constants


def array_of(values: Iterable[object]) -> str:
    """An array as Postgres reads it; of at least one value, without quotes or backslashes."""
    return '{"' + '","'.join(map(str, values)) + '"}'


LOOKED_AT = """/* looked_at */
    select municipality.code, look.looked_at
    from meetpunt.municipality
    left join meetpunt.look on look.municipality = municipality.code
    order by municipality.code
"""

# The number of waiting responses is only counted at a look, and never of those who were invited or
# asked what only a sample is asked: whoever has a list of these would see on which day somebody
# answered. Of the current day only
# what may be seen within the day counts.
LOOKED = f"""/* looked */
    with looks as materialized (
        select * from unnest($1::text[], $3::date[], $4::boolean[])
            as l (municipality, days_before, open_today)
    ),
    waiting as (
        select response.municipality, response.touchpoint, count(*) as responses
        from looks
        join meetpunt.unpublished on unpublished.municipality = looks.municipality
        join meetpunt.response
            on response.municipality = unpublished.municipality
            and response.day = unpublished.day
            and response.id = unpublished.response_id
        where response.mode <> 'bericht'
            and not {_sampled("$5", "$6")}
            and (response.day < looks.days_before or (looks.open_today and response.complete))
        group by response.municipality, response.touchpoint
    ),
    noted as (
        insert into meetpunt.look (municipality, looked_at)
        select municipality, $2 from looks
        on conflict (municipality) do update set looked_at = excluded.looked_at
    )
    insert into lees.stand as s (municipality, touchpoint, looked_at, waiting)
    select touchpoint.municipality, touchpoint.number, $2, coalesce(waiting.responses, 0)
    from meetpunt.touchpoint
    left join waiting
        on waiting.municipality = touchpoint.municipality and waiting.touchpoint = touchpoint.number
    where touchpoint.municipality in (select municipality from looks)
    on conflict (municipality, touchpoint) do update
    set looked_at = excluded.looked_at, waiting = excluded.waiting
"""  # noqa: S608  # made of our own constants

# $2: for each municipality, the day before which no count has changed since the last look.
INVITATIONS = """/* invitations */
    insert into lees.uitnodiging as s (municipality, day, channel, product, issued, spent)
    select counted.municipality, counted.day, touchpoint.channel, told.product,
        sum(told.issued), sum(told.spent)
    from unnest($1::text[], $2::date[]) as changed (municipality, since)
    join meetpunt.invitation_count as counted
        on counted.municipality = changed.municipality and counted.day >= changed.since
    join meetpunt.touchpoint
        on touchpoint.municipality = counted.municipality and touchpoint.number = counted.touchpoint
    -- What was issued without a product is about the one that the touchpoint stands for. What was
    -- spent without one may be about another, that too few shared.
    cross join lateral (values
        (coalesce(nullif(counted.product, ''), touchpoint.product, ''), counted.issued, 0),
        (counted.product, 0, counted.spent)
    ) as told (product, issued, spent)
    group by 1, 2, 3, 4
    on conflict (municipality, day, channel, product) do update
    set issued = excluded.issued, spent = excluded.spent
    where (s.issued, s.spent) is distinct from (excluded.issued, excluded.spent)
"""
