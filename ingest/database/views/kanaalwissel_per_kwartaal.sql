create view {schema}.kanaalwissel_per_kwartaal as
with told as (
    select row_.*,
        max(n) filter (where part = 'gevraagd') over cell as answered,
        max(n) filter (where part = 'eerder') over cell as tried
    from {kanaalwissel} as row_
    window cell as (partition by municipality, quarter, channel)
),
-- Who answered is the whole of those who tried something else first; these are the whole of what follows.
shares as (
    select municipality, quarter, channel, small_group, told_at,
        case part when 'gevraagd' then 'totaal' else part end as part,
        nullif(code, '') as code,
        case part when 'gevraagd' then answered else tried end as n,
        case part when 'gevraagd' then tried else n end as hits
    from told
    where part <> 'eerder'
),
counted as (
    select shares.*, case when hits is not null then n end as shown
    from shares
)
select
    municipality as gemeente_code,
    quarter as kwartaal,
    channel as kanaal,
    part as onderdeel,
    code as waarde,
    n as n,
    hits as aantal,
    hits / n::double precision as aandeel,
    lees.wilson_low(hits, shown) as ondergrens_95,
    lees.wilson_high(hits, shown) as bovengrens_95,
    hits is null as te_weinig,
    small_group as kleine_groep,
    told_at as peilmoment
from counted
