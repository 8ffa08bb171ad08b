-- Every row that is there may be shown: who counts leaves out what is under ten, and what would give it away.
select
    told.municipality as gemeente_code,
    told.period as {periode},
    told.channel as kanaal,
    nullif(told.department, '') as afdeling,
    case when told.department <> '' then told.municipality || '/' || told.department end as afdeling_sleutel,
    told.n as signalen,
    case when told.seen >= 10 then told.seen end as gezien,
    told.median_hours as mediaan_werkuren_tot_gezien,
    counted.to_see as te_beoordelen,
    counted.in_time as op_tijd_gezien,
    counted.in_time / counted.to_see::double precision as aandeel_op_tijd,
    lees.wilson_low(counted.in_time, counted.to_see::double precision) as aandeel_op_tijd_ondergrens,
    lees.wilson_high(counted.in_time, counted.to_see::double precision) as aandeel_op_tijd_bovengrens,
    -- Whole weeks: a day would tell of one signal on which it came.
    (least(counted.period_end, (told.counted_at at time zone 'Europe/Amsterdam')::date) - told.oldest_open) / 7
        as oudste_open_weken,
    counted.done as afgehandeld,
    counted.improved as verbeterd,
    counted.improved / counted.done::double precision as aandeel_verbeterd,
    lees.wilson_low(counted.improved, counted.done::double precision) as aandeel_verbeterd_ondergrens,
    lees.wilson_high(counted.improved, counted.done::double precision) as aandeel_verbeterd_bovengrens,
    told.counted_at as peilmoment
from {opvolging} as told
cross join lateral (
    select (told.period + interval '{length}' - interval '1 day')::date as period_end,
        case when told.to_see >= 10 then told.to_see end as to_see,
        case when told.to_see >= 10 then told.in_time end as in_time,
        case when told.done >= 10 then told.done end as done,
        case when told.done >= 10 then told.improved end as improved
) as counted
where told.grain = '{grain}'
