-- Only for readers who were granted it apart. A text has an id of its own, which is not shown: nothing here leads to a
-- row of feit_reactie, and of each judgement at least ten responses came with it.
create view {schema}.toelichting as
select
    written.municipality as gemeente_code,
    written.month as maand,
    touchpoint.channel as kanaal,
    touchpoint.slug as meetpunt,
    written.questionnaire as vragenlijst,
    written.item as vraag,
    case written.judgement
        when 'laag' then '1 t/m 5'
        -- Of before 6 and 7 stood apart.
        when 'midden' then '6 of 7'
        when 'hoog' then '8 t/m 10'
        else nullif(written.judgement, '') end as oordeel,
    written.text as tekst,
    written.masked as afgeschermd,
    written.small_group as kleine_groep,
    array_to_string(written.themes, ';') as themas,
    nullif(written.theme_version, '') as thema_versie
from {tekst} as written
join {dim_meetpunt} as touchpoint
    on touchpoint.municipality = written.municipality and touchpoint.number = written.touchpoint
