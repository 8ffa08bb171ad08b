"""Every statement that publishes: from what residents answered to what may be read of it."""

# In one transaction under the lock of whoever publishes, so that a row stays where it lies.
WAITING = """/* waiting */
    select unpublished.ctid as at, unpublished.municipality, unpublished.day, response.id,
        response.touchpoint, response.structure, response.mode, response.language,
        response.complete, response.suspect <> '{}' as suspect, response.day_uncertain,
        response.dimensions,
        case jsonb_typeof(response.answers -> 'cijfer')
            when 'number' then (response.answers ->> 'cijfer')::smallint end as mark
    from meetpunt.unpublished
    join meetpunt.response
        on response.municipality = unpublished.municipality
        and response.day = unpublished.day
        and response.id = unpublished.response_id
    where unpublished.municipality = any ($1::text[]) and unpublished.day <= $2
    order by gen_random_uuid()
"""

HOW_MANY = """/* how_many_wait */
    select municipality, day, count(*) as rows
    from meetpunt.unpublished
    group by municipality, day
    order by municipality, day
"""

# The week and the month in which a row counts.
_PERIODS = (
    """cross join lateral (values ('week', week), ('month', month)) as periods (grain, period)"""
)


def _counting(first: str = "'-infinity'") -> str:
    """From rows `counted` (municipality, week, month, touchpoint, structure, small_group, answers,
    complete, invited) to what is counted of them, in periods from `first` on.

    Counted are answers of a kind with a scale; where each lies on it: see meetpunt.summary.
    """
    return f"""
    given as materialized (
        select counted.municipality, counted.week, counted.month, counted.touchpoint,
            counted.structure, counted.small_group, item.item, item.indicator, item.kind,
            case item.kind
                when 'yes_partly_no'
                    then array_position(array['nee', 'deels', 'ja'], answer.value #>> '{{}}')
                else case jsonb_typeof(answer.value) when 'number' then answer.value::integer end
            end as value,
            answer.value = '"nvt"' as nvt,
            count(*) as times
        from counted
        cross join lateral jsonb_each(counted.answers) as answer (item, value)
        join meetpunt.item
            on item.municipality = counted.municipality
            and item.structure = counted.structure
            and item.item = answer.item
        where item.kind in ('mark', 'agreement', 'smileys', 'yes_partly_no')
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ),
    distributed as materialized (
        select municipality, grain, period, touchpoint, structure, item,
            min(indicator) as indicator, min(kind) as kind, bool_or(small_group) as small_group,
            array[
                coalesce(sum(times) filter (where value = 1), 0),
                coalesce(sum(times) filter (where value = 2), 0),
                coalesce(sum(times) filter (where value = 3), 0),
                coalesce(sum(times) filter (where value = 4), 0),
                coalesce(sum(times) filter (where value = 5), 0),
                coalesce(sum(times) filter (where value = 6), 0),
                coalesce(sum(times) filter (where value = 7), 0),
                coalesce(sum(times) filter (where value = 8), 0),
                coalesce(sum(times) filter (where value = 9), 0),
                coalesce(sum(times) filter (where value = 10), 0)
            ]::bigint[] as given,
            coalesce(sum(times) filter (where nvt), 0) as not_applicable
        from given
        {_PERIODS}
        group by municipality, grain, period, touchpoint, structure, item
    ),
    into_summary as (
        insert into meetpunt.summary as s (
            municipality, grain, period, touchpoint, structure, item, indicator, kind, small_group,
            given, not_applicable
        )
        select municipality, grain, period, touchpoint, structure, item, indicator, kind,
            small_group, given, not_applicable
        from distributed
        where period >= {first}
        on conflict (municipality, grain, period, touchpoint, structure, item) do update
        set given = meetpunt.added(s.given, excluded.given),
            not_applicable = s.not_applicable + excluded.not_applicable,
            small_group = s.small_group or excluded.small_group
    ),
    into_figures as (
        insert into lees.cijfer as s
            (municipality, grain, period, channel, indicator, kind, given, small_group)
        select distributed.municipality, grain, period, touchpoint.channel, indicator, kind,
            array[
                sum(given[1]), sum(given[2]), sum(given[3]), sum(given[4]), sum(given[5]),
                sum(given[6]), sum(given[7]), sum(given[8]), sum(given[9]), sum(given[10])
            ]::bigint[],
            bool_or(small_group)
        from distributed
        join meetpunt.touchpoint
            on touchpoint.municipality = distributed.municipality
            and touchpoint.number = distributed.touchpoint
        where indicator is not null and period >= {first}
        group by 1, 2, 3, 4, 5, 6
        on conflict (municipality, grain, period, channel, indicator, kind) do update
        set given = meetpunt.added(s.given, excluded.given),
            small_group = s.small_group or excluded.small_group
    ),
    responded as materialized (
        select counted.municipality, grain, period, counted.touchpoint, counted.structure,
            touchpoint.channel, count(*) as responses,
            count(*) filter (where complete) as complete, count(*) filter (where invited) as invited
        from counted
        join meetpunt.touchpoint
            on touchpoint.municipality = counted.municipality
            and touchpoint.number = counted.touchpoint
        {_PERIODS}
        where period >= {first}
        group by 1, 2, 3, 4, 5, 6
    ),
    into_responses as (
        insert into meetpunt.summary_responses as s (
            municipality, grain, period, touchpoint, structure, responses, complete, invited
        )
        select municipality, grain, period, touchpoint, structure, responses, complete, invited
        from responded
        on conflict (municipality, grain, period, touchpoint, structure) do update
        set responses = s.responses + excluded.responses,
            complete = s.complete + excluded.complete,
            invited = s.invited + excluded.invited
    ),
    into_completeness as (
        insert into lees.deelname as s
            (municipality, grain, period, channel, responses, complete)
        select municipality, grain, period, channel, sum(responses), sum(complete)
        from responded
        group by municipality, grain, period, channel
        on conflict (municipality, grain, period, channel) do update
        set responses = s.responses + excluded.responses,
            complete = s.complete + excluded.complete
    )
    """  # noqa: S608  # made of our own constants


PUBLISH = f"""/* publish */
    with placed as materialized (
        select *
        from unnest(
            $1::text[], $2::date[], $3::uuid[], $4::date[], $5::date[], $6::date[], $7::date[],
            $8::text[], $9::text[], $10::text[], $11::boolean[]
        ) as p (
            municipality, day, id, closed_on, month, week, kept_day, kept_mode, kept_language,
            kept_dimensions, small_group
        )
    ),
    source as materialized (
        select placed.*, response.touchpoint, response.questionnaire, response.version,
            response.structure, response.complete, response.suspect, response.answers,
            response.mode = 'bericht' as invited
        from placed
        join meetpunt.response
            on response.municipality = placed.municipality
            and response.day = placed.day
            and response.id = placed.id
    ),
    taken as (
        delete from meetpunt.unpublished where ctid = any ($12::tid[])
    ),
    -- In an order that says nothing: neither the id nor the place is that of the response.
    shown as (
        insert into lees.reactie (
            municipality, month, week, day, touchpoint, questionnaire, version, structure, complete,
            suspect, small_group, mode, language, dimensions, answers
        )
        select municipality, month, week, kept_day, touchpoint, questionnaire, version, structure,
            complete, suspect, small_group, kept_mode, kept_language, kept_dimensions::jsonb,
            answers
        from source
        order by municipality, gen_random_uuid()
    ),
    counted as materialized (
        select municipality, week, month, touchpoint, structure, small_group, answers, complete,
            invited
        from source
        where suspect = '{{}}'
    ),
    into_invitations as (
        insert into meetpunt.invitation_count as s (municipality, day, touchpoint, product, spent)
        select municipality, closed_on, touchpoint,
            coalesce(kept_dimensions::jsonb ->> 'product', ''), count(*)
        from source
        where invited and suspect = '{{}}'
        group by 1, 2, 3, 4
        order by 1, 2, 3, 4
        on conflict (municipality, day, touchpoint, product) do update
        set spent = s.spent + excluded.spent
    ),
    {_counting()}
    select count(*) from source
"""  # noqa: S608  # made of our own constants

# Texts leave their response here: afterwards nothing leads from one to the other.
PUBLISH_TEXTS = """/* publish_texts */
    with placed as materialized (
        select *
        from unnest(
            $1::text[], $2::date[], $3::uuid[], $4::integer[], $5::boolean[], $6::text[],
            $7::date[], $8::date[], $9::boolean[]
        ) as p (
            municipality, day, id, touchpoint, invited, judgement, month, readable_in, small_group
        )
    ),
    released as materialized (
        select *
        from unnest(
            $10::text[], $11::integer[], $12::boolean[], $13::text[], $14::date[], $15::boolean[]
        ) as r (municipality, touchpoint, invited, judgement, readable_in, small_group)
    ),
    taken as (
        delete from meetpunt.free_text
        using placed
        where free_text.municipality = placed.municipality and free_text.day = placed.day
            and free_text.response_id = placed.id
        returning free_text.municipality, placed.touchpoint, placed.invited, placed.judgement,
            placed.month, placed.readable_in, placed.small_group,
            (select questionnaire from meetpunt.response
                where response.municipality = placed.municipality and response.day = placed.day
                    and response.id = placed.id) as questionnaire,
            free_text.item, free_text.text, free_text.masked
    ),
    waited as (
        delete from meetpunt.waiting_text as w
        using released
        where w.municipality = released.municipality and w.touchpoint = released.touchpoint
            and w.invited = released.invited and w.judgement = released.judgement
        returning w.municipality, w.touchpoint, w.judgement, released.readable_in,
            released.small_group, w.questionnaire, w.item, w.text, w.masked
    ),
    wait as (
        insert into meetpunt.waiting_text
            (municipality, touchpoint, invited, judgement, month, questionnaire, item, text, masked)
        select municipality, touchpoint, invited, judgement, month, questionnaire, item, text,
            masked
        from taken
        where readable_in is null
        order by gen_random_uuid()
    )
    insert into lees.tekst
        (municipality, month, touchpoint, questionnaire, item, judgement, small_group, text, masked)
    select municipality, readable_in, touchpoint, questionnaire, item, judgement, small_group, text,
        masked
    from (
        select municipality, readable_in, touchpoint, questionnaire, item, judgement, small_group,
            text, masked
        from taken
        where readable_in is not null
        union all
        select municipality, readable_in, touchpoint, questionnaire, item, judgement, small_group,
            text, masked
        from waited
    ) as readable
    order by gen_random_uuid()
"""

JUDGED = """/* judged */
    select municipality, touchpoint, invited, judgement, responses
    from meetpunt.judged
    where municipality = any ($1::text[])
"""

COUNT_JUDGED = """/* count_judged */
    insert into meetpunt.judged (municipality, touchpoint, invited, judgement, responses)
    select * from unnest($1::text[], $2::integer[], $3::boolean[], $4::text[], $5::bigint[])
    on conflict (municipality, touchpoint, invited, judgement) do update
    set responses = excluded.responses
"""

LOOKED_AT = """/* looked_at */
    select municipality.code, look.looked_at
    from meetpunt.municipality
    left join meetpunt.look on look.municipality = municipality.code
    order by municipality.code
"""

# What waits is counted at the look, and not between two of them.
LOOKED = """/* looked */
    with waiting as (
        select response.municipality, response.touchpoint, count(*) as responses
        from meetpunt.unpublished
        join meetpunt.response
            on response.municipality = unpublished.municipality
            and response.day = unpublished.day
            and response.id = unpublished.response_id
        where unpublished.municipality = any ($1::text[])
        group by response.municipality, response.touchpoint
    ),
    noted as (
        insert into meetpunt.look (municipality, looked_at)
        select municipality, $2 from unnest($1::text[]) as municipality
        on conflict (municipality) do update set looked_at = excluded.looked_at
    )
    insert into lees.stand as s (municipality, touchpoint, looked_at, waiting)
    select touchpoint.municipality, touchpoint.number, $2, coalesce(waiting.responses, 0)
    from meetpunt.touchpoint
    left join waiting
        on waiting.municipality = touchpoint.municipality and waiting.touchpoint = touchpoint.number
    where touchpoint.municipality = any ($1::text[])
    on conflict (municipality, touchpoint) do update
    set looked_at = excluded.looked_at, waiting = excluded.waiting
"""

# $2: no invitation of before that day is counted any more.
INVITATIONS = """/* invitations */
    insert into lees.uitnodiging as s (municipality, day, channel, product, issued, spent, expired)
    select counted.municipality, counted.day, touchpoint.channel,
        coalesce(nullif(counted.product, ''), touchpoint.product, ''),
        sum(counted.issued), sum(counted.spent), sum(counted.expired)
    from meetpunt.invitation_count as counted
    join meetpunt.touchpoint
        on touchpoint.municipality = counted.municipality and touchpoint.number = counted.touchpoint
    where counted.municipality = any ($1::text[]) and counted.day >= $2
    group by 1, 2, 3, 4
    on conflict (municipality, day, channel, product) do update
    set issued = excluded.issued, spent = excluded.spent, expired = excluded.expired
    where (s.issued, s.spent, s.expired) is distinct from
        (excluded.issued, excluded.spent, excluded.expired)
"""

# From the rows that are readable: what is published is counted, and nothing else.
REBUILD = f"""/* rebuild */
    with counted as materialized (
        select municipality, week, month, touchpoint, structure, small_group, answers, complete,
            mode is not distinct from 'bericht' as invited
        from lees.reactie
        where municipality = $1 and suspect = '{{}}'
    ),
    {_counting("$2::text::date")}
    select count(*) from counted
"""  # noqa: S608  # made of our own constants

FORGET = (
    """/* forget_summary */
    delete from meetpunt.summary where municipality = $1 and period >= $2::text::date""",
    """/* forget_summary_responses */
    delete from meetpunt.summary_responses
    where municipality = $1 and period >= $2::text::date""",
    """/* forget_figures */
    delete from lees.cijfer where municipality = $1 and period >= $2::text::date""",
    """/* forget_completeness */
    delete from lees.deelname where municipality = $1 and period >= $2::text::date""",
)

PURGED_BEFORE = """/* purged_before */
    select coalesce(
        (select day from meetpunt.purged_before where municipality = $1), '-infinity'::date
    )::text
"""
