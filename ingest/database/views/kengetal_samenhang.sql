-- Spearman's correlation: of ranks, so that one strange month does not decide. Its interval by Fisher's z, with the standard
-- error of Bonett and Wright (Psychometrika, 2000), which holds for ranks.
create view {schema}.kengetal_samenhang as
--! kengetal {"of_month": "month"}
, paired as (
    select figures.municipality, figures.channel, figures.department, figures.product, figures.measure,
        figures.value as work, marks.total / marks.shown as mark, marks.small_group
    from figures
    join marks
        on marks.municipality = figures.municipality and marks.channel = figures.channel
        and marks.department = figures.department and marks.product = figures.product
        and marks.period = figures.period
    where marks.shown is not null
),
-- Months that are alike share the middle of their ranks.
ranked as (
    select paired.*,
        rank() over (partition by municipality, channel, department, product, measure order by work)
            + (count(*) over (partition by municipality, channel, department, product, measure, work) - 1) / 2.0 as work_rank,
        rank() over (partition by municipality, channel, department, product, measure order by mark)
            + (count(*) over (partition by municipality, channel, department, product, measure, mark) - 1) / 2.0 as mark_rank
    from paired
),
together as (
    select municipality, channel, department, product, measure,
        count(*) as months, corr(work_rank, mark_rank) as correlation, bool_or(small_group) as small_group
    from ranked
    group by municipality, channel, department, product, measure
),
every as (
    select municipality, channel, department, product, measure, max(told_at) as told_at
    from figures
    group by municipality, channel, department, product, measure
),
shown as (
    select every.*,
        coalesce(months, 0) as months,
        coalesce(small_group, false) as small_group,
        case when months >= 24 then correlation end as shown,
        -- At the very ends z is infinite.
        case when months >= 24 then atanh(greatest(-0.999999, least(0.999999, correlation))) end as z,
        case when months >= 24 then 1.959963984540054 * sqrt((1 + correlation ^ 2 / 2) / (months - 3)) end as margin
    from every
    left join together using (municipality, channel, department, product, measure)
)
select
    municipality as gemeente_code,
    channel as kanaal,
    nullif(department, '') as afdeling,
    nullif(product, '') as product,
    measure as kengetal,
    months as maanden,
    shown as samenhang,
    tanh(z - margin) as samenhang_ondergrens,
    tanh(z + margin) as samenhang_bovengrens,
    case
        when months < 24 then format(
            'Van %s maanden zijn er een kengetal en een cijfer. Vanaf 24 maanden staat hier hoe ze samen bewegen.', months)
        when shown is null then
            'Het kengetal of het cijfer was elke maand gelijk. Dan valt er niet te zeggen hoe ze samen bewegen.'
        else format(
            'Over %s maanden.%s Samen bewegen zegt niet dat het een door het ander komt: ook drukte, het seizoen of iets dat '
            'in die tijd veranderde, kan beide bepalen.',
            months,
            case when abs(z) <= margin then ' Het kan toeval zijn: 0 ligt in het interval.' else '' end)
    end as uitleg,
    small_group as kleine_groep,
    told_at as peilmoment
from shown
