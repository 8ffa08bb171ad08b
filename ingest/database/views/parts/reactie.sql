select
    response.municipality as gemeente_code,
    response.id as reactie_id,
    response.month as maand,
    response.week as week,
    response.day as datum,
    touchpoint.channel as kanaal,
    touchpoint.slug as meetpunt,
    case when response.dimensions ? 'product' then response.dimensions ->> 'product'
        else touchpoint.product end as product,
    case when response.dimensions ? 'location' then response.dimensions ->> 'location'
        else touchpoint.location end as locatie,
    response.questionnaire as vragenlijst,
    response.version as vragenlijst_versie,
    response.structure as vragenlijst_vorm,
    response.mode as afnamewijze,
    response.language as taal,
    response.complete as volledig,
    response.dimensions - 'product' - 'location' as kenmerken,
    response.small_group as kleine_groep
    {more}
from {reactie} as response
join {dim_meetpunt} as touchpoint
    on touchpoint.municipality = response.municipality and touchpoint.number = response.touchpoint
where response.suspect {suspect}
