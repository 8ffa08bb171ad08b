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
        counted.whole,
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
        greatest(shown * squares - total * total, 0) / (shown * (shown - 1)) * (100.0 / (top - 1)) ^ 2 as variance,
        lees.squared_error(shown, total, squares, 1, top) * (100.0 / (top - 1)) ^ 2 as error
    from shown
),
compared as (
    select measured.*,
        first_value(case when whole then array[mean, error, shown] end) over previous as previous,
        first_value(case when whole then array[mean, error, shown] end) over year_before as year_before
    from measured
    window
        previous as (partition by municipality, channel, indicator, kind order by nth
            range between {before} preceding and {before} preceding),
        year_before as (partition by municipality, channel, indicator, kind order by nth
            range between {year} preceding and {year} preceding)
),
tested as (
    select compared.*,
        lees.welch_p(mean - previous[1], error, shown, previous[2], previous[3]) as previous_p,
        lees.welch_p(mean - year_before[1], error, shown, year_before[2], year_before[3]) as year_before_p
    from compared
),
-- Holm's step-down (Scandinavian Journal of Statistics 6, 1979): the smallest p of all that stand together counts as often as there
-- are, the next once less, and none less than one before it.
ranked as (
    select tested.*,
        previous_p * (1 + count(previous_p) over together - row_number() over previous_rank) as previous_step,
        year_before_p * (1 + count(year_before_p) over together - row_number() over year_before_rank) as year_before_step
    from tested
    window
        together as (partition by municipality, period),
        previous_rank as (partition by municipality, period order by previous_p),
        year_before_rank as (partition by municipality, period order by year_before_p)
),
corrected as (
    select ranked.*,
        case when previous_p is not null then
            least(1, max(previous_step) over (partition by municipality, period order by previous_p)) end as previous_holm,
        case when year_before_p is not null then
            least(1, max(year_before_step) over (partition by municipality, period order by year_before_p)) end as year_before_holm
    from ranked
),
--! looked {}
select
    figures.municipality as gemeente_code,
    figures.period as {periode},
    figures.channel as kanaal,
    figures.indicator as indicator,
    figures.kind as soort,
    figures.n as n,
    case when has_mean then total / shown end as gemiddelde,
    mean as gemiddelde_100,
    sqrt(variance) as standaardafwijking,
    (lees.mean_low(shown, total, squares, 1, top) - 1) * 100 / (top - 1) as ondergrens_95,
    (lees.mean_high(shown, total, squares, 1, top) - 1) * 100 / (top - 1) as bovengrens_95,
    lt_6 / marks as aandeel_lt_55,
    lees.wilson_low(lt_6, marks) as aandeel_lt_55_ondergrens,
    lees.wilson_high(lt_6, marks) as aandeel_lt_55_bovengrens,
    lt_6 / marks as aandeel_lt_6,
    lees.wilson_low(lt_6, marks) as aandeel_lt_6_ondergrens,
    lees.wilson_high(lt_6, marks) as aandeel_lt_6_bovengrens,
    le_6 / marks as aandeel_le_6,
    lees.wilson_low(le_6, marks) as aandeel_le_6_ondergrens,
    lees.wilson_high(le_6, marks) as aandeel_le_6_bovengrens,
    ge_8 / marks as aandeel_ge_8,
    lees.wilson_low(ge_8, marks) as aandeel_ge_8_ondergrens,
    lees.wilson_high(ge_8, marks) as aandeel_ge_8_bovengrens,
    case when shown is not null then given[:top] end as verdeling,
    case when shown is not null then complete / nullif(responses, 0)::double precision end as aandeel_volledig,
    case when shown is not null then (spent / nullif(issued, 0))::double precision end as respons,
    mean - previous[1] as verschil_vorige,
    previous_p < 0.05 as verschil_vorige_significant,
    previous_p as verschil_vorige_p,
    previous_holm as verschil_vorige_p_holm,
    lees.findable(error, shown, previous[2], previous[3]) as verschil_vorige_aantoonbaar,
    mean - year_before[1] as verschil_vorig_jaar,
    year_before_p < 0.05 as verschil_vorig_jaar_significant,
    year_before_p as verschil_vorig_jaar_p,
    year_before_holm as verschil_vorig_jaar_p_holm,
    lees.findable(error, shown, year_before[2], year_before[3]) as verschil_vorig_jaar_aantoonbaar,
    case when shown is not null then total::bigint end as som,
    case when shown is not null then squares::bigint end as som_kwadraten,
    lt_6::bigint as aantal_lt_55,
    lt_6::bigint as aantal_lt_6,
    le_6::bigint as aantal_le_6,
    ge_8::bigint as aantal_ge_8,
    small_group as kleine_groep,
    looked.looked_at as peilmoment,
    looked.waiting as wachtend_n
from corrected as figures
left join filled_in
    on filled_in.municipality = figures.municipality and filled_in.period = figures.period
    and filled_in.channel = figures.channel
left join invited
    on invited.municipality = figures.municipality and invited.period = figures.period
    and invited.channel = figures.channel
left join looked
    on looked.municipality = figures.municipality and looked.channel = figures.channel
