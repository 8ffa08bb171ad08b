create view {schema}.verbeteringen as
-- Whole weeks on both sides, as figures of weeks are what there is: the week of the improvement itself counts on neither, unless
-- it is of a Monday.
with told as (
    select improvement.*,
        (date_trunc('week', improvement.day::timestamp) - interval '56 days')::date as before_from,
        date_trunc('week', improvement.day::timestamp)::date as before_until,
        date_trunc('week', (improvement.day + 6)::timestamp)::date as after_from,
        date_trunc('week', (improvement.day + 6)::timestamp)::date + 56 as after_until
    from {verbetering} as improvement
),
-- One without a channel is of each channel that its department has a touchpoint on, or else of all.
places as (
    select told.*, on_channel.channel as told_on
    from told
    join lateral (
        select distinct touchpoint.channel
        from {dim_meetpunt} as touchpoint
        left join {dim_afdeling} as department
            on department.municipality = told.municipality and department.slug = told.department
            and cardinality(department.touchpoints) > 0
        where touchpoint.municipality = told.municipality
            and told.channel in ('', touchpoint.channel)
            and (told.channel <> '' or department.slug is null or touchpoint.slug = any (department.touchpoints))
    ) as on_channel on true
),
counted as (
    select places.municipality, places.position, places.told_on, figure.indicator, figure.kind,
        bool_or(figure.small_group) as small_group,
        coalesce(sum(figure.n) filter (where figure.period < before_until), 0)::bigint as n_before,
        sum(figure.total) filter (where figure.period < before_until)::double precision as total_before,
        sum(figure.squares) filter (where figure.period < before_until)::double precision as squares_before,
        coalesce(sum(figure.n) filter (where figure.period >= after_from), 0)::bigint as n_after,
        sum(figure.total) filter (where figure.period >= after_from)::double precision as total_after,
        sum(figure.squares) filter (where figure.period >= after_from)::double precision as squares_after
    from places
    join {cijfer} as figure
        on figure.municipality = places.municipality and figure.grain = 'week' and figure.channel = places.told_on
        and figure.period >= places.before_from and figure.period < places.after_until
    group by places.municipality, places.position, places.told_on, figure.indicator, figure.kind
),
shown as (
    select places.*, counted.indicator, counted.kind, counted.small_group, kinds.top, kinds.has_mean,
        coalesce(counted.n_before, 0) as n_before,
        coalesce(counted.n_after, 0) as n_after,
        case when counted.n_before >= 10 then counted.n_before::double precision end as before,
        case when counted.n_after >= 10 then counted.n_after::double precision end as after,
        counted.total_before, counted.squares_before, counted.total_after, counted.squares_after,
        places.after_until <= (now() at time zone 'Europe/Amsterdam')::date as is_over
    from places
    left join counted
        on counted.municipality = places.municipality and counted.position = places.position
        and counted.told_on = places.told_on
    left join {counted_kinds} on kinds.kind = counted.kind
),
measured as (
    select shown.*,
        100 / (top - 1)::double precision as whole,
        total_after / after - total_before / before as difference,
        lees.squared_error(before, total_before, squares_before, 1, top) as error_before,
        lees.squared_error(after, total_after, squares_after, 1, top) as error_after
    from shown
),
tested as (
    select measured.*,
        case when is_over then lees.welch_p(difference, error_after, after, error_before, before) end as p
    from measured
),
-- Holm's step-down, as in indicator_per_maand: over all that one improvement is judged by.
ranked as (
    select tested.*,
        p * (1 + count(p) over (partition by municipality, position)
            - row_number() over (partition by municipality, position order by p)) as step
    from tested
),
corrected as (
    select ranked.*,
        case when p is not null then least(1, max(step) over (partition by municipality, position order by p)) end as holm
    from ranked
),
--! looked {}
select
    figures.municipality as gemeente_code,
    position as verbetering,
    day as datum,
    date_trunc('week', day::timestamp)::date as week,
    date_trunc('month', day::timestamp)::date as maand,
    nullif(department, '') as afdeling,
    told_on as kanaal,
    text as tekst,
    indicator as indicator,
    kind as soort,
    before_from as voor_vanaf,
    before_until - 1 as voor_tot_en_met,
    n_before as voor_n,
    case when has_mean then total_before / before end as voor_gemiddelde,
    (total_before / before - 1) * whole as voor_gemiddelde_100,
    after_from as na_vanaf,
    after_until - 1 as na_tot_en_met,
    n_after as na_n,
    case when has_mean then total_after / after end as na_gemiddelde,
    (total_after / after - 1) * whole as na_gemiddelde_100,
    case when is_over then difference * whole end as verschil,
    case when is_over then (difference - lees.welch_margin(error_after, after, error_before, before)) * whole end
        as verschil_ondergrens_95,
    case when is_over then (difference + lees.welch_margin(error_after, after, error_before, before)) * whole end
        as verschil_bovengrens_95,
    p as p,
    holm as p_holm,
    case when is_over then lees.findable(error_after, after, error_before, before) * whole end as aantoonbaar,
    case
        when not is_over then 'te vroeg'
        when p is null then 'te weinig'
        when holm >= 0.05 then 'geen aantoonbaar verschil'
        when difference > 0 then 'hoger'
        else 'lager'
    end as oordeel,
    coalesce(small_group, false) as kleine_groep,
    looked.looked_at as peilmoment,
    looked.waiting as wachtend_n
from corrected as figures
left join looked on looked.municipality = figures.municipality and looked.channel = figures.told_on
