    -- Worked out when it is read, so that a department that is new today has figures of years ago.
    select cell.municipality, cell.period, touchpoint.channel, 'afdeling'::text as breakdown,
        coalesce(department.slug, 'overig') as value, cell.indicator, cell.kind,
--! added_up {}
--! cells {"of": "part.product", "period": "{period}"}
    left join lateral (
        select fits.slug
        from {dim_afdeling} as fits
        where fits.municipality = cell.municipality
            and (touchpoint.slug = any (fits.touchpoints) or cell.detail = any (fits.products))
        order by fits.position
        limit 1
    ) as department on true
    group by cell.municipality, cell.period, touchpoint.channel, 5, cell.indicator, cell.kind
