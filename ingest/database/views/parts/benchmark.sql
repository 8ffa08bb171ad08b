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
        case when not cells.hidden then cells.total::numeric / cells.n end as mean,
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
    case when has_mean then round(mean, 6) end as gemiddelde,
    round((mean - 1) * 100 / (scale - 1), 6) as gemiddelde_100,
    case when school_mark and not hidden then round(lt_6::numeric / n, 6) end as aandeel_lt_55,
    case when school_mark and not hidden then round(lt_6::numeric / n, 6) end as aandeel_lt_6,
    case when school_mark and not hidden then round(le_6::numeric / n, 6) end as aandeel_le_6,
    case when school_mark and not hidden then round(ge_8::numeric / n, 6) end as aandeel_ge_8,
    case when not hidden then given[1:scale] end as verdeling,
    not hidden and n < 30 as indicatief,
    hidden as verborgen,
    case
        when hidden and own then 'minder dan 10 eigen reacties'
        when hidden then 'minder dan 10 reacties, of nodig om een kleiner aantal te verbergen'
    end as waarom_verborgen,
    case when has_mean then round(pooled, 6) end as regio_gemiddelde_gepoold,
    case when has_mean then round(unweighted, 6) end as regio_gemiddelde_ongewogen,
    round((pooled - 1) * 100 / (scale - 1), 6) as regio_gemiddelde_100_gepoold,
    round((unweighted - 1) * 100 / (scale - 1), 6) as regio_gemiddelde_100_ongewogen,
    municipalities as aantal_gemeenten,
    small_group as kleine_groep,
    revision as herziening,
    published_on as peilmoment
from figures
join lees.dim_gemeente as municipality on municipality.municipality = figures.municipality
