-- The figures of dashboards, worked out from the summaries: statistics, and a row an indicator and period.

-- Until when responses were destroyed at the end of their term: summaries of periods that begin before
-- that day can no longer be worked out again, and stay as they are.
create table meetpunt.purged_before (
    municipality text primary key references meetpunt.municipality,
    day date not null
);
alter table meetpunt.purged_before enable row level security;
alter table meetpunt.purged_before force row level security;
create policy service on meetpunt.purged_before to meetpunt_folder using (true) with check (true);
grant select, insert, update on meetpunt.purged_before to meetpunt_folder;

-- A response that was completed after it was folded: few, and found by the response that they belong to.
create index unfolded_items on meetpunt.unfolded (municipality, day, response_id) where items is not null;

-- What dashboards ask of years of days is read from the index alone.
create index invitation_count_issued on meetpunt.invitation_count (municipality, is_test, day)
    include (touchpoint, issued, spent);

-- An array that is known before the scan can be looked up in an index; a subquery in `in` cannot, and
-- would read every municipality's rows to keep those of one.
do $$
declare
    policy record;
begin
    for policy in
        select relation.relname as name
        from pg_policy
        join pg_class as relation on relation.oid = pg_policy.polrelid
        where pg_policy.polname = 'reader'
            and relation.relnamespace = 'meetpunt'::regnamespace
            and relation.relname <> 'reader'
    loop
        execute format('alter policy reader on meetpunt.%I using (municipality = any (array(
            select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user)))', policy.name);
    end loop;
end
$$;

-- What means and deviations need of a distribution, added up once instead of at every look.
alter table meetpunt.summary
    add column answers bigint generated always as (
        given[1] + given[2] + given[3] + given[4] + given[5]
        + given[6] + given[7] + given[8] + given[9] + given[10]
    ) stored,
    add column total bigint generated always as (
        given[1] + 2 * given[2] + 3 * given[3] + 4 * given[4] + 5 * given[5]
        + 6 * given[6] + 7 * given[7] + 8 * given[8] + 9 * given[9] + 10 * given[10]
    ) stored,
    add column squares bigint generated always as (
        given[1] + 4 * given[2] + 9 * given[3] + 16 * given[4] + 25 * given[5]
        + 36 * given[6] + 49 * given[7] + 64 * given[8] + 81 * given[9] + 100 * given[10]
    ) stored;

create function meetpunt.added(a bigint[], b bigint[]) returns bigint[]
language sql immutable parallel safe
return array[
    a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5],
    a[6] + b[6], a[7] + b[7], a[8] + b[8], a[9] + b[9], a[10] + b[10]
];
comment on function meetpunt.added is 'Two distributions as one.';

-- ln(t / z) * df is smooth in 1/df between its ends at 1 and infinity; this polynomial stays within
-- 3e-6 of t there, and within 1e-6 from 2 degrees of freedom on.
create function meetpunt.t_975(df double precision) returns double precision
language sql immutable parallel safe
return 1.959963984540054 * exp((1 / df) * (1.2103657 + (1 / df) * (0.7074986 + (1 / df) * (0.1533112
    + (1 / df) * (-0.2395088 + (1 / df) * (-0.0575579 + (1 / df) * (0.1419811 - (1 / df) * 0.0469278)))))));
comment on function meetpunt.t_975 is
    'The 0.975 quantile of Student''s t for any number of degrees of freedom from 1 on: the margin of a 95 % interval in standard errors.';

create function meetpunt.t_margin(variance double precision, n double precision) returns double precision
language sql immutable parallel safe
return meetpunt.t_975(n - 1) * sqrt(variance / n);
comment on function meetpunt.t_margin is 'Half the width of the 95 % interval of a mean of n values.';

-- Wilson's interval: unlike the usual one it holds for small n, and for shares near 0 and 1.
create function meetpunt.wilson_low(hits double precision, n double precision) returns double precision
language sql immutable parallel safe
return case when n > 0 then greatest(0,
    (hits + 1.9207294103470 - 1.959963984540054 * sqrt(hits * (n - hits) / n + 0.9603647051735))
    / (n + 3.8414588206941)) end;
comment on function meetpunt.wilson_low is 'Lower end of the 95 % interval of a share of hits among n.';

create function meetpunt.wilson_high(hits double precision, n double precision) returns double precision
language sql immutable parallel safe
return case when n > 0 then least(1,
    (hits + 1.9207294103470 + 1.959963984540054 * sqrt(hits * (n - hits) / n + 0.9603647051735))
    / (n + 3.8414588206941)) end;
comment on function meetpunt.wilson_high is 'Upper end of the 95 % interval of a share of hits among n.';

-- `a` and `b` are the squared standard errors of the two means.
create function meetpunt.welch_df(a double precision, n_a double precision, b double precision, n_b double precision)
returns double precision
language sql immutable parallel safe
return (a + b) ^ 2 / nullif(a ^ 2 / (n_a - 1) + b ^ 2 / (n_b - 1), 0);
comment on function meetpunt.welch_df is 'Degrees of freedom of Welch''s test; null where neither side varies.';

create function meetpunt.welch_differs(
    mean_a double precision, variance_a double precision, n_a double precision,
    mean_b double precision, variance_b double precision, n_b double precision
) returns boolean
language sql immutable parallel safe
return abs(mean_a - mean_b) > coalesce(
    meetpunt.t_975(meetpunt.welch_df(variance_a / n_a, n_a, variance_b / n_b, n_b))
        * sqrt(variance_a / n_a + variance_b / n_b), 0);
comment on function meetpunt.welch_differs is
    'Whether two means differ by more than chance explains (Welch''s test, two-sided, 5 %). Where neither side varies, any difference counts.';

do $$
declare
    template constant text := $view$
        create view {schema}.indicator_per_{maand} with (security_invoker = true) as
        with counted as (
            select summary.municipality, summary.period, touchpoint.channel, summary.indicator, summary.kind,
                case summary.kind when 'mark' then 10 when 'yes_partly_no' then 3 else 5 end as top,
                -- As what they are worked out with: every cast further on would be made many times.
                sum(given[1])::double precision as g1, sum(given[2])::double precision as g2,
                sum(given[3])::double precision as g3, sum(given[4])::double precision as g4,
                sum(given[5])::double precision as g5, sum(given[6])::double precision as g6,
                sum(given[7])::double precision as g7, sum(given[8])::double precision as g8,
                sum(given[9])::double precision as g9, sum(given[10])::double precision as g10,
                sum(summary.answers)::double precision as n,
                sum(summary.total)::double precision as total,
                sum(summary.squares)::double precision as squares
            from meetpunt.summary
            join meetpunt.touchpoint on touchpoint.number = summary.touchpoint
            where summary.grain = '{grain}' and summary.is_test = {is_test} and summary.indicator is not null
            group by summary.municipality, summary.period, touchpoint.channel, summary.indicator, summary.kind
        ),
        -- Under 10 answers `shown` is null, and so is every figure that is worked out with it.
        shown as (
            select counted.*, case when n >= 10 then n end as shown, {nth} as nth
            from counted
        ),
        measured as (
            select shown.*,
                (total / shown - 1) * 100 / (top - 1) as mean,
                greatest(shown * squares - total * total, 0) / (shown * (shown - 1)) * (100.0 / (top - 1)) ^ 2
                    as variance
            from shown
        ),
        compared as (
            select measured.*,
                first_value(array[mean, variance, shown]) over previous as previous,
                first_value(array[mean, variance, shown]) over year_before as year_before
            from measured
            window
                previous as (partition by municipality, channel, indicator, kind order by nth
                    range between 1 preceding and 1 preceding),
                year_before as (partition by municipality, channel, indicator, kind order by nth
                    range between {year} preceding and {year} preceding)
        ),
        figures as (
            select compared.*,
                g1 + g2 + g3 + g4 + g5 as lt_6,
                g1 + g2 + g3 + g4 + g5 + g6 as le_6,
                g8 + g9 + g10 as ge_8,
                case when kind = 'mark' then shown end as marks
            from compared
        ),
        filled_in as (
            select summary.municipality, summary.period, touchpoint.channel,
                sum(summary.responses) as responses, sum(summary.complete) as complete
            from meetpunt.summary_responses as summary
            join meetpunt.touchpoint on touchpoint.number = summary.touchpoint
            where summary.grain = '{grain}' and summary.is_test = {is_test}
            group by summary.municipality, summary.period, touchpoint.channel
        ),
        invited as (
            select asked.municipality, date_trunc('{grain}', asked.day::timestamp)::date as period, touchpoint.channel,
                sum(asked.issued) as issued, sum(asked.spent) as spent
            from meetpunt.invitation_count as asked
            join meetpunt.touchpoint on touchpoint.number = asked.touchpoint
            where asked.is_test = {is_test}
            group by asked.municipality, date_trunc('{grain}', asked.day::timestamp)::date, touchpoint.channel
        )
        select
            figures.municipality as gemeente_code,
            figures.period as {maand},
            figures.channel as kanaal,
            figures.indicator as indicator,
            figures.kind as soort,
            figures.n::bigint as n,
            case when kind <> 'yes_partly_no' then round((total / shown)::numeric, 6) end as gemiddelde,
            round(mean::numeric, 6) as gemiddelde_100,
            round(sqrt(variance)::numeric, 6) as standaardafwijking,
            round((mean - meetpunt.t_margin(variance, shown))::numeric, 6) as ondergrens_95,
            round((mean + meetpunt.t_margin(variance, shown))::numeric, 6) as bovengrens_95,
            round((lt_6 / marks)::numeric, 6) as aandeel_lt_55,
            round(meetpunt.wilson_low(lt_6, marks)::numeric, 6) as aandeel_lt_55_ondergrens,
            round(meetpunt.wilson_high(lt_6, marks)::numeric, 6) as aandeel_lt_55_bovengrens,
            round((lt_6 / marks)::numeric, 6) as aandeel_lt_6,
            round(meetpunt.wilson_low(lt_6, marks)::numeric, 6) as aandeel_lt_6_ondergrens,
            round(meetpunt.wilson_high(lt_6, marks)::numeric, 6) as aandeel_lt_6_bovengrens,
            round((le_6 / marks)::numeric, 6) as aandeel_le_6,
            round(meetpunt.wilson_low(le_6, marks)::numeric, 6) as aandeel_le_6_ondergrens,
            round(meetpunt.wilson_high(le_6, marks)::numeric, 6) as aandeel_le_6_bovengrens,
            round((ge_8 / marks)::numeric, 6) as aandeel_ge_8,
            round(meetpunt.wilson_low(ge_8, marks)::numeric, 6) as aandeel_ge_8_ondergrens,
            round(meetpunt.wilson_high(ge_8, marks)::numeric, 6) as aandeel_ge_8_bovengrens,
            case when shown is not null then
                (array[g1, g2, g3, g4, g5, g6, g7, g8, g9, g10]::bigint[])[:top] end as verdeling,
            case when shown is not null then round(complete / nullif(responses, 0), 6) end as aandeel_volledig,
            case when shown is not null then round(spent / nullif(issued, 0), 6) end as respons,
            round((mean - previous[1])::numeric, 6) as verschil_vorige,
            meetpunt.welch_differs(mean, variance, shown, previous[1], previous[2], previous[3])
                as verschil_vorige_significant,
            round((mean - year_before[1])::numeric, 6) as verschil_vorig_jaar,
            meetpunt.welch_differs(mean, variance, shown, year_before[1], year_before[2], year_before[3])
                as verschil_vorig_jaar_significant
        from figures
        left join filled_in
            on filled_in.municipality = figures.municipality
            and filled_in.period = figures.period
            and filled_in.channel = figures.channel
        left join invited
            on invited.municipality = figures.municipality
            and invited.period = figures.period
            and invited.channel = figures.channel
    $view$;
    target record;
    told record;
    name text;
begin
    for target in
        select *
        from (values ('bi', 'false'), ('bi_test', 'true')) as s (schema, is_test)
        cross join (values
            ('maand', 'month', '(extract(year from period) * 12 + extract(month from period))::integer', '12', 'Maand', 'de eerste dag ervan', 'de maand ervoor', 'dezelfde maand een jaar eerder'),
            ('week', 'week', '(period - date ''2001-01-01'') / 7', '52', 'Week (ISO 8601)', 'de maandag ervan', 'de week ervoor', 'de week van 52 weken eerder')
        ) as g (maand, grain, nth, year, what, day, previous, year_earlier)
    loop
        execute replace(replace(replace(replace(replace(replace(template,
            '{schema}', target.schema), '{is_test}', target.is_test), '{maand}', target.maand),
            '{grain}', target.grain), '{nth}', target.nth), '{year}', target.year);
        name := format('%I.%I', target.schema, 'indicator_per_' || target.maand);
        execute format('comment on view %s is %L', name, format(
            'Een rij per gemeente, %s, kanaal en indicator, bijgewerkt binnen enkele seconden. Alleen rijen van uw eigen gemeente. '
            'Verdachte reacties tellen niet mee. Bij minder dan 10 antwoorden staat alleen n er; de andere cijfers zijn leeg.', target.maand));
        for told in
            select * from (values
                ('gemeente_code', 'CBS-code van de gemeente.'),
                (target.maand, format('%s, als datum van %s.', target.what, target.day)),
                ('kanaal', 'Kanaal van het contact. Vergelijk kanalen met zorg: aan een kiosk geven mensen hogere cijfers dan na een sms.'),
                ('indicator', 'Wat er gemeten is: tevredenheid, vriendelijkheid, duidelijkheid, tijdigheid, gemak, oplossing.'),
                ('soort', 'Soort vraag: mark (cijfer 1-10), agreement (mee eens, 1-5), smileys (1-5) of yes_partly_no (ja, deels, nee). Soorten worden nooit gemengd: is een indicator met twee soorten gemeten, dan zijn er twee rijen.'),
                ('n', 'Aantal antwoorden, zonder "niet van toepassing".'),
                ('gemiddelde', 'Gemiddelde zoals gegeven, op de schaal van de vraag zelf. Leeg bij yes_partly_no.'),
                ('gemiddelde_100', 'Gemiddelde op een schaal van 0 (slechtst) tot 100 (best), zodat soorten vragen naast elkaar kunnen staan. Cijfer: (waarde - 1) / 9 * 100; schaal 1-5: (waarde - 1) / 4 * 100; nee, deels, ja: 0, 50, 100.'),
                ('standaardafwijking', 'Standaardafwijking (steekproef, n - 1) van de antwoorden op de schaal van 0 tot 100.'),
                ('ondergrens_95', 'Ondergrens van het 95 %-betrouwbaarheidsinterval van gemiddelde_100 (t-verdeling). Kan iets onder 0 liggen.'),
                ('bovengrens_95', 'Bovengrens van het 95 %-betrouwbaarheidsinterval van gemiddelde_100 (t-verdeling). Kan iets boven 100 liggen.'),
                ('aandeel_lt_55', 'Aandeel cijfers onder de 5,5 (0 tot 1). Alleen bij cijfers. Met hele cijfers gelijk aan aandeel_lt_6.'),
                ('aandeel_lt_6', 'Aandeel cijfers onder de 6 (0 tot 1). Alleen bij cijfers.'),
                ('aandeel_le_6', 'Aandeel cijfers van 6 of lager (0 tot 1). Alleen bij cijfers.'),
                ('aandeel_ge_8', 'Aandeel cijfers van 8 of hoger (0 tot 1). Alleen bij cijfers.'),
                ('verdeling', 'Hoe vaak elke waarde is gegeven, van laag naar hoog: 10 aantallen bij cijfers, 5 bij schalen, 3 (nee, deels, ja) bij yes_partly_no.'),
                ('aandeel_volledig', 'Aandeel van de reacties in dit kanaal dat helemaal is ingevuld (0 tot 1).'),
                ('respons', format('Reacties op uitnodigingen gedeeld door verstuurde uitnodigingen, in dit kanaal en deze %s. Leeg als er niemand is uitgenodigd. Een reactie telt in de %1$s waarin zij binnenkomt, dus na een drukke %1$s kan dit boven 1 komen.', target.maand)),
                ('verschil_vorige', format('gemiddelde_100 min dat van %s. Leeg als een van beide ontbreekt of minder dan 10 antwoorden heeft.', target.previous)),
                ('verschil_vorige_significant', format('Waar als het verschil met %s groter is dan toeval verklaart (toets van Welch, tweezijdig, 5 %%).', target.previous)),
                ('verschil_vorig_jaar', format('gemiddelde_100 min dat van %s. Leeg als een van beide ontbreekt of minder dan 10 antwoorden heeft.', target.year_earlier)),
                ('verschil_vorig_jaar_significant', format('Waar als het verschil met %s groter is dan toeval verklaart (toets van Welch, tweezijdig, 5 %%).', target.year_earlier))
            ) as c (name, text)
            union all
            select share || '_' || bound.name, format('%s van het 95 %%-betrouwbaarheidsinterval van %s (Wilson).', bound.text, share)
            from unnest(array['aandeel_lt_55', 'aandeel_lt_6', 'aandeel_le_6', 'aandeel_ge_8']) as share
            cross join (values ('ondergrens', 'Ondergrens'), ('bovengrens', 'Bovengrens')) as bound (name, text)
        loop
            execute format('comment on column %s.%I is %L', name, told.name, told.text);
        end loop;
        execute format('grant select on %s to meetpunt_reader', name);
    end loop;
end
$$;
