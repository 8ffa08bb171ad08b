create view {schema}.dim_kanaal as
select channel as kanaal, name as naam, position as volgorde
from lees.dim_kanaal
