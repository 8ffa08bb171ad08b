    select cell.municipality, cell.period, touchpoint.channel, '{name}'::text as breakdown,
        coalesce(nullif({value}, ''), 'onbekend') as value, cell.indicator, cell.kind,
--! added_up {}
--! cells {"of": "{of}", "period": "{period}"}
    group by cell.municipality, cell.period, touchpoint.channel, 5, cell.indicator, cell.kind
