-- Spearman's correlation: of ranks, so that one strange month does not decide. Its interval by Fisher's z, with the standard
-- error of Bonett and Wright (Psychometrika, 2000), which holds for ranks.
create view {schema}.kengetal_samenhang as
with months as (
--! kengetal {"periode": "maand", "of_month": "month"}
),
ranked as (
    select months.*, cijfer_gemiddelde is not null as counts,
        rank() over figure_order + (count(*) over figure_same - 1) / 2.0 as figure_rank,
        rank() over mark_order + (count(*) over mark_same - 1) / 2.0 as mark_rank
    from months
    window
        figure_order as (partition by gemeente_code, kanaal, afdeling, product, kengetal, cijfer_gemiddelde is not null
            order by waarde),
        figure_same as (partition by gemeente_code, kanaal, afdeling, product, kengetal, cijfer_gemiddelde is not null, waarde),
        mark_order as (partition by gemeente_code, kanaal, afdeling, product, kengetal, cijfer_gemiddelde is not null
            order by cijfer_gemiddelde),
        mark_same as (partition by gemeente_code, kanaal, afdeling, product, kengetal, cijfer_gemiddelde)
),
together as (
    select gemeente_code, kanaal, afdeling, product, kengetal,
        count(*) filter (where counts) as months,
        corr(figure_rank, mark_rank) filter (where counts) as correlation,
        bool_or(kleine_groep) as small_group,
        max(peilmoment) as told_at
    from ranked
    group by gemeente_code, kanaal, afdeling, product, kengetal
),
shown as (
    select together.*,
        case when months >= 24 then correlation end as shown,
        -- At the very ends z is infinite.
        case when months >= 24 then atanh(greatest(-0.999999, least(0.999999, correlation))) end as z,
        case when months >= 24 then 1.959963984540054 * sqrt((1 + correlation ^ 2 / 2) / (months - 3)) end as margin
    from together
)
select
    gemeente_code,
    kanaal,
    afdeling,
    product,
    kengetal,
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
