    -- By touchpoint first: many rows become few before anything is joined. A count of a month fits an integer, of which
    -- Postgres makes sums at half the cost.
    from (
        select part.municipality, {period} as period, part.touchpoint, {of} as detail, part.indicator, part.kind,
            array[
                sum(given[1]::integer), sum(given[2]::integer), sum(given[3]::integer),
                sum(given[4]::integer), sum(given[5]::integer), sum(given[6]::integer),
                sum(given[7]::integer), sum(given[8]::integer), sum(given[9]::integer), sum(given[10]::integer)
            ] as given,
            bool_or(part.small_group) as small_group
        from {cijfer_uitgesplitst} as part
        group by part.municipality, 2, part.touchpoint, 4, part.indicator, part.kind
    ) as cell
    join {dim_meetpunt} as touchpoint
        on touchpoint.municipality = cell.municipality and touchpoint.number = cell.touchpoint
