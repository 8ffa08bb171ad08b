looked as (
    select stand.municipality, touchpoint.channel, max(stand.looked_at) as looked_at, sum(stand.waiting)::bigint as waiting
    from {stand} as stand
    join {dim_meetpunt} as touchpoint
        on touchpoint.municipality = stand.municipality and touchpoint.number = stand.touchpoint
    group by stand.municipality, touchpoint.channel
)
