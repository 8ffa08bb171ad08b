create view {schema}.dim_kengetal as
select
    measure as kengetal,
    name as naam,
    unit as eenheid,
    position::smallint as volgorde,
    lower_is_better as lager_is_beter,
    is_stock as stand
from {measures}
