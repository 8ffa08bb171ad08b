create view {schema}.feit_antwoord as
select
    response.municipality as gemeente_code,
    response.id as reactie_id,
    response.month as maand,
    response.day as datum,
    given.item as vraag,
    response.municipality || '/' || response.structure || '/' || given.item as vraag_sleutel,
    item.indicator as indicator,
    case jsonb_typeof(value) when 'number' then value::smallint end as waarde,
    case jsonb_typeof(value) when 'string' then value #>> '{}' end as code,
    value = '"nvt"' as nvt,
    response.small_group as kleine_groep
from {reactie} as response
cross join lateral jsonb_each(response.answers) as given (item, answer)
-- A question with more choices has an array; any other answer comes out as it is.
cross join lateral jsonb_path_query(given.answer, '$[*]') as value
left join {dim_item} as item
    on item.municipality = response.municipality
    and item.structure = response.structure
    and item.item = given.item
where response.suspect = '{}'
