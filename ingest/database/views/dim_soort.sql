create view {schema}.dim_soort as
select
    kind as soort,
    name as naam,
    position::smallint as volgorde,
    lowest::smallint as laagst,
    highest::smallint as hoogst,
    places as waarden
from {kinds}
