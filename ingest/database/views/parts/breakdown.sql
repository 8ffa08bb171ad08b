    select cell.municipality, {period} as period, touchpoint.channel, '{name}'::text as breakdown,
        coalesce(nullif({value}, ''), 'onbekend') as value, cell.indicator, cell.kind,
        array[
            sum(given[1]), sum(given[2]), sum(given[3]), sum(given[4]), sum(given[5]),
            sum(given[6]), sum(given[7]), sum(given[8]), sum(given[9]), sum(given[10])
        ]::bigint[] as given,
        bool_or(cell.small_group) as small_group
    from {cijfer_uitgesplitst} as cell
    join {dim_meetpunt} as touchpoint
        on touchpoint.municipality = cell.municipality and touchpoint.number = cell.touchpoint
    group by cell.municipality, 2, touchpoint.channel, 5, cell.indicator, cell.kind
