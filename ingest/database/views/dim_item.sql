create view {schema}.dim_item as
select
    municipality as gemeente_code,
    structure as vragenlijst_vorm,
    item as vraag,
    position as volgorde,
    text as tekst,
    kind as soort,
    indicator,
    case when kind in ('mark', 'agreement', 'smileys') then 1::smallint end as laagst,
    case kind when 'mark' then 10::smallint when 'agreement' then 5::smallint when 'smileys' then 5::smallint end
        as hoogst,
    core as gedeeld
from {dim_item} as item
