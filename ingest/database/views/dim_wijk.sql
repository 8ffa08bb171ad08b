create view {schema}.dim_wijk as
select municipality as gemeente_code, code as wijk, municipality || '/' || code as wijk_sleutel, name as naam
from {dim_wijk} as wijk
union all
select gemeente.municipality, 'onbekend', gemeente.municipality || '/onbekend', 'Onbekend'
from lees.dim_gemeente as gemeente
where gemeente.municipality = any ({codes})
