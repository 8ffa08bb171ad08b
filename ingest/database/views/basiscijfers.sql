create view {schema}.basiscijfers as
select
    told.municipality as gemeente_code,
    told.channel as kanaal,
    told.indicator as indicator,
    told.year as jaar,
    told.n as n,
    told.mean::double precision as gemiddelde,
    told.share_lt_6::double precision as aandeel_lt_6,
    lees.wilson_low((told.share_lt_6 * told.n)::double precision, shown.n_lt_6) as aandeel_lt_6_ondergrens,
    lees.wilson_high((told.share_lt_6 * told.n)::double precision, shown.n_lt_6) as aandeel_lt_6_bovengrens,
    told.share_le_6::double precision as aandeel_le_6,
    lees.wilson_low((told.share_le_6 * told.n)::double precision, shown.n_le_6) as aandeel_le_6_ondergrens,
    lees.wilson_high((told.share_le_6 * told.n)::double precision, shown.n_le_6) as aandeel_le_6_bovengrens,
    told.source as bron,
    told.imported_on as ingelezen_op,
    false as kleine_groep
from {basisjaar} as told
-- An earlier system may have counted one of the two alone: of the other there are no ends of an interval.
cross join lateral (select
    case when told.share_lt_6 is not null then told.n end as n_lt_6,
    case when told.share_le_6 is not null then told.n end as n_le_6
) as shown
