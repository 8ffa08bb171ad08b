create view {schema}.feit_uitnodiging as
select
    counted.municipality as gemeente_code,
    counted.day as datum,
    counted.channel as kanaal,
    nullif(counted.product, '') as product,
    counted.issued as uitgegeven,
    counted.spent as gebruikt,
    -- Empty: issued without what expired is who answered.
    null::bigint as verlopen,
    exists (
        select from {dim_meetpunt} as touchpoint
        where touchpoint.municipality = counted.municipality and touchpoint.channel = counted.channel
            and touchpoint.batch < 10
    ) as kleine_groep
from {uitnodiging} as counted
