-- Of others what was written once, as rows that hold only what may be shown. Of oneself what was counted that day.
with cells as (
    select
        told.region, told.period, told.channel, told.core, told.indicator, told.kind, told.municipality,
        false as own, told.n, told.total, told.le_6, told.lt_6, told.ge_8, told.given, told.n is null as hidden,
        told.small_group, told.revision, told.published_on
    from {gepubliceerd} as told
    where told.grain = '{grain}' and told.latest and told.municipality <> all ({codes})
    union all
    select
        municipality.region, own.period, own.channel, own.core, own.indicator, own.kind, own.municipality,
        true, counted.n, counted.total, counted.le_6, counted.lt_6, counted.ge_8, own.given, counted.n < 10,
        own.small_group, own.revision, own.published_on
    from {vergelijking} as own
    join lees.dim_gemeente as municipality on municipality.municipality = own.municipality
    cross join lateral (
        select
            given[1] + given[2] + given[3] + given[4] + given[5]
                + given[6] + given[7] + given[8] + given[9] + given[10] as n,
            given[1] + 2 * given[2] + 3 * given[3] + 4 * given[4] + 5 * given[5]
                + 6 * given[6] + 7 * given[7] + 8 * given[8] + 9 * given[9] + 10 * given[10] as total,
            given[1] + given[2] + given[3] + given[4] + given[5] + given[6] as le_6,
            given[1] + given[2] + given[3] + given[4] + given[5] as lt_6,
            given[8] + given[9] + given[10] as ge_8
    ) as counted
    where own.grain = '{grain}'
),
figures as (
    select
        cells.*,
        kinds.top as scale,
        kinds.has_mean,
        kinds.school_mark,
        case when not cells.hidden then cells.total / cells.n::double precision end as mean,
        region.municipalities,
        -- Who reads several municipalities knows several of the hidden ones.
        case when region.hidden = 0 or cardinality({codes}) = 1 then region.pooled end as pooled,
        region.unweighted
    from cells
    join {counted_kinds} on kinds.kind = cells.kind
    join {gepubliceerd_regio} as region
        on region.grain = '{grain}' and region.region = cells.region and region.period = cells.period
        and region.channel = cells.channel and region.core = cells.core and region.indicator = cells.indicator
        and region.kind = cells.kind
),
-- The other municipalities together, from what this reader is told of them and from nothing else: a cell that is hidden is not in
-- it. Whose distribution is not told (under 30 answers) is taken to spread about its own mean as those of which it is told do.
-- Summed where the rows are: joined to their own sums, they took time by the square of how many there are.
summed as (
    select
        figures.*,
        count(*) filter (where not own and not hidden) over others as all_others,
        sum(n) filter (where not own and not hidden) over others as all_n,
        sum(total) filter (where not own and not hidden) over others as all_total,
        sum(total::double precision * total / n) filter (where not own and not hidden) over others as about_means,
        sum(n) filter (where not own and not hidden and given is not null) over others as told_n,
        sum(lees.squares(given) - total::double precision * total / n)
            filter (where not own and not hidden and given is not null) over others as told_spread
    from figures
    window others as (partition by region, period, channel, core, indicator, kind)
),
beside as (
    select
        summed.*,
        case when own and not hidden then nullif(all_others, 0) end as other_municipalities,
        case when own and not hidden then all_n::double precision end as others_n,
        case when own and not hidden then all_total::double precision end as others_total,
        case when own and not hidden then
            about_means + all_n::double precision * case
                when told_n > 0 then told_spread / told_n::double precision
                else (lees.squares(given) - total::double precision * total / n) / n
            end
        end as others_squares,
        lees.squared_error(n, total, lees.squares(given), 1, scale) as error
    from summed
),
spread as (
    select
        beside.*,
        100 / (scale - 1)::double precision as whole,
        others_total / others_n as others_mean,
        lees.squared_error(others_n, others_total, others_squares, 1, scale) as others_error
    from beside
),
tested as (
    select
        spread.*,
        mean - others_mean as difference,
        lees.welch_p(mean - others_mean, error, n, others_error, others_n) as p,
        lees.welch_margin(error, n, others_error, others_n) as margin
    from spread
),
-- Holm's step-down, as in indicator_per_maand.
ranked as (
    select
        tested.*,
        p * (1 + count(p) over (partition by municipality, period)
            - row_number() over (partition by municipality, period order by p)) as step
    from tested
),
corrected as (
    select
        ranked.*,
        case when p is not null then least(1, max(step) over (partition by municipality, period order by p)) end as holm
    from ranked
)
select
    figures.region as regio,
    period as {periode},
    channel as kanaal,
    core as vragenlijst_kern,
    indicator as indicator,
    kind as soort,
    figures.municipality as gemeente_code,
    municipality.name as gemeente,
    own as eigen,
    n,
    case when has_mean then mean end as gemiddelde,
    (mean - 1) * 100 / (scale - 1) as gemiddelde_100,
    case when school_mark and not hidden then lt_6 / n::double precision end as aandeel_lt_55,
    case when school_mark and not hidden then lt_6 / n::double precision end as aandeel_lt_6,
    case when school_mark and not hidden then le_6 / n::double precision end as aandeel_le_6,
    case when school_mark and not hidden then ge_8 / n::double precision end as aandeel_ge_8,
    case when not hidden then given[1:scale] end as verdeling,
    not hidden and n < 30 as indicatief,
    hidden as verborgen,
    case
        when hidden and own then 'minder dan 10 eigen reacties'
        when hidden then 'minder dan 10 reacties, of nodig om een kleiner aantal te verbergen'
    end as waarom_verborgen,
    case when has_mean then pooled::double precision end as regio_gemiddelde_gepoold,
    case when has_mean then unweighted::double precision end as regio_gemiddelde_ongewogen,
    ((pooled - 1) * 100 / (scale - 1))::double precision as regio_gemiddelde_100_gepoold,
    ((unweighted - 1) * 100 / (scale - 1))::double precision as regio_gemiddelde_100_ongewogen,
    municipalities as aantal_gemeenten,
    other_municipalities as anderen_gemeenten,
    others_n::bigint as anderen_n,
    case when has_mean then others_mean end as anderen_gemiddelde,
    (others_mean - 1) * whole as anderen_gemiddelde_100,
    (lees.mean_low(others_n, others_total, others_squares, 1, scale) - 1) * whole as anderen_ondergrens_95,
    (lees.mean_high(others_n, others_total, others_squares, 1, scale) - 1) * whole as anderen_bovengrens_95,
    difference * whole as verschil_anderen,
    case when p is not null then greatest(-100, (difference - margin) * whole) end as verschil_anderen_ondergrens_95,
    case when p is not null then least(100, (difference + margin) * whole) end as verschil_anderen_bovengrens_95,
    p < 0.05 as verschil_anderen_significant,
    p as verschil_anderen_p,
    holm as verschil_anderen_p_holm,
    lees.findable(error, n, others_error, others_n) * whole as verschil_anderen_aantoonbaar,
    small_group as kleine_groep,
    revision as herziening,
    published_on as peilmoment
from corrected as figures
join lees.dim_gemeente as municipality on municipality.municipality = figures.municipality
