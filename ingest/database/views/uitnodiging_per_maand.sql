create view {schema}.uitnodiging_per_maand as
select
    cohort.municipality as gemeente_code,
    cohort.month as maand,
    touchpoint.channel as kanaal,
    touchpoint.slug as meetpunt,
    nullif(cohort.product, '') as product,
    cohort.known as bekend,
    cohort.not_chosen as niet_gekozen,
    cohort.sent as verzonden,
    cohort.delivered as bezorgd,
    cohort.failed as mislukt,
    cohort.unknown as onbekend,
    cohort.expired as verlopen,
    cohort.asked_recently as te_kort_geleden,
    cohort.opted_out as afgemeld,
    cohort.answered as beantwoord,
    round(cohort.answered::numeric / nullif(cohort.delivered, 0), 4) as respons,
    cohort.told_at as peilmoment,
    touchpoint.batch < 10 as kleine_groep
from {uitnodiging_maand} as cohort
join {dim_meetpunt} as touchpoint
    on touchpoint.municipality = cohort.municipality and touchpoint.number = cohort.touchpoint
