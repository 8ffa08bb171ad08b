-- Each month counts in twelve rows: its own and those of the eleven months after it, up to the last month that is known.
counted as (
    select figure.municipality, months.until as period, figure.channel, figure.indicator, figure.kind,
        array[
            sum(given[1]), sum(given[2]), sum(given[3]), sum(given[4]), sum(given[5]),
            sum(given[6]), sum(given[7]), sum(given[8]), sum(given[9]), sum(given[10])
        ]::bigint[] as given,
        bool_or(figure.small_group) as small_group, sum(figure.n)::bigint as n, sum(figure.total)::bigint as total,
        sum(figure.squares)::bigint as squares
    from (
        select every.*, max(every.period) over (partition by every.municipality) as last
        from {cijfer} as every
        where every.grain = 'month'
    ) as figure
    cross join lateral (
        select (figure.period + later * interval '1 month')::date as until from generate_series(0, 11) as later
    ) as months
    where months.until <= figure.last
    group by figure.municipality, months.until, figure.channel, figure.indicator, figure.kind
),
filled_in as (
    select told.municipality, (told.period + later * interval '1 month')::date as period, told.channel,
        sum(told.responses)::bigint as responses, sum(told.complete)::bigint as complete
    from {deelname} as told
    cross join generate_series(0, 11) as later
    where told.grain = 'month'
    group by told.municipality, 2, told.channel
),
invited as (
    select asked.municipality, (asked.month + later * interval '1 month')::date as period, asked.channel,
        sum(asked.issued) as issued, sum(asked.spent) as spent
    from (
        select links.municipality, date_trunc('month', links.day::timestamp) as month, links.channel,
            sum(links.issued) as issued, sum(links.spent) as spent
        from {uitnodiging} as links
        group by links.municipality, 2, links.channel
    ) as asked
    cross join generate_series(0, 11) as later
    group by asked.municipality, 2, asked.channel
),
