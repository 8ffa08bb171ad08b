-- What report makers group by and look up (dimensions), how many were asked, what residents wrote, and
-- where a municipality stands against its own targets.

-- Mirrored from the files, as in 0001.
alter table meetpunt.touchpoint add column name text not null default '';

create table meetpunt.channel (
    channel text primary key,
    name text not null,
    position smallint not null
);

create table meetpunt.target (
    municipality text not null references meetpunt.municipality,
    channel text not null,
    indicator text not null,
    measure text not null check (measure in ('mean_at_least', 'share_le_6_falls_by')),
    kind text not null check (kind in ('mark', 'agreement', 'smileys')),
    -- What is promised: a mean as residents give it, or the percentage by which the share falls.
    amount numeric not null,
    base_year smallint check (base_year between 2000 and 2100),
    primary key (municipality, channel, indicator, measure),
    check ((measure = 'share_le_6_falls_by') = (base_year is not null)),
    check (measure <> 'share_le_6_falls_by' or kind = 'mark')
);

-- Easter of the Gregorian calendar, by the "anonymous" algorithm (Nature, 1876; Meeus).
create function meetpunt.easter(year integer) returns date language plpgsql immutable strict as $$
declare
    golden integer := year % 19;
    century integer := year / 100;
    rest integer := year % 100;
    epact integer := (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    weekday integer := (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    late integer := (golden + 11 * epact + 22 * weekday) / 451;
    days integer := epact + weekday - 7 * late + 114;
begin
    return make_date(year, days / 31, days % 31 + 1);
end
$$;

-- The days of article 3 of the Algemene termijnenwet, with Good Friday, and both Sundays.
-- Koningsdag is 27 April, or the day before where that is a Sunday.
create function meetpunt.holidays(year integer) returns table (day date, name text)
language sql immutable strict as $$
    select make_date(year, 1, 1), 'Nieuwjaarsdag'
    union all
    select meetpunt.easter(year) + after.days, after.name
    from (values
        (-2, 'Goede Vrijdag'), (0, 'Eerste paasdag'), (1, 'Tweede paasdag'), (39, 'Hemelvaartsdag'),
        (49, 'Eerste pinksterdag'), (50, 'Tweede pinksterdag')
    ) as after (days, name)
    union all
    select make_date(year, 4, 27) - (extract(isodow from make_date(year, 4, 27)) = 7)::integer, 'Koningsdag'
    union all
    select make_date(year, fixed.month, fixed.day), fixed.name
    from (values
        (5, 5, 'Bevrijdingsdag'), (12, 25, 'Eerste kerstdag'), (12, 26, 'Tweede kerstdag')
    ) as fixed (month, day, name)
$$;

-- A table and not worked out at each query: every report joins it.
create table meetpunt.calendar (
    day date primary key,
    holiday text
);
insert into meetpunt.calendar (day, holiday)
select days.day::date, string_agg(holidays.name, ' en ' order by holidays.name)
from generate_series(date '2020-01-01', date '2045-12-31', interval '1 day') as days (day)
left join (
    select found.day, found.name
    from generate_series(2020, 2045) as years (year)
    cross join meetpunt.holidays(years.year) as found
) as holidays on holidays.day = days.day
group by days.day;

do $$
declare
    made text;
begin
    foreach made in array array['channel', 'target', 'calendar']
    loop
        execute format('alter table meetpunt.%I enable row level security', made);
        execute format('alter table meetpunt.%I force row level security', made);
        execute format('create policy owner on meetpunt.%I to %I using (true) with check (true)', made, current_user);
        execute format('grant select on meetpunt.%I to meetpunt_reader', made);
    end loop;
    -- The same for everybody.
    foreach made in array array['channel', 'calendar']
    loop
        execute format('create policy reader on meetpunt.%I for select to meetpunt_reader using (true)', made);
    end loop;
    create policy reader on meetpunt.target for select to meetpunt_reader using (municipality = any (array(
        select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user)));

    -- Free text is read through one view, which is its owner's, because a reader who reached the table
    -- could join it to the day of an invited response. The owner's own policy looks at who asks: inside a
    -- view `current_user` is still the reader. The owner itself is no reader and goes on seeing nothing.
    foreach made in array array['response', 'free_text']
    loop
        execute format('create policy reader_of_free_text on meetpunt.%I for select to %I using (municipality = any (array(
            select mine.municipality from meetpunt.reader as mine
            where mine.role_name = current_user and mine.free_text)))', made, current_user);
    end loop;
end
$$;

create view bi.dim_gemeente with (security_invoker = true) as
select
    municipality.code as gemeente_code,
    municipality.name as gemeente,
    municipality.slug as korte_naam,
    municipality.region as regio,
    municipality.fictional as fictief,
    exists (
        select from meetpunt.reader
        where reader.municipality = municipality.code and reader.role_name = current_user
    ) as eigen
from meetpunt.municipality;

create view bi.dim_kanaal with (security_invoker = true) as
select channel as kanaal, name as naam, position as volgorde
from meetpunt.channel;

create view bi.dim_meetpunt with (security_invoker = true) as
select
    touchpoint.municipality as gemeente_code,
    touchpoint.slug as meetpunt,
    touchpoint.number as nummer,
    touchpoint.name as naam,
    touchpoint.channel as kanaal,
    touchpoint.location as locatie,
    touchpoint.product as product,
    asked.questionnaire as vragenlijst,
    asked.version as vragenlijst_versie,
    asked.since as vragenlijst_sinds,
    touchpoint.retired as gesloten
from meetpunt.touchpoint
left join lateral (
    select version.questionnaire, version.version, version.since
    from meetpunt.touchpoint_version as version
    where version.municipality = touchpoint.municipality and version.touchpoint = touchpoint.number
    order by version.since desc, version.version desc
    limit 1
) as asked on true;

create view bi.dim_vragenlijst with (security_invoker = true) as
select
    municipality as gemeente_code,
    structure as vragenlijst_vorm,
    questionnaire as vragenlijst,
    version as vragenlijst_versie,
    title as titel
from meetpunt.questionnaire;

create view bi.dim_item with (security_invoker = true) as
select
    municipality as gemeente_code,
    structure as vragenlijst_vorm,
    item as vraag,
    position as volgorde,
    text as tekst,
    kind as soort,
    indicator,
    case when kind in ('mark', 'agreement', 'smileys') then 1::smallint end as laagst,
    case kind when 'mark' then 10::smallint when 'agreement' then 5::smallint when 'smileys' then 5::smallint end
        as hoogst,
    core as gedeeld
from meetpunt.item;

create view bi.dim_datum with (security_invoker = true) as
with named as (
    select
        calendar.day,
        calendar.holiday,
        extract(year from calendar.day)::smallint as year,
        extract(quarter from calendar.day)::smallint as quarter,
        extract(month from calendar.day)::smallint as month,
        extract(isoyear from calendar.day)::smallint as iso_year,
        extract(week from calendar.day)::smallint as iso_week,
        extract(isodow from calendar.day)::smallint as weekday
    from meetpunt.calendar
)
select
    day as datum,
    year as jaar,
    quarter as kwartaal,
    year || '-K' || quarter as kwartaal_naam,
    make_date(year, month, 1) as maand,
    month as maand_nummer,
    (array['januari', 'februari', 'maart', 'april', 'mei', 'juni', 'juli', 'augustus', 'september',
        'oktober', 'november', 'december'])[month] as maand_naam,
    day - (weekday - 1) as week,
    iso_year as week_jaar,
    iso_week as week_nummer,
    iso_year || '-W' || lpad(iso_week::text, 2, '0') as week_naam,
    weekday as dag_nummer,
    (array['maandag', 'dinsdag', 'woensdag', 'donderdag', 'vrijdag', 'zaterdag', 'zondag'])[weekday] as dag_naam,
    weekday > 5 as weekend,
    holiday as feestdag,
    weekday <= 5 and holiday is null as werkdag
from named;

do $$
declare
    target record;
begin
    for target in select * from (values ('bi', 'false'), ('bi_test', 'true')) as t (name, is_test)
    loop
        execute format($view$
            create view %1$I.feit_uitnodiging with (security_invoker = true) as
            select
                counted.municipality as gemeente_code,
                counted.day as datum,
                touchpoint.channel as kanaal,
                coalesce(nullif(counted.product, ''), touchpoint.product) as product,
                sum(counted.issued)::bigint as uitgegeven,
                sum(counted.spent)::bigint as gebruikt,
                sum(counted.expired)::bigint as verlopen
            from meetpunt.invitation_count as counted
            join meetpunt.touchpoint
                on touchpoint.municipality = counted.municipality
                and touchpoint.number = counted.touchpoint
            where counted.is_test = %2$s
            group by 1, 2, 3, 4
        $view$, target.name, target.is_test);

        -- Not an invoker's view: see the policies above. A barrier, so that no function of a reader's own
        -- sees a row before the view has left it out. Sorted by what it shows, because the order in
        -- which rows were stored tells the day. An exact mark and a product single an invited
        -- response out within its month, so those are left out too.
        execute format($view$
            create view %1$I.toelichting with (security_barrier = true) as
            select
                response.municipality as gemeente_code,
                date_trunc('month', response.day)::date as maand,
                case when response.hour is not null then response.day end as datum,
                touchpoint.channel as kanaal,
                touchpoint.slug as meetpunt,
                case when response.hour is not null
                    then coalesce(response.dimensions ->> 'product', touchpoint.product) end as product,
                response.questionnaire as vragenlijst,
                free_text.item as vraag,
                case when mark <= 5 then 'laag' when mark <= 7 then 'midden' when mark <= 10 then 'hoog'
                    end as oordeel,
                free_text.text as tekst,
                free_text.masked as afgeschermd
            from meetpunt.free_text
            join meetpunt.response
                on response.municipality = free_text.municipality
                and response.day = free_text.day
                and response.id = free_text.response_id
            join meetpunt.touchpoint
                on touchpoint.municipality = response.municipality
                and touchpoint.number = response.touchpoint
            cross join lateral (
                select case jsonb_typeof(response.answers -> 'cijfer')
                    when 'number' then (response.answers -> 'cijfer')::smallint end as mark
            ) as given
            where response.is_test = %2$s and cardinality(response.suspect) = 0
                and response.municipality = any (array(
                    select mine.municipality from meetpunt.reader as mine
                    where mine.role_name = current_user and mine.free_text))
            order by 1, 2, md5(free_text.text), 3, 4, 5, 6, 7, 8, 9, 11
        $view$, target.name, target.is_test);

        -- Figures are worked out anew from counts, so a mean over a year is not a mean of months.
        execute format($view$
            create view %1$I.doelen with (security_invoker = true) as
            with clock as (
                select date_trunc('month', now() at time zone 'Europe/Amsterdam')::date as this_month
            ),
            spans as (
                select target.*, touchpoint.number as touchpoint, span.name as span, span.first, span.after
                from meetpunt.target
                cross join clock
                cross join lateral (values
                    ('base', make_date(target.base_year, 1, 1), make_date(target.base_year + 1, 1, 1)),
                    ('now', (this_month - interval '12 months')::date, this_month),
                    ('year', date_trunc('year', this_month)::date, (this_month + interval '1 month')::date)
                ) as span (name, first, after)
                left join meetpunt.touchpoint
                    on touchpoint.municipality = target.municipality
                    and touchpoint.channel = target.channel
            ),
            counted as (
                select spans.municipality, spans.channel, spans.indicator, spans.measure, spans.span,
                    coalesce(sum(given.times), 0)::bigint as n,
                    sum(given.times * given.value)::numeric as total,
                    coalesce(sum(given.times) filter (where given.value <= 6), 0)::numeric as low
                from spans
                left join meetpunt.summary
                    on summary.municipality = spans.municipality
                    and summary.grain = 'month'
                    and summary.period >= spans.first
                    and summary.period < spans.after
                    and summary.is_test = %2$s
                    and summary.touchpoint = spans.touchpoint
                    and summary.indicator = spans.indicator
                    and summary.kind = spans.kind
                left join lateral unnest(summary.given) with ordinality as given (times, value) on true
                group by 1, 2, 3, 4, 5
            ),
            figures as (
                select counted.*,
                    case when n >= 10 then
                        case measure when 'mean_at_least' then total / n else low / n end
                    end as figure
                from counted
            ),
            placed as (
                select target.*, base.n as base_n, base.figure as base,
                    case target.measure when 'mean_at_least' then target.amount
                        else base.figure * (1 - target.amount / 100) end as aim,
                    present.n as now_n, present.figure as now, so_far.n as year_n, so_far.figure as year
                from meetpunt.target
                join figures as base using (municipality, channel, indicator, measure)
                join figures as present using (municipality, channel, indicator, measure)
                join figures as so_far using (municipality, channel, indicator, measure)
                where base.span = 'base' and present.span = 'now' and so_far.span = 'year'
            )
            select
                municipality as gemeente_code,
                channel as kanaal,
                indicator,
                case measure when 'mean_at_least' then 'gemiddelde_minstens' else 'aandeel_le_6_daalt' end as maat,
                amount as opgave,
                base_year as basisjaar,
                case when base_year is not null then base_n end as basis_n,
                round(base, 6) as basis,
                round(aim, 6) as doelwaarde,
                (this_month - interval '12 months')::date as nu_vanaf,
                this_month - 1 as nu_tot_en_met,
                now_n as nu_n,
                round(now, 6) as nu,
                case measure when 'mean_at_least' then now >= aim else now <= aim end as behaald,
                year_n as dit_jaar_n,
                round(year, 6) as dit_jaar,
                case measure when 'mean_at_least' then year >= aim else year <= aim end as dit_jaar_behaald
            from placed
            cross join clock
        $view$, target.name, target.is_test);
    end loop;
end
$$;

do $$
declare
    told record;
    place text;
begin
    for told in select * from (values
        ('dim_gemeente', '', 'Een rij per gemeente, ook van andere gemeenten: u vergelijkt met hun regiocijfers.'),
        ('dim_gemeente', 'gemeente_code', 'CBS-code van de gemeente, bijvoorbeeld GM0405.'),
        ('dim_gemeente', 'gemeente', 'Naam van de gemeente.'),
        ('dim_gemeente', 'korte_naam', 'Naam zoals die in webadressen staat.'),
        ('dim_gemeente', 'regio', 'Regio: gemeenten met dezelfde regio vergelijken met elkaar.'),
        ('dim_gemeente', 'fictief', 'Waar bij een verzonnen gemeente, om mee te proberen.'),
        ('dim_gemeente', 'eigen', 'Waar als u de reacties van deze gemeente mag lezen.'),
        ('dim_kanaal', '', 'Een rij per kanaal: de weg waarlangs een inwoner contact had.'),
        ('dim_kanaal', 'kanaal', 'Code van het kanaal, zoals die in de andere views staat.'),
        ('dim_kanaal', 'naam', 'Nederlandse naam, voor in een grafiek.'),
        ('dim_kanaal', 'volgorde', 'Vaste volgorde, zodat elke grafiek dezelfde heeft.'),
        ('dim_meetpunt', '', 'Een rij per meetpunt van uw gemeente: een plaats waar een vragenlijst wordt aangeboden.'),
        ('dim_meetpunt', 'gemeente_code', 'CBS-code van de gemeente.'),
        ('dim_meetpunt', 'meetpunt', 'Korte naam van het meetpunt. Koppel op gemeente_code en meetpunt.'),
        ('dim_meetpunt', 'nummer', 'Nummer van het meetpunt; wordt nooit opnieuw gebruikt.'),
        ('dim_meetpunt', 'naam', 'Nederlandse naam, voor in een grafiek.'),
        ('dim_meetpunt', 'kanaal', 'Kanaal waar het meetpunt bij hoort.'),
        ('dim_meetpunt', 'locatie', 'Vaste plaats van het meetpunt, als die er is.'),
        ('dim_meetpunt', 'product', 'Vast product of vaste dienst van het meetpunt, als die er is.'),
        ('dim_meetpunt', 'vragenlijst', 'Vragenlijst die er nu wordt aangeboden.'),
        ('dim_meetpunt', 'vragenlijst_versie', 'Versie van die vragenlijst.'),
        ('dim_meetpunt', 'vragenlijst_sinds', 'Dag waarop het meetpunt met deze versie begon.'),
        ('dim_meetpunt', 'gesloten', 'Waar als er niet meer wordt gevraagd. Oude cijfers houden hun meetpunt.'),
        ('dim_vragenlijst', '', 'Een rij per vragenlijst zoals uw gemeente die stelt of stelde, eigen vragen meegerekend.'),
        ('dim_vragenlijst', 'gemeente_code', 'CBS-code van de gemeente.'),
        ('dim_vragenlijst', 'vragenlijst_vorm', 'Controlegetal van de gestelde vragen. Koppel op gemeente_code en vragenlijst_vorm.'),
        ('dim_vragenlijst', 'vragenlijst', 'Code van de vragenlijst.'),
        ('dim_vragenlijst', 'vragenlijst_versie', 'Versie van de vragenlijst.'),
        ('dim_vragenlijst', 'titel', 'Nederlandse titel boven de vragenlijst.'),
        ('dim_item', '', 'Een rij per vraag van een vragenlijst. Koppel op gemeente_code, vragenlijst_vorm en vraag.'),
        ('dim_item', 'gemeente_code', 'CBS-code van de gemeente.'),
        ('dim_item', 'vragenlijst_vorm', 'Controlegetal van de vragenlijst waar de vraag in staat.'),
        ('dim_item', 'vraag', 'Code van de vraag.'),
        ('dim_item', 'volgorde', 'Plaats van de vraag in de vragenlijst, vanaf 1.'),
        ('dim_item', 'tekst', 'Nederlandse tekst van de vraag.'),
        ('dim_item', 'soort', 'Soort vraag: mark (cijfer 1 tot en met 10), agreement (mate van instemming, 1 tot en met 5), smileys (1 tot en met 5), yes_partly_no (ja, deels, nee), choice (een keuze), choices (meer keuzes) of text (open vraag).'),
        ('dim_item', 'indicator', 'Wat de vraag meet; leeg als de vraag in geen indicator telt.'),
        ('dim_item', 'laagst', 'Laagste waarde van de schaal, het slechtste oordeel; leeg bij een vraag zonder schaal.'),
        ('dim_item', 'hoogst', 'Hoogste waarde van de schaal, het beste oordeel; leeg bij een vraag zonder schaal.'),
        ('dim_item', 'gedeeld', 'Waar bij een gedeelde vraag, onwaar bij een eigen vraag van de gemeente.'),
        ('dim_datum', '', 'Een rij per dag, van 2020 tot en met 2045.'),
        ('dim_datum', 'datum', 'De dag.'),
        ('dim_datum', 'jaar', 'Kalenderjaar.'),
        ('dim_datum', 'kwartaal', 'Kwartaal, 1 tot en met 4.'),
        ('dim_datum', 'kwartaal_naam', 'Kwartaal met jaar, bijvoorbeeld 2026-K3. Sorteert goed.'),
        ('dim_datum', 'maand', 'Eerste dag van de maand. Koppel hierop met indicator_per_maand.'),
        ('dim_datum', 'maand_nummer', 'Maand, 1 tot en met 12.'),
        ('dim_datum', 'maand_naam', 'Nederlandse naam van de maand.'),
        ('dim_datum', 'week', 'Maandag van de week. Koppel hierop met indicator_per_week.'),
        ('dim_datum', 'week_jaar', 'Jaar van de week (ISO 8601). Rond de jaarwisseling kan dat een ander jaar zijn dan jaar.'),
        ('dim_datum', 'week_nummer', 'Weeknummer (ISO 8601), 1 tot en met 53. Gebruik altijd samen met week_jaar.'),
        ('dim_datum', 'week_naam', 'Week met jaar, bijvoorbeeld 2026-W07. Sorteert goed.'),
        ('dim_datum', 'dag_nummer', 'Dag van de week: 1 is maandag, 7 is zondag.'),
        ('dim_datum', 'dag_naam', 'Nederlandse naam van de dag.'),
        ('dim_datum', 'weekend', 'Waar op zaterdag en zondag.'),
        ('dim_datum', 'feestdag', 'Naam van de feestdag, anders leeg. Koningsdag is op 27 april, of op 26 april als de 27e een zondag is.'),
        ('dim_datum', 'werkdag', 'Waar op maandag tot en met vrijdag, behalve op een feestdag van de Algemene termijnenwet. Goede Vrijdag en Bevrijdingsdag zijn daar feestdagen, ook als uw gemeente dan open is.')
    ) as t (view_name, column_name, comment)
    loop
        if told.column_name = '' then
            execute format('comment on view bi.%I is %L', told.view_name, told.comment);
        else
            execute format('comment on column bi.%I.%I is %L', told.view_name, told.column_name, told.comment);
        end if;
    end loop;

    foreach place in array array['bi', 'bi_test']
    loop
        for told in select * from (values
            ('feit_uitnodiging', '', 'Een rij per dag, kanaal en product: hoeveel uitnodigingen er waren. Alleen aantallen; geen uitnodiging is van een andere te onderscheiden.'),
            ('feit_uitnodiging', 'gemeente_code', 'CBS-code van de gemeente.'),
            ('feit_uitnodiging', 'datum', 'Dag waarop de uitnodigingen zijn uitgegeven, gebruikt of verlopen: elk aantal telt op zijn eigen dag.'),
            ('feit_uitnodiging', 'kanaal', 'Kanaal van het contact.'),
            ('feit_uitnodiging', 'product', 'Product of dienst waar het contact over ging, als dat bekend is.'),
            ('feit_uitnodiging', 'uitgegeven', 'Aantal uitnodigingen dat op deze dag is gemaakt.'),
            ('feit_uitnodiging', 'gebruikt', 'Aantal uitnodigingen waarop op deze dag een reactie binnenkwam.'),
            ('feit_uitnodiging', 'verlopen', 'Aantal uitnodigingen dat op deze dag ongebruikt verliep.'),
            ('toelichting', '', 'Een rij per open antwoord, zonder verdachte reacties. Alleen voor lezers die dat recht apart hebben gekregen (meetpunt db grant --free-text). De view heeft met opzet geen reactie_id: via feit_reactie stond anders bij de tekst van een uitgenodigde inwoner toch de dag, en bij een open meetpunt het uur en alle andere antwoorden. Wat u bij het lezen nodig hebt, staat er zelf in. De volgorde van de rijen zegt niets.'),
            ('toelichting', 'gemeente_code', 'CBS-code van de gemeente.'),
            ('toelichting', 'maand', 'Eerste dag van de maand waarin de reactie binnenkwam.'),
            ('toelichting', 'datum', 'Dag waarop de reactie binnenkwam, alleen als niemand persoonlijk is uitgenodigd. Anders leeg.'),
            ('toelichting', 'kanaal', 'Kanaal van het contact.'),
            ('toelichting', 'meetpunt', 'Korte naam van het meetpunt.'),
            ('toelichting', 'product', 'Product of dienst, alleen als niemand persoonlijk is uitgenodigd. Anders leeg.'),
            ('toelichting', 'vragenlijst', 'Code van de vragenlijst.'),
            ('toelichting', 'vraag', 'Code van de open vraag.'),
            ('toelichting', 'oordeel', 'Het cijfer bij dezelfde reactie, in drie groepen: laag (1 tot en met 5), midden (6 of 7) of hoog (8 tot en met 10). Leeg zonder cijfer. Niet het cijfer zelf: samen met maand en meetpunt wijst dat te vaak een reactie aan.'),
            ('toelichting', 'tekst', 'Wat de inwoner schreef. Kan ondanks het afschermen iets persoonlijks bevatten: geef de tekst niet door.'),
            ('toelichting', 'afgeschermd', 'Soorten persoonsgegevens die voor het opslaan uit de tekst zijn gehaald.'),
            ('doelen', '', 'Een rij per doel dat de gemeente zichzelf stelt, met de stand. Onder de 10 antwoorden blijft het aantal staan en is het cijfer leeg.'),
            ('doelen', 'gemeente_code', 'CBS-code van de gemeente.'),
            ('doelen', 'kanaal', 'Kanaal waarvoor het doel geldt.'),
            ('doelen', 'indicator', 'Indicator waarvoor het doel geldt.'),
            ('doelen', 'maat', 'Soort doel: gemiddelde_minstens (het gemiddelde is minstens de opgave) of aandeel_le_6_daalt (het aandeel cijfers 6 of lager daalt met de opgave in procenten, vergeleken met het basisjaar).'),
            ('doelen', 'opgave', 'Wat de gemeente zich voornam: een gemiddelde zoals gegeven (bijvoorbeeld 8), of een daling in procenten (bijvoorbeeld 30).'),
            ('doelen', 'basisjaar', 'Jaar waarmee wordt vergeleken; leeg bij gemiddelde_minstens.'),
            ('doelen', 'basis_n', 'Aantal antwoorden in het basisjaar; leeg bij gemiddelde_minstens.'),
            ('doelen', 'basis', 'Aandeel cijfers 6 of lager in het basisjaar (0 tot 1); leeg bij gemiddelde_minstens en onder de 10 antwoorden.'),
            ('doelen', 'doelwaarde', 'Waarde die bereikt moet worden: de opgave zelf, of het aandeel van het basisjaar min de daling. Leeg als het basisjaar geen cijfer heeft.'),
            ('doelen', 'nu_vanaf', 'Eerste dag van de laatste 12 volle maanden.'),
            ('doelen', 'nu_tot_en_met', 'Laatste dag van de laatste 12 volle maanden.'),
            ('doelen', 'nu_n', 'Aantal antwoorden in de laatste 12 volle maanden.'),
            ('doelen', 'nu', 'Gemiddelde, of aandeel cijfers 6 of lager (0 tot 1), over de laatste 12 volle maanden. Leeg onder de 10 antwoorden.'),
            ('doelen', 'behaald', 'Waar als nu de doelwaarde haalt; leeg als nu of de doelwaarde leeg is. Vergeleken wordt voor het afronden.'),
            ('doelen', 'dit_jaar_n', 'Aantal antwoorden in dit kalenderjaar tot nu toe.'),
            ('doelen', 'dit_jaar', 'Hetzelfde cijfer als nu, over dit kalenderjaar tot nu toe. Leeg onder de 10 antwoorden.'),
            ('doelen', 'dit_jaar_behaald', 'Waar als dit_jaar de doelwaarde haalt; leeg als een van beide leeg is.')
        ) as t (view_name, column_name, comment)
        loop
            if told.column_name = '' then
                execute format('comment on view %I.%I is %L', place, told.view_name, told.comment);
            else
                execute format('comment on column %I.%I.%I is %L', place, told.view_name, told.column_name, told.comment);
            end if;
        end loop;
        execute format('grant select on all tables in schema %I to meetpunt_reader', place);
    end loop;
end
$$;
