    -- Worked out when it is read, so that a department that is new today has figures of years ago.
    select cell.municipality, cell.period, touchpoint.channel, 'afdeling'::text as breakdown,
        coalesce(department.slug, 'overig') as value, cell.indicator, cell.kind,
        array[
            sum(given[1]), sum(given[2]), sum(given[3]), sum(given[4]), sum(given[5]),
            sum(given[6]), sum(given[7]), sum(given[8]), sum(given[9]), sum(given[10])
        ]::bigint[] as given,
        bool_or(cell.small_group) as small_group
    from (
        select each.municipality, {period} as period, each.touchpoint, each.product, each.indicator, each.kind,
            array[
                sum(given[1]), sum(given[2]), sum(given[3]), sum(given[4]), sum(given[5]),
                sum(given[6]), sum(given[7]), sum(given[8]), sum(given[9]), sum(given[10])
            ] as given,
            bool_or(each.small_group) as small_group
        from {cijfer_uitgesplitst} as each
        group by each.municipality, 2, each.touchpoint, each.product, each.indicator, each.kind
    ) as cell
    join {dim_meetpunt} as touchpoint
        on touchpoint.municipality = cell.municipality and touchpoint.number = cell.touchpoint
    left join lateral (
        select fits.slug
        from {dim_afdeling} as fits
        where fits.municipality = cell.municipality
            and (touchpoint.slug = any (fits.touchpoints) or cell.product = any (fits.products))
        order by fits.position
        limit 1
    ) as department on true
    group by cell.municipality, cell.period, touchpoint.channel, 5, cell.indicator, cell.kind
