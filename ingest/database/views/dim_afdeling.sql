create view {schema}.dim_afdeling as
select
    municipality as gemeente_code,
    slug as afdeling,
    municipality || '/' || slug as afdeling_sleutel,
    name as naam,
    position as volgorde,
    touchpoints as meetpunten,
    products as producten
from {dim_afdeling} as department
union all
-- To join on: what fits no department is of this one.
select gemeente.municipality, 'overig', gemeente.municipality || '/overig', 'Overig', 32767::smallint, '{}', '{}'
from lees.dim_gemeente as gemeente
where gemeente.municipality = any ({codes})
