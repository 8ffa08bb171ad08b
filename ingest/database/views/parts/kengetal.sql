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
-- Of parts of a channel, as breakdowns count them: only where a department or product has a figure. A count of a month fits an
-- integer, of which Postgres makes sums at half the cost.
cells as (
    select cell.municipality, cell.touchpoint, cell.product, cell.month,
        sum((given[1] + given[2] + given[3] + given[4] + given[5]
            + given[6] + given[7] + given[8] + given[9] + given[10])::integer) as n,
        sum((given[1] + 2 * given[2] + 3 * given[3] + 4 * given[4] + 5 * given[5]
            + 6 * given[6] + 7 * given[7] + 8 * given[8] + 9 * given[9] + 10 * given[10])::integer) as total,
        sum((given[1] + given[2] + given[3] + given[4] + given[5] + given[6])::integer) as le_6,
        bool_or(cell.small_group) as small_group
    from {cijfer_uitgesplitst} as cell
    where cell.indicator = 'tevredenheid' and cell.kind = 'mark'
        and (cell.municipality, cell.touchpoint) in (
            select touchpoint.municipality, touchpoint.number
            from {dim_meetpunt} as touchpoint
            join figures
                on figures.municipality = touchpoint.municipality and figures.channel = touchpoint.channel
            where figures.department <> '' or figures.product <> ''
        )
    group by cell.municipality, cell.touchpoint, cell.product, cell.month
),
-- Which cells count for which figures. A department is the first that fits, worked out when it is read.
parts as materialized (
    select told.municipality, told.touchpoint, told.product, told.channel, part.department, part.product as of_product
    from (
        select distinct cells.municipality, cells.touchpoint, cells.product, touchpoint.slug, touchpoint.channel
        from cells
        join {dim_meetpunt} as touchpoint
            on touchpoint.municipality = cells.municipality and touchpoint.number = cells.touchpoint
    ) as told
    left join lateral (
        select fits.slug
        from {dim_afdeling} as fits
        where fits.municipality = told.municipality
            and (told.slug = any (fits.touchpoints) or told.product = any (fits.products))
        order by fits.position
        limit 1
    ) as own on true
    join (
        select distinct municipality, channel, department, product
        from figures
        where department <> '' or product <> ''
    ) as part
        on part.municipality = told.municipality and part.channel = told.channel
        and part.department in ('', own.slug) and part.product in ('', told.product)
),
given as (
    select counted.municipality, counted.channel, '' as department, '' as product, counted.period as month,
        counted.n, counted.total,
        given[1] + given[2] + given[3] + given[4] + given[5] + given[6] as le_6,
        counted.small_group
    from {cijfer} as counted
    where counted.grain = 'month' and counted.indicator = 'tevredenheid' and counted.kind = 'mark'
    union all
    select cells.municipality, parts.channel, parts.department, parts.of_product, cells.month,
        cells.n, cells.total, cells.le_6, cells.small_group
    from cells
    join parts
        on parts.municipality = cells.municipality and parts.touchpoint = cells.touchpoint
        and parts.product = cells.product
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
