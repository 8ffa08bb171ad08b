    select known.municipality, known.period, known.channel, '{name}'::text, coalesce(nullif({value}, ''), 'onbekend'),
        known.theme, known.version, sum(known.texts), sum(known.hits), null::numeric, null::numeric,
        bool_or(known.small_group), max(known.told_at)
    from known
    where known.part = 'alle'
    group by known.municipality, known.period, known.channel, 5, known.theme, known.version
