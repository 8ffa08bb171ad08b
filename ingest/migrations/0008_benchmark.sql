-- The region beside the own municipality: of others only headline figures, and none from which a hidden one follows.

-- Which items of a structure are the shared core, and with which versions it stands in one figure.
-- A municipality's own items are not in here, so they never enter the benchmark.
create table meetpunt.core_item (
    structure text not null check (structure ~ '^[0-9a-f]{16}$'),
    item text not null,
    core text not null,
    primary key (structure, item)
);
comment on column meetpunt.core_item.core is
    'The first of the versions whose core compares, such as balie/1. Equal: may stand in one figure.';

alter table meetpunt.core_item enable row level security;
alter table meetpunt.core_item force row level security;
create policy benchmark on meetpunt.core_item for select to meetpunt_benchmark using (true);
grant select on meetpunt.core_item to meetpunt_benchmark;
do $$
begin
    execute format('create policy owner on meetpunt.core_item to %I using (true) with check (true)', current_user);
end
$$;

-- In a view that belongs to another role, current_user stays whoever asks: after SET ROLE too.
create policy benchmark on meetpunt.reader for select to meetpunt_benchmark using (role_name = current_user);
grant select (municipality, role_name) on meetpunt.reader to meetpunt_benchmark;

-- Every number of the rules below, in one place.
create function meetpunt.benchmark_rule() returns table (
    smallest_cell integer,
    hidden_together integer,
    hidden_answers integer,
    hidden_spread integer,
    contributors integer,
    cuts_and_distribution integer
)
language sql immutable parallel safe
begin atomic
    select 10, 2, 10, 1, 3, 30;
end;
comment on function meetpunt.benchmark_rule() is
    'smallest_cell: fewer answers of another municipality are hidden. hidden_together: so many cells of others are hidden '
    'together, or none. hidden_answers and hidden_spread: a pooled mean over hidden cells covers at least so many of their '
    'answers, which are not all the same. contributors: fewer municipalities give no regional mean. cuts_and_distribution: '
    'fewer answers of another show a mean and one share, no more.';

do $$
declare
    target record;
    member_by_us boolean := true;
begin
    for target in select * from (values ('bi', 'false'), ('bi_test', 'true')) as t (name, is_test)
    loop
        -- A barrier: a reader's own function in a query must not see rows before they are left out.
        execute format($view$
            create view %1$I.benchmark_regio with (security_barrier = true) as
            with mine as (
                select reader.municipality as code
                from meetpunt.reader
                where reader.role_name = current_user
            ),
            -- What was given in one cell: one municipality's answers to one indicator on one channel in one month.
            given as (
                select
                    municipality.region,
                    summary.period,
                    touchpoint.channel,
                    core_item.core,
                    summary.indicator,
                    summary.kind,
                    municipality.code,
                    municipality.name,
                    case summary.kind when 'mark' then 10 when 'yes_partly_no' then 3 else 5 end as scale,
                    sum(given[1])::bigint as g1,
                    sum(given[2])::bigint as g2,
                    sum(given[3])::bigint as g3,
                    sum(given[4])::bigint as g4,
                    sum(given[5])::bigint as g5,
                    sum(given[6])::bigint as g6,
                    sum(given[7])::bigint as g7,
                    sum(given[8])::bigint as g8,
                    sum(given[9])::bigint as g9,
                    sum(given[10])::bigint as g10
                from meetpunt.municipality
                join meetpunt.summary on summary.municipality = municipality.code
                join meetpunt.touchpoint
                    on touchpoint.municipality = summary.municipality
                    and touchpoint.number = summary.touchpoint
                join meetpunt.core_item
                    on core_item.structure = summary.structure
                    and core_item.item = summary.item
                where municipality.region in (
                        select own.region from meetpunt.municipality as own join mine on mine.code = own.code
                    )
                    and summary.grain = 'month'
                    and summary.is_test = %2$s
                    -- A month that still runs would tell each new answer by the difference with yesterday.
                    and summary.period < date_trunc('month', (now() at time zone 'Europe/Amsterdam') - interval '1 day')::date
                    and summary.kind in ('mark', 'agreement', 'smileys', 'yes_partly_no')
                    and summary.indicator is not null
                group by
                    municipality.region, summary.period, touchpoint.channel, core_item.core, summary.indicator,
                    summary.kind, municipality.code, municipality.name
            ),
            cell as (
                select
                    given.*,
                    given.code in (select mine.code from mine) as own,
                    g1 + g2 + g3 + g4 + g5 + g6 + g7 + g8 + g9 + g10 as n,
                    g1 + 2 * g2 + 3 * g3 + 4 * g4 + 5 * g5 + 6 * g6 + 7 * g7 + 8 * g8 + 9 * g9 + 10 * g10 as total,
                    g1 + 4 * g2 + 9 * g3 + 16 * g4 + 25 * g5 + 36 * g6 + 49 * g7 + 64 * g8 + 81 * g9 + 100 * g10 as squares
                from given
            ),
            -- Seen by one who knows the own cells: what matters is how many cells of others are hidden.
            small as (
                select
                    cell.*,
                    rule.*,
                    not own and n < rule.smallest_cell as is_small,
                    count(*) filter (where not own and n < rule.smallest_cell) over comparison as small_cells,
                    min(n) filter (where not own and n >= rule.smallest_cell) over comparison as next_smallest
                from cell
                cross join meetpunt.benchmark_rule() as rule
                where n > 0
                window comparison as (partition by region, period, channel, core, indicator, kind)
            ),
            shown as (
                select
                    small.*,
                    is_small or (
                        not own and small_cells > 0 and small_cells < hidden_together and n = next_smallest
                    ) as hidden
                from small
            ),
            compared as (
                select
                    shown.*,
                    count(*) over comparison as municipalities,
                    sum(n) over comparison as all_answers,
                    sum(total) over comparison as all_total,
                    avg(total::numeric / n) over comparison as mean_of_means,
                    count(*) filter (where hidden) over comparison as hidden_cells,
                    coalesce(sum(n) filter (where hidden) over comparison, 0) as answers_hidden,
                    -- Nought when all hidden answers are the same: then a mean would tell each of them.
                    sum(n) filter (where hidden) over comparison * sum(squares) filter (where hidden) over comparison
                        - (sum(total) filter (where hidden) over comparison) ^ 2 as spread_hidden
                from shown
                window comparison as (partition by region, period, channel, core, indicator, kind)
            ),
            figures as (
                select
                    compared.*,
                    case when not hidden and n >= smallest_cell then total::numeric / n end as mean,
                    n >= case when own then smallest_cell else cuts_and_distribution end as in_full,
                    -- One decimal while something is hidden: more of them would tell the number of answers.
                    case
                        when municipalities < contributors then null
                        when hidden_cells = 0 then all_total / all_answers
                        when hidden_cells >= hidden_together and answers_hidden >= compared.hidden_answers
                            and spread_hidden >= hidden_spread
                            then case kind
                                when 'yes_partly_no' then round((all_total / all_answers - 1) * 50) / 50 + 1
                                else round(all_total / all_answers, 1)
                            end
                    end as pooled,
                    case when municipalities >= contributors and hidden_cells = 0 then mean_of_means end as unweighted
                from compared
            )
            select
                region as regio,
                period as maand,
                channel as kanaal,
                core as vragenlijst_kern,
                indicator as indicator,
                kind as soort,
                code as gemeente_code,
                name as gemeente,
                own as eigen,
                case when not hidden then n end as n,
                case when kind <> 'yes_partly_no' then round(mean, 6) end as gemiddelde,
                round((mean - 1) * 100 / (scale - 1), 6) as gemiddelde_100,
                case when kind = 'mark' and mean is not null and in_full then round((g1 + g2 + g3 + g4 + g5)::numeric / n, 6) end as aandeel_lt_55,
                case when kind = 'mark' and mean is not null and in_full then round((g1 + g2 + g3 + g4 + g5)::numeric / n, 6) end as aandeel_lt_6,
                case when kind = 'mark' and mean is not null then round((g1 + g2 + g3 + g4 + g5 + g6)::numeric / n, 6) end as aandeel_le_6,
                case when kind = 'mark' and mean is not null and in_full then round((g8 + g9 + g10)::numeric / n, 6) end as aandeel_ge_8,
                case when mean is not null and in_full
                    then (array[g1, g2, g3, g4, g5, g6, g7, g8, g9, g10])[1:scale] end as verdeling,
                mean is not null and n < cuts_and_distribution as indicatief,
                mean is null as verborgen,
                case
                    when hidden then format('minder dan %%s reacties, of nodig om een kleiner aantal te verbergen', smallest_cell)
                    when mean is null then format('minder dan %%s eigen reacties', smallest_cell)
                end as waarom_verborgen,
                case when kind <> 'yes_partly_no' then round(pooled, 6) end as regio_gemiddelde_gepoold,
                case when kind <> 'yes_partly_no' then round(unweighted, 6) end as regio_gemiddelde_ongewogen,
                round((pooled - 1) * 100 / (scale - 1), 6) as regio_gemiddelde_100_gepoold,
                round((unweighted - 1) * 100 / (scale - 1), 6) as regio_gemiddelde_100_ongewogen,
                municipalities as aantal_gemeenten
            from figures
        $view$, target.name, target.is_test);

        execute format('comment on view %I.benchmark_regio is %L', target.name,
            'De eigen gemeente naast de andere gemeenten van de regio: een rij per maand, kanaal, indicator en gemeente. '
            'Alleen maanden die voorbij zijn, en alleen vragen die de gemeenten gelijk stellen. Kleine aantallen van anderen zijn verborgen.');
        execute format('comment on column %I.benchmark_regio.regio is %L', target.name, 'Regio van de eigen gemeente.');
        execute format('comment on column %I.benchmark_regio.maand is %L', target.name, 'Eerste dag van de maand. De lopende maand staat er niet in.');
        execute format('comment on column %I.benchmark_regio.kanaal is %L', target.name, 'Kanaal van het contact. Vergelijk kanalen niet met elkaar: een kiosk krijgt hogere cijfers dan een sms.');
        execute format('comment on column %I.benchmark_regio.vragenlijst_kern is %L', target.name, 'Oudste versie waarmee de gestelde vragen vergelijkbaar zijn, bijvoorbeeld balie/1. Alleen gelijke kernen staan in een cijfer bij elkaar.');
        execute format('comment on column %I.benchmark_regio.indicator is %L', target.name, 'Wat de vraag meet: tevredenheid, vriendelijkheid, duidelijkheid, tijdigheid, gemak, oplossing.');
        execute format('comment on column %I.benchmark_regio.soort is %L', target.name, 'Soort vraag: mark (cijfer 1 tot en met 10), agreement of smileys (1 tot en met 5), yes_partly_no (ja, deels, nee).');
        execute format('comment on column %I.benchmark_regio.gemeente_code is %L', target.name, 'CBS-code van de gemeente.');
        execute format('comment on column %I.benchmark_regio.gemeente is %L', target.name, 'Naam van de gemeente.');
        execute format('comment on column %I.benchmark_regio.eigen is %L', target.name, 'Waar als dit uw eigen gemeente is.');
        execute format('comment on column %I.benchmark_regio.n is %L', target.name, 'Aantal antwoorden met een waarde (zonder "niet van toepassing"). Leeg als het van een andere gemeente is en verborgen.');
        execute format('comment on column %I.benchmark_regio.gemiddelde is %L', target.name, 'Gemiddelde zoals gegeven, op de schaal van de vraag. Leeg als het verborgen is, en bij ja, deels, nee.');
        execute format('comment on column %I.benchmark_regio.gemiddelde_100 is %L', target.name, 'Gemiddelde op een schaal van 0 (slechtst) tot 100 (best).');
        execute format('comment on column %I.benchmark_regio.aandeel_lt_55 is %L', target.name, 'Deel van de cijfers lager dan 5,5 (0 tot 1). Van anderen vanaf 30 antwoorden.');
        execute format('comment on column %I.benchmark_regio.aandeel_lt_6 is %L', target.name, 'Deel van de cijfers lager dan 6 (0 tot 1). Van anderen vanaf 30 antwoorden.');
        execute format('comment on column %I.benchmark_regio.aandeel_le_6 is %L', target.name, 'Deel van de cijfers 6 of lager (0 tot 1).');
        execute format('comment on column %I.benchmark_regio.aandeel_ge_8 is %L', target.name, 'Deel van de cijfers 8 of hoger (0 tot 1). Van anderen vanaf 30 antwoorden.');
        execute format('comment on column %I.benchmark_regio.verdeling is %L', target.name, 'Hoe vaak elke waarde is gegeven, van laag naar hoog (bij ja, deels, nee: nee, deels, ja). Van anderen vanaf 30 antwoorden.');
        execute format('comment on column %I.benchmark_regio.indicatief is %L', target.name, 'Waar bij 10 tot en met 29 antwoorden: te weinig om conclusies aan te verbinden.');
        execute format('comment on column %I.benchmark_regio.verborgen is %L', target.name, 'Waar als de cijfers van deze rij verborgen zijn. Toon dat als verborgen, niet als nul.');
        execute format('comment on column %I.benchmark_regio.waarom_verborgen is %L', target.name, 'Waarom de cijfers verborgen zijn.');
        execute format('comment on column %I.benchmark_regio.regio_gemiddelde_gepoold is %L', target.name, 'Gemiddelde van alle antwoorden samen: een grote gemeente telt zwaarder. Afgerond op een decimaal zolang er cijfers verborgen zijn; leeg als een verborgen cijfer eruit zou volgen of bij minder dan drie gemeenten.');
        execute format('comment on column %I.benchmark_regio.regio_gemiddelde_ongewogen is %L', target.name, 'Gemiddelde van de gemiddelden van de gemeenten: elke gemeente telt even zwaar. Alleen als geen cijfer van een ander verborgen is.');
        execute format('comment on column %I.benchmark_regio.regio_gemiddelde_100_gepoold is %L', target.name, 'Het gepoolde gemiddelde op een schaal van 0 tot 100, afgeleid van het afgeronde gemiddelde.');
        execute format('comment on column %I.benchmark_regio.regio_gemiddelde_100_ongewogen is %L', target.name, 'Het ongewogen gemiddelde op een schaal van 0 tot 100.');
        execute format('comment on column %I.benchmark_regio.aantal_gemeenten is %L', target.name, 'Aantal gemeenten met antwoorden, ook die waarvan de cijfers verborgen zijn.');
        execute format('grant select on %I.benchmark_regio to meetpunt_reader', target.name);
    end loop;

    -- Giving a view away takes membership of the role that gets it, and that role's right to make one
    -- there. Both are taken back: the owner of the tables cannot read what the benchmark reads.
    -- Where an administrator made the roles, they made the owner a member too, and take that back.
    begin
        execute format('grant meetpunt_benchmark to %I', current_user);
    exception when insufficient_privilege then
        member_by_us := false;
    end;
    grant create on schema bi, bi_test to meetpunt_benchmark;
    alter view bi.benchmark_regio owner to meetpunt_benchmark;
    alter view bi_test.benchmark_regio owner to meetpunt_benchmark;
    revoke create on schema bi, bi_test from meetpunt_benchmark;
    if member_by_us then
        execute format('revoke meetpunt_benchmark from %I', current_user);
    end if;
end
$$;
