-- The shape before publishing, kept as the control of every attack: one set of tables for all municipalities, row-level
-- security on them, views that ask as whoever reads. Cut to what the attacks touch; the rules are as they were.
-- Logins, their rights and the rows are made by old_shape.py. {reads}, {benchmark} and {free_text} are roles without login.

create schema meetpunt;
create schema bi;
grant usage on schema meetpunt, bi to {reads};
grant usage on schema meetpunt to {benchmark}, {free_text};

create table meetpunt.municipality (
    code text primary key, slug text not null unique, name text not null, region text not null
);
create table meetpunt.touchpoint (
    municipality text not null references meetpunt.municipality,
    number integer not null unique,
    slug text not null,
    channel text not null,
    product text,
    primary key (municipality, number)
);
create table meetpunt.reader (
    municipality text not null, role_name name not null, free_text boolean not null, primary key (municipality, role_name)
);
create table meetpunt.response (
    municipality text not null,
    day date not null,
    id uuid not null,
    touchpoint integer not null,
    structure text not null,
    language text not null,
    hour smallint,
    complete boolean not null,
    dimensions jsonb not null,
    answers jsonb not null,
    primary key (municipality, day, id),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
);
create table meetpunt.free_text (
    municipality text not null,
    day date not null,
    response_id uuid not null,
    item text not null,
    text text not null,
    primary key (municipality, day, response_id, item)
);
create table meetpunt.summary (
    municipality text not null,
    grain text not null,
    period date not null,
    touchpoint integer not null,
    item text not null,
    indicator text not null,
    kind text not null,
    given bigint[] not null,
    answers bigint generated always as (
        given[1] + given[2] + given[3] + given[4] + given[5]
        + given[6] + given[7] + given[8] + given[9] + given[10]
    ) stored,
    total bigint generated always as (
        given[1] + 2 * given[2] + 3 * given[3] + 4 * given[4] + 5 * given[5]
        + 6 * given[6] + 7 * given[7] + 8 * given[8] + 9 * given[9] + 10 * given[10]
    ) stored,
    primary key (municipality, grain, period, touchpoint, item)
);

grant select on meetpunt.municipality, meetpunt.touchpoint, meetpunt.reader, meetpunt.response, meetpunt.summary to {reads};
grant select on meetpunt.municipality, meetpunt.touchpoint, meetpunt.reader, meetpunt.summary to {benchmark};
grant select on meetpunt.touchpoint, meetpunt.reader, meetpunt.response, meetpunt.free_text to {free_text};

alter table meetpunt.touchpoint enable row level security;
alter table meetpunt.reader enable row level security;
alter table meetpunt.response enable row level security;
alter table meetpunt.free_text enable row level security;
alter table meetpunt.summary enable row level security;

create policy reader on meetpunt.reader for select to {reads}, {benchmark}, {free_text} using (role_name = current_user);
create policy reader on meetpunt.touchpoint for select to {reads} using (municipality = any (array(
    select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user)));
create policy reader on meetpunt.response for select to {reads} using (municipality = any (array(
    select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user)));
create policy reader on meetpunt.summary for select to {reads} using (municipality = any (array(
    select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user)));
create policy benchmark on meetpunt.touchpoint for select to {benchmark} using (true);
create policy benchmark on meetpunt.summary for select to {benchmark} using (true);
create policy free_text on meetpunt.touchpoint for select to {free_text} using (true);
create policy free_text on meetpunt.response for select to {free_text} using (municipality = any (array(
    select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user and mine.free_text)));
create policy free_text on meetpunt.free_text for select to {free_text} using (municipality = any (array(
    select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user and mine.free_text)));

create view bi.feit_reactie with (security_invoker = true) as
select
    response.municipality as gemeente_code,
    response.id as reactie_id,
    response.day as datum,
    response.hour as uur,
    touchpoint.channel as kanaal,
    touchpoint.slug as meetpunt,
    coalesce(response.dimensions ->> 'product', touchpoint.product) as product,
    response.language as taal,
    response.complete as volledig
from meetpunt.response
join meetpunt.touchpoint
    on touchpoint.municipality = response.municipality
    and touchpoint.number = response.touchpoint;

create view bi.feit_antwoord with (security_invoker = true) as
select
    response.municipality as gemeente_code,
    response.id as reactie_id,
    response.day as datum,
    given.item as vraag,
    case jsonb_typeof(given.answer) when 'number' then given.answer::smallint end as waarde
from meetpunt.response
cross join lateral jsonb_each(response.answers) as given (item, answer);

create view bi.toelichting with (security_barrier = true) as
select
    response.municipality as gemeente_code,
    date_trunc('month', response.day)::date as maand,
    case when response.hour is not null then response.day end as datum,
    touchpoint.channel as kanaal,
    touchpoint.slug as meetpunt,
    free_text.item as vraag,
    free_text.text as tekst
from meetpunt.free_text
join meetpunt.response
    on response.municipality = free_text.municipality
    and response.day = free_text.day
    and response.id = free_text.response_id
join meetpunt.touchpoint
    on touchpoint.municipality = response.municipality
    and touchpoint.number = response.touchpoint
where response.municipality = any (array(
    select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user and mine.free_text))
order by 1, 2, md5(free_text.text), 3, 4, 5, 6;

create view bi.benchmark_regio with (security_barrier = true) as
with mine as (
    select reader.municipality as code from meetpunt.reader where reader.role_name = current_user
),
cell as (
    select
        municipality.region,
        summary.period,
        touchpoint.channel,
        summary.indicator,
        municipality.code,
        municipality.name,
        municipality.code in (select mine.code from mine) as own,
        sum(summary.answers) as n,
        sum(summary.total) as total
    from meetpunt.municipality
    join meetpunt.summary on summary.municipality = municipality.code
    join meetpunt.touchpoint
        on touchpoint.municipality = summary.municipality
        and touchpoint.number = summary.touchpoint
    where municipality.region in (
            select own.region from meetpunt.municipality as own join mine on mine.code = own.code
        )
        and summary.grain = 'month'
    group by
        municipality.region, summary.period, touchpoint.channel, summary.indicator, municipality.code, municipality.name
),
small as (
    select
        cell.*,
        not own and n < 10 as is_small,
        count(*) filter (where not own and n < 10) over comparison as small_cells,
        min(n) filter (where not own and n >= 10) over comparison as next_smallest
    from cell
    window comparison as (partition by region, period, channel, indicator)
),
shown as (
    select small.*, is_small or (not own and small_cells = 1 and n = next_smallest) as hidden
    from small
)
select
    region as regio,
    period as maand,
    channel as kanaal,
    indicator,
    code as gemeente_code,
    name as gemeente,
    own as eigen,
    case when not hidden then n end as n,
    case when not hidden then round(total / n, 6) end as gemiddelde,
    hidden as verborgen
from shown;

alter view bi.benchmark_regio owner to {benchmark};
alter view bi.toelichting owner to {free_text};
grant select on all tables in schema bi to {reads};

-- Two ways in which the next view would have been forgotten, for the attacks that a barrier and a sort keep out: the same
-- texts without them. A wall must not hang on who writes a view remembering its options.
create view bi.toelichting_zonder_sortering with (security_barrier = true) as
select
    response.municipality as gemeente_code,
    date_trunc('month', response.day)::date as maand,
    case when response.hour is not null then response.day end as datum,
    free_text.text as tekst
from meetpunt.free_text
join meetpunt.response
    on response.municipality = free_text.municipality
    and response.day = free_text.day
    and response.id = free_text.response_id
where response.municipality = any (array(
    select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user and mine.free_text));

create view bi.toelichting_zonder_barriere as
select free_text.municipality as gemeente_code, free_text.item as vraag, free_text.text as tekst
from meetpunt.free_text
where free_text.municipality = any (array(
    select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user and mine.free_text));

alter view bi.toelichting_zonder_sortering owner to {free_text};
grant select on bi.toelichting_zonder_sortering, bi.toelichting_zonder_barriere to {reads};
