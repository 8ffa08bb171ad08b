select
    figures.municipality as gemeente_code,
    figures.period as {periode},
    figures.channel as kanaal,
    nullif(figures.department, '') as afdeling,
    figures.municipality || '/' || nullif(figures.department, '') as afdeling_sleutel,
    nullif(figures.product, '') as product,
    figures.measure as kengetal,
    figures.unit as eenheid,
    figures.value as waarde,
    figures.n as n,
    figures.months as maanden,
    agreed.value as norm,
    case when figures.lower_is_better then figures.value <= agreed.value else figures.value >= agreed.value end
        as norm_gehaald,
    coalesce(marks.n, 0) as cijfer_n,
    marks.shown is null as te_weinig,
    marks.total / marks.shown as cijfer_gemiddelde,
    marks.le_6 / marks.shown as cijfer_aandeel_le_6,
    coalesce(marks.small_group, false) as kleine_groep,
    figures.told_at as peilmoment
from figures
left join marks
    on marks.municipality = figures.municipality and marks.channel = figures.channel
    and marks.department = figures.department and marks.product = figures.product and marks.period = figures.period
-- The norm of this very department and product, or else the one that holds for more.
left join lateral (
    select norm.value
    from {norm} as norm
    where norm.municipality = figures.municipality and norm.channel = figures.channel
        and norm.measure = figures.measure
        and norm.product in ('', figures.product) and norm.department in ('', figures.department)
    order by norm.product = '', norm.department = ''
    limit 1
) as agreed on true
