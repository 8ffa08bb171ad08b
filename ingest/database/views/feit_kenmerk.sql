-- The details of feit_reactie, a row each, for tools that do not read jsonb: nothing that does not stand there too.
create view {schema}.feit_kenmerk as
select
    response.municipality as gemeente_code,
    response.id as reactie_id,
    response.month as maand,
    detail.name as kenmerk,
    detail.value as waarde,
    response.small_group as kleine_groep
from {reactie} as response
cross join lateral jsonb_each_text(response.dimensions - 'product' - 'location') as detail (name, value)
where response.suspect = '{}' and detail.value is not null
