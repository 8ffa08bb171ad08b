-- Figures of a part of a channel: of a touchpoint, product, place, department, neighbourhood, way of asking or part of the day.

-- The last detail of a response, after all others: it never stands in a row that a reader sees, only in figures.
alter table lees.reactie add column daypart text check (daypart in ('ochtend', 'middag', 'avond'));
comment on column lees.reactie.daypart is
    'Part of the day in Amsterdam, where ten rows agree in it and in all else. For figures alone: no view of rows shows it.';

-- What was published, counted for each combination of details that was kept: of every combination at least ten rows of a
-- batch, so it tells of no fewer people than the rows do. An empty text is a detail that was not kept or not known.
create table lees.cijfer_uitgesplitst (
    municipality text not null,
    month date not null check (extract(day from month) = 1),
    touchpoint integer not null,
    product text not null,
    location text not null,
    wijk text not null,
    mode text not null,
    daypart text not null,
    indicator text not null,
    kind text not null,
    given bigint[] not null check (array_length(given, 1) = 10),
    small_group boolean not null,
    primary key (municipality, month, touchpoint, product, location, wijk, mode, daypart, indicator, kind)
) partition by list (municipality);
-- Every view reads each of the ten places: a value that is stored plainly is not copied first, ten times.
alter table lees.cijfer_uitgesplitst alter given set storage plain;
alter table lees.cijfer_uitgesplitst enable row level security, force row level security;
create policy folder on lees.cijfer_uitgesplitst to meetpunt_folder using (true) with check (true);
grant select, insert, update, delete on lees.cijfer_uitgesplitst to meetpunt_folder;

-- What files say of departments and neighbourhoods.
create table meetpunt.department (
    municipality text not null references meetpunt.municipality,
    slug text not null,
    position smallint not null,
    name text not null,
    touchpoints text[] not null,
    products text[] not null,
    primary key (municipality, slug),
    unique (municipality, position),
    check (cardinality(touchpoints) + cardinality(products) > 0)
);
comment on column meetpunt.department.position is 'A response belongs to the first that fits.';

create table meetpunt.wijk (
    municipality text not null references meetpunt.municipality,
    code text not null check (code ~ '^WK[0-9]{6}$'),
    name text not null,
    primary key (municipality, code)
);

do $$
declare
    named text;
begin
    foreach named in array array['department', 'wijk']
    loop
        execute format('alter table meetpunt.%I enable row level security', named);
        execute format('alter table meetpunt.%I force row level security', named);
        execute format('create policy files on meetpunt.%I using (true) with check (true)', named);
    end loop;
end
$$;

create table lees.dim_afdeling (
    municipality text not null,
    slug text not null,
    position smallint not null,
    name text not null,
    touchpoints text[] not null,
    products text[] not null,
    primary key (municipality, slug)
) partition by list (municipality);

create table lees.dim_wijk (
    municipality text not null,
    code text not null,
    name text not null,
    primary key (municipality, code)
) partition by list (municipality);

-- Texts stand in the groups of the targets: lower than 6, 6 or lower, 8 or higher. So a 6 and a 7 are a group each. What
-- waits under "midden" is one of the two, and nothing tells which: it waits on, for the rest of its term.
alter table meetpunt.waiting_text drop constraint waiting_text_judgement_check,
    add constraint waiting_text_judgement_check check (judgement in ('laag', '6', '7', 'hoog', '', 'midden'));

alter table meetpunt.destruction_record drop constraint destruction_record_kind_check,
    add constraint destruction_record_kind_check check (kind in
        ('asked', 'free_text', 'invitation', 'invitation_call', 'kiosk_item', 'kiosk_pairing', 'kiosk_quarantine',
         'kiosk_set_aside', 'occasion', 'outbox', 'published_breakdown', 'published_response', 'published_text', 'receipt',
         'response', 'spent_token'));
