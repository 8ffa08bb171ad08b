-- Who did not answer is told from ten up, as who did is: of ten who were asked and nine who answered, one who is known did not. As
-- either number follows from the other, both are told or neither.
create view {schema}.uitnodiging_per_maand as
with cohorts as (
    select
        cohort.*,
        -- Not every provider tells what was delivered, or of every message.
        case when cohort.delivered > 0 and cohort.delivered >= cohort.answered then cohort.delivered else cohort.sent end as asked
    from {uitnodiging_maand} as cohort
),
-- Of whom the sender was told that nothing arrived it is known that they did not answer: ten others did not either.
counted as (
    select
        cohorts.*,
        answered >= 10 and asked - answered >= 10
            and (asked <> sent or sent - coalesce(failed, 0) - answered >= 10) as enough
    from cohorts
),
told as (
    select
        counted.*,
        case when enough then answered end as told_answered,
        case when enough then asked - answered end as unanswered,
        -- Without it there are no ends of an interval either.
        case when enough then asked end as told_asked
    from counted
)
select
    told.municipality as gemeente_code,
    told.month as maand,
    touchpoint.channel as kanaal,
    touchpoint.slug as meetpunt,
    nullif(told.product, '') as product,
    told.known as bekend,
    told.not_chosen as niet_gekozen,
    told.sent as verzonden,
    told.delivered as bezorgd,
    told.failed as mislukt,
    told.unknown as onbekend,
    told.expired as verlopen,
    told.asked_recently as te_kort_geleden,
    told.opted_out as afgemeld,
    told.told_answered as beantwoord,
    told.told_answered / nullif(told.delivered, 0)::double precision as respons,
    told.unanswered as niet_beantwoord,
    told.unanswered / told.asked::double precision as aandeel_niet_beantwoord,
    lees.wilson_low(told.unanswered::double precision, told.told_asked) as aandeel_niet_beantwoord_ondergrens,
    lees.wilson_high(told.unanswered::double precision, told.told_asked) as aandeel_niet_beantwoord_bovengrens,
    told.told_at as peilmoment,
    touchpoint.batch < 10 as kleine_groep
from told
join {dim_meetpunt} as touchpoint
    on touchpoint.municipality = told.municipality and touchpoint.number = told.touchpoint
