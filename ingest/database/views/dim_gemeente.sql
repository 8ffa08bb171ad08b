create view {schema}.dim_gemeente as
select
    municipality as gemeente_code,
    name as gemeente,
    slug as korte_naam,
    region as regio,
    fictional as fictief,
    municipality = any ({codes}) as eigen
from lees.dim_gemeente
