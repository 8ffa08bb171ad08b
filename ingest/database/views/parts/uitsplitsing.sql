-- Each branch counts by itself and has its name as a constant: who asks for one breakdown has the others left out.
with counted as (
--! breakdown {"name": "meetpunt", "of": "''::text", "value": "touchpoint.slug", "period": "{month_of}"}
    union all
--! breakdown {"name": "product", "of": "part.product", "value": "cell.detail", "period": "{month_of}"}
    union all
--! breakdown {"name": "locatie", "of": "part.location", "value": "cell.detail", "period": "{month_of}"}
    union all
--! breakdown_by_department {"period": "{month_of}"}
    union all
--! breakdown {"name": "wijk", "of": "part.wijk", "value": "cell.detail", "period": "{month_of}"}
    union all
--! breakdown {"name": "afnamewijze", "of": "part.mode", "value": "cell.detail", "period": "{month_of}"}
    union all
--! breakdown {"name": "dagdeel", "of": "part.daypart", "value": "cell.detail", "period": "{month_of}"}
),
-- Under 10 answers `shown` is null, and so is every figure that is worked out with it.
shown as (
    select
        counted.municipality, counted.period, counted.channel, counted.breakdown, counted.value, counted.indicator,
        counted.kind, counted.given, counted.small_group,
        kinds.top,
        kinds.has_mean,
        lt_6 + six + seven + ge_8 as n,
        case when lt_6 + six + seven + ge_8 >= 10 then (lt_6 + six + seven + ge_8)::double precision end as shown,
        case when kinds.school_mark and lt_6 + six + seven + ge_8 >= 10 then
            (lt_6 + six + seven + ge_8)::double precision end as marks,
        total::double precision as total,
        squares::double precision as squares,
        lt_6::double precision as lt_6,
        (lt_6 + six)::double precision as le_6,
        ge_8::double precision as ge_8
    from counted
    join {counted_kinds} on kinds.kind = counted.kind
),
--! looked {}
select
    figures.municipality as gemeente_code,
    figures.period as {periode},
    figures.channel as kanaal,
    figures.breakdown as uitsplitsing,
    figures.value as waarde,
    figures.municipality || '/' || figures.value as waarde_sleutel,
    figures.indicator as indicator,
    figures.kind as soort,
    figures.n as n,
    figures.n < 10 as te_weinig,
    case when has_mean then total / shown end as gemiddelde,
    (total / shown - 1) * 100 / (top - 1) as gemiddelde_100,
    (lees.mean_low(shown, total, squares, 1, top) - 1) * 100 / (top - 1) as ondergrens_95,
    (lees.mean_high(shown, total, squares, 1, top) - 1) * 100 / (top - 1) as bovengrens_95,
    lt_6 / marks as aandeel_lt_6,
    lees.wilson_low(lt_6, marks) as aandeel_lt_6_ondergrens,
    lees.wilson_high(lt_6, marks) as aandeel_lt_6_bovengrens,
    le_6 / marks as aandeel_le_6,
    lees.wilson_low(le_6, marks) as aandeel_le_6_ondergrens,
    lees.wilson_high(le_6, marks) as aandeel_le_6_bovengrens,
    ge_8 / marks as aandeel_ge_8,
    lees.wilson_low(ge_8, marks) as aandeel_ge_8_ondergrens,
    lees.wilson_high(ge_8, marks) as aandeel_ge_8_bovengrens,
    case when shown is not null then given[:top] end as verdeling,
    case when shown is not null then total::bigint end as som,
    case when shown is not null then squares::bigint end as som_kwadraten,
    case when marks is not null then lt_6::bigint end as aantal_lt_55,
    case when marks is not null then lt_6::bigint end as aantal_lt_6,
    case when marks is not null then le_6::bigint end as aantal_le_6,
    case when marks is not null then ge_8::bigint end as aantal_ge_8,
    small_group as kleine_groep,
    looked.looked_at as peilmoment,
    looked.waiting as wachtend_n
from shown as figures
left join looked
    on looked.municipality = figures.municipality and looked.channel = figures.channel
