-- What report makers read: Dutch names, a comment on every column, own municipality only.
-- Schema bi leaves test data out; bi_test has the same views over test data alone.

do $$
declare
    target record;
    facts record;
begin
    for target in select * from (values ('bi', 'false'), ('bi_test', 'true')) as t (name, is_test)
    loop
        execute format('create schema %I', target.name);
        execute format('grant usage on schema %I to meetpunt_reader', target.name);

        -- What may not come from a resident has a view of its own, so that nobody counts it by mistake.
        for facts in select * from (values
            ('feit_reactie', '= ''{}''', ''),
            ('feit_verdacht', '<> ''{}''', ', response.suspect as waarom, response.answers as antwoorden')
        ) as f (name, suspect, and_why)
        loop
            execute format($view$
                create view %1$I.%3$I with (security_invoker = true) as
                select
                    response.municipality as gemeente_code,
                    response.id as reactie_id,
                    response.day as datum,
                    response.hour as uur,
                    touchpoint.channel as kanaal,
                    touchpoint.slug as meetpunt,
                    coalesce(response.dimensions ->> 'product', touchpoint.product) as product,
                    coalesce(response.dimensions ->> 'location', touchpoint.location) as locatie,
                    response.questionnaire as vragenlijst,
                    response.version as vragenlijst_versie,
                    response.structure as vragenlijst_vorm,
                    response.language as taal,
                    response.complete as volledig,
                    response.dimensions - 'product' - 'location' as kenmerken,
                    response.day_uncertain as datum_onzeker
                    %5$s
                from meetpunt.response
                join meetpunt.touchpoint
                    on touchpoint.municipality = response.municipality
                    and touchpoint.number = response.touchpoint
                where response.is_test = %2$s and response.suspect %4$s
            $view$, target.name, target.is_test, facts.name, facts.suspect, facts.and_why);
            execute format('comment on column %I.%I.gemeente_code is %L', target.name, facts.name, 'CBS-code van de gemeente, bijvoorbeeld GM0405.');
            execute format('comment on column %I.%I.reactie_id is %L', target.name, facts.name, 'Willekeurig kenmerk van de reactie. Het is niet te herleiden tot een persoon of uitnodiging.');
            execute format('comment on column %I.%I.datum is %L', target.name, facts.name, 'Dag waarop de reactie binnenkwam, in Nederlandse tijd.');
            execute format('comment on column %I.%I.uur is %L', target.name, facts.name, 'Uur van de dag (0 tot en met 23), alleen als niemand persoonlijk is uitgenodigd. Anders leeg.');
            execute format('comment on column %I.%I.kanaal is %L', target.name, facts.name, 'Kanaal van het contact: balie, telefonie, online, melding of een eigen kanaal.');
            execute format('comment on column %I.%I.meetpunt is %L', target.name, facts.name, 'Korte naam van het meetpunt, bijvoorbeeld balie-hal.');
            execute format('comment on column %I.%I.product is %L', target.name, facts.name, 'Product of dienst waar het contact over ging, als dat bekend is.');
            execute format('comment on column %I.%I.locatie is %L', target.name, facts.name, 'Plaats van het contact, als die bekend is.');
            execute format('comment on column %I.%I.vragenlijst is %L', target.name, facts.name, 'Code van de vragenlijst.');
            execute format('comment on column %I.%I.vragenlijst_versie is %L', target.name, facts.name, 'Versie van de vragenlijst.');
            execute format('comment on column %I.%I.vragenlijst_vorm is %L', target.name, facts.name, 'Controlegetal van de gestelde vragen, eigen vragen meegerekend. Gelijk getal: dezelfde vragen.');
            execute format('comment on column %I.%I.taal is %L', target.name, facts.name, 'Taal waarin de vragenlijst is ingevuld (ISO 639-1).');
            execute format('comment on column %I.%I.volledig is %L', target.name, facts.name, 'Waar als de vragenlijst helemaal is verstuurd; onwaar als alleen het begin is verstuurd.');
            execute format('comment on column %I.%I.kenmerken is %L', target.name, facts.name, 'Verdere kenmerken die de gemeente voor dit meetpunt heeft toegestaan.');
            execute format('comment on column %I.%I.datum_onzeker is %L', target.name, facts.name, 'Waar als de klok van de kiosk niet klopte: datum is dan de vroegst mogelijke dag en uur is leeg.');
        end loop;

        execute format($view$
            create view %1$I.feit_antwoord with (security_invoker = true) as
            select
                response.municipality as gemeente_code,
                response.id as reactie_id,
                response.day as datum,
                given.item as vraag,
                item.indicator as indicator,
                case jsonb_typeof(value) when 'number' then value::smallint end as waarde,
                case jsonb_typeof(value) when 'string' then value #>> '{}' end as code,
                value = '"nvt"' as nvt
            from meetpunt.response
            cross join lateral jsonb_each(response.answers) as given (item, answer)
            -- A question with more choices has an array; any other answer comes out as it is.
            cross join lateral jsonb_path_query(given.answer, '$[*]') as value
            left join meetpunt.item
                on item.municipality = response.municipality
                and item.structure = response.structure
                and item.item = given.item
            where response.is_test = %2$s and response.suspect = '{}'
        $view$, target.name, target.is_test);

        execute format('comment on schema %I is %L', target.name,
            'Wat rapportmakers lezen, versie 1' || case when target.is_test = 'true' then ': alleen testgegevens' else '' end);
        execute format('comment on view %I.feit_reactie is %L', target.name,
            'Een rij per reactie: een ingevulde vragenlijst van een inwoner. Alleen rijen van uw eigen gemeente, zonder verdachte.');
        execute format('comment on view %I.feit_verdacht is %L', target.name,
            'Een rij per reactie die misschien niet van een inwoner komt. Ze telt nergens mee. Alleen rijen van uw eigen gemeente.');
        execute format('comment on column %I.feit_verdacht.waarom is %L', target.name, 'Waarom de reactie verdacht is: honeypot (verborgen veld ingevuld) of too-quick (sneller dan een mens kan lezen).');
        execute format('comment on column %I.feit_verdacht.antwoorden is %L', target.name, 'Wat er is geantwoord, per vraag: een getal, een code of een lijst van codes.');
        execute format('comment on view %I.feit_antwoord is %L', target.name,
            'Een rij per antwoord; bij een vraag met meer keuzes een rij per keuze. Koppel aan feit_reactie op gemeente_code, datum en reactie_id.');
        execute format('comment on column %I.feit_antwoord.gemeente_code is %L', target.name, 'CBS-code van de gemeente.');
        execute format('comment on column %I.feit_antwoord.reactie_id is %L', target.name, 'De reactie waar dit antwoord bij hoort.');
        execute format('comment on column %I.feit_antwoord.datum is %L', target.name, 'Dag van de reactie, in Nederlandse tijd.');
        execute format('comment on column %I.feit_antwoord.vraag is %L', target.name, 'Code van de vraag, gelijk in alle versies waarin de vraag hetzelfde meet.');
        execute format('comment on column %I.feit_antwoord.indicator is %L', target.name, 'Wat de vraag meet: tevredenheid, vriendelijkheid, duidelijkheid, tijdigheid, gemak, oplossing.');
        execute format('comment on column %I.feit_antwoord.waarde is %L', target.name, 'Getal zoals gegeven: cijfer 1 tot en met 10, of schaal 1 tot en met 5 (1 = slechtst). Niet omgerekend.');
        execute format('comment on column %I.feit_antwoord.code is %L', target.name, 'Code van de gekozen mogelijkheid (ja, deels, nee, nvt of een eigen code).');
        execute format('comment on column %I.feit_antwoord.nvt is %L', target.name, 'Waar als de inwoner "niet van toepassing" of "weet ik niet" koos.');
        execute format('grant select on all tables in schema %I to meetpunt_reader', target.name);
    end loop;
end
$$;
