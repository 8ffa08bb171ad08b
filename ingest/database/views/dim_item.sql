create view {schema}.dim_item as
select
    item.municipality as gemeente_code,
    item.structure as vragenlijst_vorm,
    item.item as vraag,
    item.municipality || '/' || item.structure || '/' || item.item as vraag_sleutel,
    item.position as volgorde,
    item.text as tekst,
    item.kind as soort,
    item.indicator,
    kinds.lowest::smallint as laagst,
    kinds.highest::smallint as hoogst,
    item.core as gedeeld
from {dim_item} as item
join {kinds} on kinds.kind = item.kind
