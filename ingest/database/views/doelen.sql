-- Figures are worked out anew from counts, so a mean over a year is not a mean of months. What is compared is numeric, so that
-- nothing is missed by a rounding.
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
-- What can be aimed at: a month of a channel, and of each department on it. A cell belongs to the first department that fits, as in
-- uitsplitsing_per_maand; where no target names one, none is counted.
months as (
    select figure.municipality, figure.channel, '' as department, figure.indicator, figure.kind, figure.period,
        figure.given, figure.small_group
    from {cijfer} as figure
    where figure.grain = 'month'
    union all
    select cell.municipality, touchpoint.channel, department.slug, cell.indicator, cell.kind, cell.month,
        cell.given, cell.small_group
    from {cijfer_uitgesplitst} as cell
    join {dim_meetpunt} as touchpoint
        on touchpoint.municipality = cell.municipality and touchpoint.number = cell.touchpoint
    join lateral (
        select fits.slug
        from {dim_afdeling} as fits
        where fits.municipality = cell.municipality
            and (touchpoint.slug = any (fits.touchpoints) or cell.product = any (fits.products))
        order by fits.position
        limit 1
    ) as department on true
    where exists (select from {doel} as target where target.department <> '')
),
counted as (
    select spans.municipality, spans.channel, spans.department, spans.indicator, spans.measure, spans.kind, spans.span,
        coalesce(sum(given[1] + given[2] + given[3] + given[4] + given[5]
            + given[6] + given[7] + given[8] + given[9] + given[10]), 0)::bigint as n,
        sum(given[1] + 2 * given[2] + 3 * given[3] + 4 * given[4] + 5 * given[5]
            + 6 * given[6] + 7 * given[7] + 8 * given[8] + 9 * given[9] + 10 * given[10]) as total,
        sum(lees.squares(given)) as squares,
        coalesce(sum(given[1] + given[2] + given[3] + given[4] + given[5]
            + case measure when 'share_le_6_falls_by' then given[6] else 0 end), 0) as low,
        coalesce(bool_or(figure.small_group), false) as small_group
    from spans
    left join months as figure
        on figure.municipality = spans.municipality
        and figure.department = spans.department
        and figure.period >= spans.first
        and figure.period < spans.after
        and figure.channel = spans.channel
        and figure.indicator = spans.indicator
        and figure.kind = spans.kind
    group by 1, 2, 3, 4, 5, 6, 7
),
figures as (
    select counted.*,
        case when n >= 10 then
            case measure when 'mean_at_least' then total / n else low / n end
        end as figure,
        case when n >= 10 then
            case measure when 'mean_at_least' then lees.mean_low(n, total::double precision, squares, 1, top)
                else lees.wilson_low(low::double precision, n) end
        end as lower,
        case when n >= 10 then
            case measure when 'mean_at_least' then lees.mean_high(n, total::double precision, squares, 1, top)
                else lees.wilson_high(low::double precision, n) end
        end as upper
    from counted
    join {counted_kinds} using (kind)
),
-- What another system counted in the base year goes before what was answered here.
bases as (
    select target.municipality, target.channel, target.department, target.indicator, target.measure,
        case when target.base_year is not null then coalesce(earlier.source, 'Meetpunt') end as source,
        case when target.base_year is not null then coalesce(earlier.n, own.n) end as n,
        coalesce(earlier.share, own.figure) as figure,
        coalesce(lees.wilson_low((earlier.share * earlier.n)::double precision, earlier.n), own.lower) as lower,
        coalesce(lees.wilson_high((earlier.share * earlier.n)::double precision, earlier.n), own.upper) as upper,
        own.small_group
    from {doel} as target
    join figures as own
        on own.municipality = target.municipality and own.channel = target.channel
        and own.department = target.department and own.indicator = target.indicator
        and own.measure = target.measure and own.span = 'base'
    left join lateral (
        select told.source, told.n,
            case target.measure when 'share_lt_6_falls_by' then told.share_lt_6
                when 'share_le_6_falls_by' then told.share_le_6 end as share
        from {basisjaar} as told
        where told.municipality = target.municipality and told.channel = target.channel
            and told.indicator = target.indicator and told.year = target.base_year
            -- Another system knew no departments of ours.
            and target.department = ''
    ) as earlier on earlier.share is not null
),
placed as (
    select target.*, base.source, base.n as base_n, base.figure as base, base.lower as base_lower, base.upper as base_upper,
        -- Of what the base was, so much may be left.
        case when target.measure <> 'mean_at_least' then 1 - target.amount / 100 end as remains,
        target.base_year is not null and present_from < make_date(target.base_year + 1, 1, 1) as overlapping,
        target.base_year is not null and extract(year from this_month) <= target.base_year as year_overlapping,
        present_from, this_month,
        present.n as now_n, present.figure as now, present.lower as now_lower, present.upper as now_upper,
        so_far.n as year_n, so_far.figure as year,
        base.small_group or present.small_group or so_far.small_group as small_group
    from {doel} as target
    cross join clock
    cross join lateral (select (this_month - interval '12 months')::date as present_from) as looks_back
    join bases as base using (municipality, channel, department, indicator, measure)
    join figures as present using (municipality, channel, department, indicator, measure)
    join figures as so_far using (municipality, channel, department, indicator, measure)
    where present.span = 'now' and so_far.span = 'year'
),
aimed as (
    select placed.*,
        case when measure = 'mean_at_least' then amount when base_n >= 100 then base * remains end as aim,
        case when base_n >= 100 and not overlapping then now - base end as change
    from placed
),
judged as (
    select aimed.*,
        -- By how much we are on the good side of the aim, at worst and at best; of a share the aim is uncertain itself.
        case when measure = 'mean_at_least' then now_lower - aim::double precision
            else -lees.difference_high(now::double precision, now_upper, aim::double precision,
                base_lower * remains::double precision) end as at_worst,
        case when measure = 'mean_at_least' then now_upper - aim::double precision
            else -lees.difference_low(now::double precision, now_lower, aim::double precision,
                base_upper * remains::double precision) end as at_best
    from aimed
),
--! looked {}
select
    judged.municipality as gemeente_code,
    judged.channel as kanaal,
    nullif(judged.department, '') as afdeling,
    indicator,
    case measure when 'mean_at_least' then 'gemiddelde_minstens'
        when 'share_lt_6_falls_by' then 'aandeel_lt_6_daalt'
        else 'aandeel_le_6_daalt' end as maat,
    amount::double precision as opgave,
    base_year as basisjaar,
    source as basis_bron,
    base_n as basis_n,
    base::double precision as basis,
    base_lower as basis_ondergrens,
    base_upper as basis_bovengrens,
    case when base_n < 100 then format(case base_n when 1 then 'maar %s antwoord' else 'maar %s antwoorden' end, base_n) end
        as basis_te_klein,
    aim::double precision as doelwaarde,
    present_from as nu_vanaf,
    this_month - 1 as nu_tot_en_met,
    overlapping as perioden_overlappen,
    now_n as nu_n,
    now::double precision as nu,
    now_lower as nu_ondergrens,
    now_upper as nu_bovengrens,
    change::double precision as verandering,
    case when change is not null then
        lees.difference_low(now::double precision, now_lower, base::double precision, base_upper) end as verandering_ondergrens,
    case when change is not null then
        lees.difference_high(now::double precision, now_upper, base::double precision, base_lower) end as verandering_bovengrens,
    case when not overlapping then
        case measure when 'mean_at_least' then now >= aim else now <= aim end end as behaald,
    case when not overlapping then at_worst >= 0 end as zeker_behaald,
    case when not overlapping then at_best < 0 end as zeker_niet_behaald,
    year_n as dit_jaar_n,
    year::double precision as dit_jaar,
    case when not year_overlapping then
        case measure when 'mean_at_least' then year >= aim else year <= aim end end as dit_jaar_behaald,
    small_group as kleine_groep,
    looked.looked_at as peilmoment,
    looked.waiting as wachtend_n
from judged
left join looked on looked.municipality = judged.municipality and looked.channel = judged.channel
