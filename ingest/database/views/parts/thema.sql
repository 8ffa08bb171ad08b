-- Every row that is told has ten texts, five with the theme and five without, and shares none with another. So every sum
-- may be shown, and nothing is hidden here.
with known as (
    select told.municipality, {of_period} as period, told.channel, told.theme, told.version, told.part,
        told.texts, told.hits, told.small_group, told.told_at, touchpoint.slug as touchpoint, told.wijk,
        told.product
    from {thema} as told
    left join {dim_meetpunt} as touchpoint
        on touchpoint.municipality = told.municipality and touchpoint.number = told.touchpoint
),
-- Each branch counts by itself and has its name as a constant: who asks for one breakdown has the others left out.
counted as (
    select municipality, period, channel, 'kanaal'::text as breakdown, channel as value, theme, version,
        sum(texts) filter (where part = 'alle') as texts, sum(hits) filter (where part = 'alle') as hits,
        sum(texts) filter (where part = 'laag') as low_texts, sum(hits) filter (where part = 'laag') as low_hits,
        bool_or(small_group) as small_group, max(told_at) as told_at
    from known
    group by municipality, period, channel, theme, version
    union all
--! thema_breakdown {"name": "meetpunt", "value": "known.touchpoint"}
    union all
--! thema_breakdown {"name": "product", "value": "known.product"}
    union all
    -- Worked out when it is read, so that a department that is new today has figures of years ago.
    select known.municipality, known.period, known.channel, 'afdeling'::text, coalesce(department.slug, 'overig'),
        known.theme, known.version, sum(known.texts), sum(known.hits), null::numeric, null::numeric,
        bool_or(known.small_group), max(known.told_at)
    from known
    left join lateral (
        select fits.slug
        from {dim_afdeling} as fits
        where fits.municipality = known.municipality
            and (known.touchpoint = any (fits.touchpoints) or known.product = any (fits.products))
        order by fits.position
        limit 1
    ) as department on true
    where known.part = 'alle'
    group by known.municipality, known.period, known.channel, 5, known.theme, known.version
    union all
--! thema_breakdown {"name": "wijk", "value": "known.wijk"}
),
shown as (
    select
        counted.municipality, counted.period, counted.channel, counted.breakdown, counted.value, counted.theme,
        counted.version, counted.small_group, counted.told_at,
        counted.texts::double precision as texts,
        counted.hits::double precision as hits,
        counted.low_texts::double precision as low_texts,
        counted.low_hits::double precision as low_hits,
        lees.squared_error(counted.texts::double precision, counted.hits::double precision,
            counted.hits::double precision, 0, 1) as error
    from counted
),
compared as (
    select shown.*,
        first_value(array[hits / texts, error, texts, lees.wilson_low(hits, texts), lees.wilson_high(hits, texts)])
            over previous as previous
    from shown
    window previous as (
        partition by municipality, channel, breakdown, value, theme, version
        order by period::timestamp range between {before} preceding and {before} preceding)
),
tested as (
    select compared.*, lees.welch_p(hits / texts - previous[1], error, texts, previous[2], previous[3]) as p
    from compared
),
-- Holm's step-down over all that stand together, as in indicator_per_maand.
ranked as (
    select tested.*, p * (1 + count(p) over together - row_number() over by_rank) as step
    from tested
    window
        together as (partition by municipality, period, breakdown),
        by_rank as (partition by municipality, period, breakdown order by p)
)
select
    figures.municipality as gemeente_code,
    figures.period as {periode},
    figures.channel as kanaal,
    figures.breakdown as uitsplitsing,
    figures.value as waarde,
    figures.municipality || '/' || figures.value as waarde_sleutel,
    figures.theme as thema,
    figures.version as thema_versie,
    figures.texts::bigint as n,
    figures.hits::bigint as ten_minste,
    hits / texts as aandeel,
    lees.wilson_low(hits, texts) as ondergrens_95,
    lees.wilson_high(hits, texts) as bovengrens_95,
    low_texts::bigint as laag_n,
    low_hits::bigint as laag_ten_minste,
    low_hits / low_texts as laag_aandeel,
    lees.wilson_low(low_hits, low_texts) as laag_ondergrens_95,
    lees.wilson_high(low_hits, low_texts) as laag_bovengrens_95,
    hits / texts - previous[1] as verschil_vorige,
    lees.difference_low(hits / texts, lees.wilson_low(hits, texts), previous[1], previous[5]) as verschil_vorige_ondergrens,
    lees.difference_high(hits / texts, lees.wilson_high(hits, texts), previous[1], previous[4])
        as verschil_vorige_bovengrens,
    p as verschil_vorige_p,
    case when p is not null then
        least(1, max(step) over (partition by figures.municipality, period, breakdown order by p)) end as verschil_vorige_p_holm,
    p < 0.05 as verschil_vorige_significant,
    lees.findable(error, texts, previous[2], previous[3]) as verschil_vorige_aantoonbaar,
    themes.precise as precisie,
    themes.recall as vangst,
    small_group as kleine_groep,
    told_at as peilmoment
from ranked as figures
left join {dim_thema} as themes
    on themes.municipality = figures.municipality and themes.theme = figures.theme
    and themes.version = figures.version
