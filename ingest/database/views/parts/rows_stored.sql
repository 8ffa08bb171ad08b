counted as (
    select figure.municipality, figure.period, figure.channel, figure.indicator, figure.kind, figure.given,
        figure.small_group, figure.n, figure.total, figure.squares, true as whole
    from {cijfer} as figure
    where figure.grain = '{grain}'
),
filled_in as (
    select told.municipality, told.period, told.channel, told.responses, told.complete
    from {deelname} as told
    where told.grain = '{grain}'
),
invited as (
    select asked.municipality, date_trunc('{grain}', asked.day::timestamp)::date as period, asked.channel,
        sum(asked.issued) as issued, sum(asked.spent) as spent
    from {uitnodiging} as asked
    group by asked.municipality, date_trunc('{grain}', asked.day::timestamp)::date, asked.channel
),
