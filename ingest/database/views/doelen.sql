-- Figures are worked out anew from counts, so a mean over a year is not a mean of months.
create view {schema}.doelen as
with clock as (
    select date_trunc('month', now() at time zone 'Europe/Amsterdam')::date as this_month
),
spans as (
    select target.*, span.name as span, span.first, span.after
    from {doel} as target
    cross join clock
    cross join lateral (values
        ('base', make_date(target.base_year, 1, 1), make_date(target.base_year + 1, 1, 1)),
        ('now', (this_month - interval '12 months')::date, this_month),
        ('year', date_trunc('year', this_month)::date, (this_month + interval '1 month')::date)
    ) as span (name, first, after)
),
counted as (
    select spans.municipality, spans.channel, spans.indicator, spans.measure, spans.span,
        coalesce(sum(figure.n), 0)::bigint as n,
        sum(figure.total) as total,
        coalesce(sum(given[1] + given[2] + given[3] + given[4] + given[5] + given[6]), 0) as low,
        coalesce(bool_or(figure.small_group), false) as small_group
    from spans
    left join {cijfer} as figure
        on figure.municipality = spans.municipality
        and figure.grain = 'month'
        and figure.period >= spans.first
        and figure.period < spans.after
        and figure.channel = spans.channel
        and figure.indicator = spans.indicator
        and figure.kind = spans.kind
    group by 1, 2, 3, 4, 5
),
figures as (
    select counted.*,
        case when n >= 10 then
            case measure when 'mean_at_least' then total / n else low / n end
        end as figure
    from counted
),
placed as (
    select target.*, base.n as base_n, base.figure as base,
        case target.measure when 'mean_at_least' then target.amount
            else base.figure * (1 - target.amount / 100) end as aim,
        present.n as now_n, present.figure as now, so_far.n as year_n, so_far.figure as year,
        base.small_group or present.small_group or so_far.small_group as small_group
    from {doel} as target
    join figures as base using (municipality, channel, indicator, measure)
    join figures as present using (municipality, channel, indicator, measure)
    join figures as so_far using (municipality, channel, indicator, measure)
    where base.span = 'base' and present.span = 'now' and so_far.span = 'year'
),
looked as (
    select stand.municipality, touchpoint.channel, max(stand.looked_at) as looked_at, sum(stand.waiting)::bigint as waiting
    from {stand} as stand
    join {dim_meetpunt} as touchpoint
        on touchpoint.municipality = stand.municipality and touchpoint.number = stand.touchpoint
    group by stand.municipality, touchpoint.channel
)
select
    placed.municipality as gemeente_code,
    placed.channel as kanaal,
    indicator,
    case measure when 'mean_at_least' then 'gemiddelde_minstens' else 'aandeel_le_6_daalt' end as maat,
    amount as opgave,
    base_year as basisjaar,
    case when base_year is not null then base_n end as basis_n,
    round(base, 6) as basis,
    round(aim, 6) as doelwaarde,
    (this_month - interval '12 months')::date as nu_vanaf,
    this_month - 1 as nu_tot_en_met,
    now_n as nu_n,
    round(now, 6) as nu,
    case measure when 'mean_at_least' then now >= aim else now <= aim end as behaald,
    year_n as dit_jaar_n,
    round(year, 6) as dit_jaar,
    case measure when 'mean_at_least' then year >= aim else year <= aim end as dit_jaar_behaald,
    small_group as kleine_groep,
    looked.looked_at as peilmoment,
    looked.waiting as wachtend_n
from placed
cross join clock
left join looked on looked.municipality = placed.municipality and looked.channel = placed.channel
