create view {schema}.dim_indicator as
select indicator, name as naam, position::smallint as volgorde, true as gedeeld
from {indicators}
union all
-- Of questions of one's own: the code itself, written as a name.
select own.indicator, upper(left(own.indicator, 1)) || replace(substr(own.indicator, 2), '_', ' '), 100::smallint, false
from (select distinct item.indicator from {dim_item} as item where item.indicator is not null) as own
where own.indicator not in (select indicator from {indicators})
