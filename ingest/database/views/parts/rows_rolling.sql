-- A row for each month from the first of a figure up to the last month that is known, so that twelve rows are twelve
-- months; then each with the eleven before it.
months as (
    select known.municipality, known.channel, known.indicator, known.kind, month.period::date as period
    from (
        select figure.municipality, figure.channel, figure.indicator, figure.kind, min(figure.period) as first,
            max(max(figure.period)) over (partition by figure.municipality) as last
        from {cijfer} as figure
        where figure.grain = 'month'
        group by figure.municipality, figure.channel, figure.indicator, figure.kind
    ) as known
    cross join lateral generate_series(known.first, known.last, interval '1 month') as month (period)
),
added as (
    select months.municipality, months.period, months.channel, months.indicator, months.kind,
        array[
            sum(given[1]) over twelve, sum(given[2]) over twelve, sum(given[3]) over twelve,
            sum(given[4]) over twelve, sum(given[5]) over twelve, sum(given[6]) over twelve,
            sum(given[7]) over twelve, sum(given[8]) over twelve,
            sum(given[9]) over twelve, sum(given[10]) over twelve
        ]::bigint[] as given,
        bool_or(figure.small_group) over twelve as small_group,
        (sum(figure.n) over twelve)::bigint as n,
        (sum(figure.total) over twelve)::bigint as total,
        (sum(figure.squares) over twelve)::bigint as squares,
        -- What was measured for less than a year is compared with nothing: its months are not those of a year.
        count(*) over twelve = 12 as whole
    from months
    left join {cijfer} as figure
        on figure.municipality = months.municipality and figure.grain = 'month' and figure.period = months.period
        and figure.channel = months.channel and figure.indicator = months.indicator and figure.kind = months.kind
    window twelve as (partition by months.municipality, months.channel, months.indicator, months.kind
        order by months.period rows between 11 preceding and current row)
),
-- No answer in any of the twelve: no row.
counted as (
    select * from added where n is not null
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
