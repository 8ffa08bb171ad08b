create view {schema}.stand as
select
    stand.municipality as gemeente_code,
    touchpoint.slug as meetpunt,
    touchpoint.channel as kanaal,
    stand.looked_at as peilmoment,
    stand.waiting as wachtend_n,
    touchpoint.batch as groep,
    touchpoint.batch < 10 as kleine_groep
from {stand} as stand
join {dim_meetpunt} as touchpoint
    on touchpoint.municipality = stand.municipality and touchpoint.number = stand.touchpoint
