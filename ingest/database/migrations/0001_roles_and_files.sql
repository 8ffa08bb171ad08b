-- Roles, and what the files of municipalities and questionnaires say, mirrored so that answers can refer to it.

-- Roles belong to the whole cluster: another database, or the embedded Postgres, may have made them already.
do $$
declare
    wanted record;
begin
    for wanted in
        select * from (values
            ('meetpunt_ingest', 'login'),
            ('meetpunt_folder', 'login'),
            ('meetpunt_views', 'nologin'),
            ('meetpunt_audit', 'nologin')
        ) as role (name, login)
    loop
        if not exists (select from pg_roles where rolname = wanted.name) then
            execute format('create role %I %s', wanted.name, wanted.login);
        end if;
    end loop;
    -- Readers have no business in making anything. Before Postgres 15 everybody could in schema public, and a database
    -- that was upgraded still lets them.
    execute format('revoke temporary on database %I from public', current_database());
    revoke create on schema public from public;
end
$$;

create schema meetpunt;
comment on schema meetpunt is 'What residents answered and what must be counted. No reader has any right here.';
grant usage on schema meetpunt to meetpunt_ingest, meetpunt_folder, meetpunt_audit;

create table meetpunt.municipality (
    code text primary key check (code ~ '^GM[0-9]{4}$'),
    slug text not null unique check (slug ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(slug) <= 39),
    name text not null,
    region text not null,
    fictional boolean not null
);
comment on column meetpunt.municipality.slug is
    'The schemas of its readers are named after it, without quotes; so it never changes.';

create table meetpunt.touchpoint (
    municipality text not null references meetpunt.municipality,
    number integer not null unique check (number between 1 and 131071),
    slug text not null,
    name text not null,
    channel text not null,
    location text,
    product text,
    batch smallint not null default 10 check (batch between 3 and 50),
    ten_until date,
    retired boolean not null,
    primary key (municipality, number),
    unique (municipality, slug)
);
comment on column meetpunt.touchpoint.batch is
    'How many responses become readable together. Under ten its page tells the resident.';
comment on column meetpunt.touchpoint.ten_until is
    'The last day on which its page did not tell so yet: what was answered by then waits for ten.';

create table meetpunt.questionnaire (
    municipality text not null references meetpunt.municipality,
    structure text not null check (structure ~ '^[0-9a-f]{16}$'),
    questionnaire text not null,
    version smallint not null,
    title text not null,
    primary key (municipality, structure)
);
comment on column meetpunt.questionnaire.structure is
    'Checksum over what a questionnaire asks, the municipality''s own items included, without its texts.';

create table meetpunt.item (
    municipality text not null,
    structure text not null,
    item text not null,
    position smallint not null,
    kind text not null,
    indicator text,
    core boolean not null,
    text text not null,
    primary key (municipality, structure, item),
    foreign key (municipality, structure) references meetpunt.questionnaire
);

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

create table meetpunt.touchpoint_version (
    municipality text not null,
    touchpoint integer not null,
    questionnaire text not null,
    version smallint not null,
    since date not null,
    primary key (municipality, touchpoint, questionnaire, version),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
);
comment on table meetpunt.touchpoint_version is
    'When a touchpoint began to ask a version: the one before is accepted for a while longer.';

-- When a touchpoint is open; a day that is not named it is closed. Local time.
create table meetpunt.opening_hours (
    municipality text not null,
    touchpoint integer not null,
    weekday smallint not null check (weekday between 1 and 7),
    opens time not null,
    closes time not null check (closes > opens),
    primary key (municipality, touchpoint, weekday),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
);
comment on column meetpunt.opening_hours.weekday is 'ISO 8601: 1 is Monday.';

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

grant select on meetpunt.municipality, meetpunt.touchpoint, meetpunt.questionnaire, meetpunt.item,
    meetpunt.touchpoint_version, meetpunt.opening_hours to meetpunt_ingest, meetpunt_folder;
grant select on meetpunt.core_item to meetpunt_folder;

-- Row-level security holds for the owner of a table too. What stands in files is anybody's who has a right on the table;
-- what residents answered has policies of its own, and none for the owner.
do $$
declare
    named text;
begin
    foreach named in array array['touchpoint', 'questionnaire', 'item', 'core_item', 'touchpoint_version',
        'opening_hours', 'target']
    loop
        execute format('alter table meetpunt.%I enable row level security', named);
        execute format('alter table meetpunt.%I force row level security', named);
        execute format('create policy files on meetpunt.%I using (true) with check (true)', named);
    end loop;
end
$$;
