-- Every row that is there may be shown: who counts leaves out what is under ten, and what would give it away.
select
    told.municipality as gemeente_code,
    told.period as {periode},
    told.channel as kanaal,
    nullif(told.department, '') as afdeling,
    case when told.department <> '' then told.municipality || '/' || told.department end as afdeling_sleutel,
    told.n as signalen,
    told.seen as gezien,
    told.median_hours as mediaan_werkuren_tot_gezien,
    told.to_see as te_beoordelen,
    told.in_time as op_tijd_gezien,
    told.in_time / nullif(told.to_see, 0)::double precision as aandeel_op_tijd,
    lees.wilson_low(told.in_time, nullif(told.to_see, 0)::double precision) as aandeel_op_tijd_ondergrens,
    lees.wilson_high(told.in_time, nullif(told.to_see, 0)::double precision) as aandeel_op_tijd_bovengrens,
    told.oldest_open as oudste_open,
    told.done as afgehandeld,
    told.improved as verbeterd,
    told.improved / nullif(told.done, 0)::double precision as aandeel_verbeterd,
    lees.wilson_low(told.improved, nullif(told.done, 0)::double precision) as aandeel_verbeterd_ondergrens,
    lees.wilson_high(told.improved, nullif(told.done, 0)::double precision) as aandeel_verbeterd_bovengrens,
    told.counted_at as peilmoment
from {opvolging} as told
where told.grain = '{grain}'
