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
            ('meetpunt_reader', 'nologin'),
            ('meetpunt_benchmark', 'nologin')
        ) as role (name, login)
    loop
        if not exists (select from pg_roles where rolname = wanted.name) then
            execute format('create role %I %s', wanted.name, wanted.login);
        end if;
    end loop;
end
$$;

-- Readers have no business in making anything.
do $$
begin
    execute format('revoke temporary on database %I from public', current_database());
end
$$;

create schema meetpunt;
comment on schema meetpunt is 'What residents answered and what must be counted. Report makers read schema bi.';
grant usage on schema meetpunt to meetpunt_ingest, meetpunt_folder, meetpunt_reader;

create table meetpunt.municipality (
    code text primary key check (code ~ '^GM[0-9]{4}$'),
    slug text not null unique,
    name text not null,
    region text not null,
    fictional boolean not null
);

create table meetpunt.touchpoint (
    municipality text not null references meetpunt.municipality,
    number integer not null unique check (number between 1 and 131071),
    slug text not null,
    channel text not null,
    location text,
    product text,
    retired boolean not null,
    primary key (municipality, number),
    unique (municipality, slug)
);

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

-- Who may read which municipality's rows.
create table meetpunt.reader (
    municipality text not null references meetpunt.municipality,
    role_name name not null,
    free_text boolean not null default false,
    primary key (municipality, role_name)
);
