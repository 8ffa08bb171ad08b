-- A figure of a month stands before those of its days. A mean or a share counts by how many it is of; of a stock the last
-- one holds.
with told as (
    select
        figure.municipality, figure.channel, figure.department, figure.product, figure.measure, measures.is_stock,
        measures.unit, measures.lower_is_better,
        date_trunc('month', figure.period::timestamp)::date as month,
        figure.grain = 'month' as whole,
        figure.period, figure.value, figure.n, figure.told_at
    from {kengetal} as figure
    join {measures} on measures.measure = figure.measure
    where figure.value is not null
),
months as (
    select
        municipality, channel, department, product, measure, is_stock, unit, lower_is_better, month,
        coalesce(
            max(value) filter (where whole),
            case when is_stock then (array_agg(value order by period desc))[1] else sum(value * n) / sum(n) end
        ) as value,
        coalesce(max(n) filter (where whole), sum(n))::bigint as n,
        max(told_at) as told_at
    from told
    group by municipality, channel, department, product, measure, is_stock, unit, lower_is_better, month
),
figures as (
    select
        municipality, channel, department, product, measure, unit, lower_is_better,
        {of_month} as period,
        case when is_stock then (array_agg(value order by month desc))[1] else sum(value * n) / sum(n) end as value,
        sum(n)::bigint as n,
        count(*) as months,
        max(told_at) as told_at
    from months
    group by municipality, channel, department, product, measure, is_stock, unit, lower_is_better, {of_month}
),
given as (
    select counted.municipality, counted.channel, '' as department, '' as product, counted.period as month,
        counted.n, counted.total,
        given[1] + given[2] + given[3] + given[4] + given[5] + given[6] as le_6,
        counted.small_group
    from {cijfer} as counted
    where counted.grain = 'month' and counted.indicator = 'tevredenheid' and counted.kind = 'mark'
),
marks as (
    select municipality, channel, department, product, {of_month} as period,
        sum(n)::bigint as n,
        case when sum(n) >= 10 then sum(n)::double precision end as shown,
        sum(total)::double precision as total,
        sum(le_6)::double precision as le_6,
        bool_or(small_group) as small_group
    from given
    group by municipality, channel, department, product, {of_month}
)
select
    figures.municipality as gemeente_code,
    figures.period as {periode},
    figures.channel as kanaal,
    nullif(figures.department, '') as afdeling,
    nullif(figures.product, '') as product,
    figures.measure as kengetal,
    figures.unit as eenheid,
    figures.value as waarde,
    figures.n as n,
    figures.months as maanden,
    agreed.value as norm,
    case when figures.lower_is_better then figures.value <= agreed.value else figures.value >= agreed.value end
        as norm_gehaald,
    coalesce(marks.n, 0) as cijfer_n,
    marks.shown is null as te_weinig,
    marks.total / marks.shown as cijfer_gemiddelde,
    marks.le_6 / marks.shown as cijfer_aandeel_le_6,
    coalesce(marks.small_group, false) as kleine_groep,
    figures.told_at as peilmoment
from figures
left join marks
    on marks.municipality = figures.municipality and marks.channel = figures.channel
    and marks.department = figures.department and marks.product = figures.product and marks.period = figures.period
-- The norm of this very department and product, or else the one that holds for more.
left join lateral (
    select norm.value
    from {norm} as norm
    where norm.municipality = figures.municipality and norm.channel = figures.channel
        and norm.measure = figures.measure
        and norm.product in ('', figures.product) and norm.department in ('', figures.department)
    order by norm.product = '', norm.department = ''
    limit 1
) as agreed on true
