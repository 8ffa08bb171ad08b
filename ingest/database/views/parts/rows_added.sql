-- Sums of the months, and never means of means: a small channel has a year where no month of it has ten.
counted as (
    select figure.municipality, date_trunc('{grain}', figure.period::timestamp)::date as period, figure.channel,
        figure.indicator, figure.kind,
        array[
            sum(given[1]), sum(given[2]), sum(given[3]), sum(given[4]), sum(given[5]),
            sum(given[6]), sum(given[7]), sum(given[8]), sum(given[9]), sum(given[10])
        ]::bigint[] as given,
        bool_or(figure.small_group) as small_group, sum(figure.n)::bigint as n, sum(figure.total)::bigint as total,
        sum(figure.squares)::bigint as squares, true as whole
    from {cijfer} as figure
    where figure.grain = 'month'
    group by figure.municipality, 2, figure.channel, figure.indicator, figure.kind
),
filled_in as (
    select told.municipality, date_trunc('{grain}', told.period::timestamp)::date as period, told.channel,
        sum(told.responses)::bigint as responses, sum(told.complete)::bigint as complete
    from {deelname} as told
    where told.grain = 'month'
    group by told.municipality, 2, told.channel
),
invited as (
    select asked.municipality, date_trunc('{grain}', asked.day::timestamp)::date as period, asked.channel,
        sum(asked.issued) as issued, sum(asked.spent) as spent
    from {uitnodiging} as asked
    group by asked.municipality, 2, asked.channel
),
