-- Under 10 answers `shown` is null, and so is every figure that is worked out with it. As what they are worked out
-- with, double precision: every cast further on would be made many times.
with
--! {rows} {"grain": "{grain}"}
shown as (
    select
        counted.municipality, counted.period, counted.channel, counted.indicator, counted.kind, counted.small_group,
        kinds.top,
        kinds.has_mean,
        kinds.school_mark,
        {nth} as nth,
        counted.n,
        case when counted.n >= 10 then counted.n::double precision end as shown,
        counted.total::double precision as total,
        counted.squares::double precision as squares,
        counted.given,
        case when kinds.school_mark and counted.n >= 10 then
            (given[1] + given[2] + given[3] + given[4] + given[5])::double precision end as lt_6,
        case when kinds.school_mark and counted.n >= 10 then
            (given[1] + given[2] + given[3] + given[4] + given[5] + given[6])::double precision end as le_6,
        case when kinds.school_mark and counted.n >= 10 then
            (given[8] + given[9] + given[10])::double precision end as ge_8
    from counted
    join {counted_kinds} using (kind)
),
measured as (
    select shown.*,
        case when school_mark then shown end as marks,
        (total / shown - 1) * 100 / (top - 1) as mean,
        greatest(shown * squares - total * total, 0) / (shown * (shown - 1)) * (100.0 / (top - 1)) ^ 2 as variance
    from shown
),
compared as (
    select measured.*,
        first_value(array[mean, variance, shown]) over previous as previous,
        first_value(array[mean, variance, shown]) over year_before as year_before
    from measured
    window
        previous as (partition by municipality, channel, indicator, kind order by nth
            range between {before} preceding and {before} preceding),
        year_before as (partition by municipality, channel, indicator, kind order by nth
            range between {year} preceding and {year} preceding)
),
looked as (
    select stand.municipality, touchpoint.channel, max(stand.looked_at) as looked_at, sum(stand.waiting)::bigint as waiting
    from {stand} as stand
    join {dim_meetpunt} as touchpoint
        on touchpoint.municipality = stand.municipality and touchpoint.number = stand.touchpoint
    group by stand.municipality, touchpoint.channel
)
select
    figures.municipality as gemeente_code,
    figures.period as {periode},
    figures.channel as kanaal,
    figures.indicator as indicator,
    figures.kind as soort,
    figures.n as n,
    case when has_mean then round((total / shown)::numeric, 6) end as gemiddelde,
    round(mean::numeric, 6) as gemiddelde_100,
    round(sqrt(variance)::numeric, 6) as standaardafwijking,
    round((mean - lees.t_margin(variance, shown))::numeric, 6) as ondergrens_95,
    round((mean + lees.t_margin(variance, shown))::numeric, 6) as bovengrens_95,
    round((lt_6 / marks)::numeric, 6) as aandeel_lt_55,
    round(lees.wilson_low(lt_6, marks)::numeric, 6) as aandeel_lt_55_ondergrens,
    round(lees.wilson_high(lt_6, marks)::numeric, 6) as aandeel_lt_55_bovengrens,
    round((lt_6 / marks)::numeric, 6) as aandeel_lt_6,
    round(lees.wilson_low(lt_6, marks)::numeric, 6) as aandeel_lt_6_ondergrens,
    round(lees.wilson_high(lt_6, marks)::numeric, 6) as aandeel_lt_6_bovengrens,
    round((le_6 / marks)::numeric, 6) as aandeel_le_6,
    round(lees.wilson_low(le_6, marks)::numeric, 6) as aandeel_le_6_ondergrens,
    round(lees.wilson_high(le_6, marks)::numeric, 6) as aandeel_le_6_bovengrens,
    round((ge_8 / marks)::numeric, 6) as aandeel_ge_8,
    round(lees.wilson_low(ge_8, marks)::numeric, 6) as aandeel_ge_8_ondergrens,
    round(lees.wilson_high(ge_8, marks)::numeric, 6) as aandeel_ge_8_bovengrens,
    case when shown is not null then given[:top] end as verdeling,
    case when shown is not null then round(complete / nullif(responses, 0)::numeric, 6) end as aandeel_volledig,
    case when shown is not null then round(spent / nullif(issued, 0), 6) end as respons,
    round((mean - previous[1])::numeric, 6) as verschil_vorige,
    lees.welch_differs(mean, variance, shown, previous[1], previous[2], previous[3]) as verschil_vorige_significant,
    round((mean - year_before[1])::numeric, 6) as verschil_vorig_jaar,
    lees.welch_differs(mean, variance, shown, year_before[1], year_before[2], year_before[3])
        as verschil_vorig_jaar_significant,
    case when shown is not null then total::bigint end as som,
    case when shown is not null then squares::bigint end as som_kwadraten,
    lt_6::bigint as aantal_lt_55,
    lt_6::bigint as aantal_lt_6,
    le_6::bigint as aantal_le_6,
    ge_8::bigint as aantal_ge_8,
    small_group as kleine_groep,
    looked.looked_at as peilmoment,
    looked.waiting as wachtend_n
from compared as figures
left join filled_in
    on filled_in.municipality = figures.municipality and filled_in.period = figures.period
    and filled_in.channel = figures.channel
left join invited
    on invited.municipality = figures.municipality and invited.period = figures.period
    and invited.channel = figures.channel
left join looked
    on looked.municipality = figures.municipality and looked.channel = figures.channel
