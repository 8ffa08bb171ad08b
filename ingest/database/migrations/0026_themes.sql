-- What texts are about: codes of themes beside each text, and what is told of how often.

-- Found when the text came in, and gone with it. What came in before has no version: nothing was looked for.
alter table meetpunt.free_text
    add column themes text[] not null default '{}', add column theme_version text not null default '';
alter table meetpunt.waiting_text
    add column themes text[] not null default '{}', add column theme_version text not null default '';
alter table lees.tekst
    add column themes text[] not null default '{}', add column theme_version text not null default '';
comment on column meetpunt.free_text.theme_version is
    'Of the files by which its themes were found: the shared one, and behind a + that of the municipality.';
-- Themes are found again by a later version while texts exist. Nothing else of a text ever changes.
grant update (themes, theme_version) on meetpunt.free_text, meetpunt.waiting_text to meetpunt_folder;

-- A service of the version before hands texts over without themes.
create function meetpunt.texts_in(texts json)
returns table (item text, text text, masked text[], themes text[], theme_version text)
language sql immutable
begin atomic
    select t.item, t.text, t.masked, coalesce(t.themes, '{}'), coalesce(t.theme_version, '')
    from json_to_recordset(texts) as t (item text, text text, masked text[], themes text[], theme_version text);
end;

-- Who publishes adds to it, and who tells takes away. Nobody reads it: it holds numbers under ten.
create table meetpunt.theme_tally (
    municipality text not null,
    month date not null check (extract(day from month) = 1),
    touchpoint integer not null,
    text_group text not null,
    wijk text not null,
    product text not null,
    low boolean not null,
    theme text not null,
    version smallint not null,
    appeared boolean not null,
    small_group boolean not null,
    responses bigint not null,
    texts bigint not null,
    hits bigint not null,
    primary key (municipality, month, touchpoint, text_group, wijk, product, low, theme, version, appeared)
);
comment on table meetpunt.theme_tally is
    'How many of the responses that were published hold a text, and how often it had each theme, until that is told.';
comment on column meetpunt.theme_tally.text_group is
    'What a text is known by: whose texts appear together. Empty once the month was told: then wijk and product are those that ten share.';
comment on column meetpunt.theme_tally.appeared is
    'Whether its texts may be read: before that nothing of it is told. The month is then that in which they appeared.';
comment on column meetpunt.theme_tally.theme is 'Empty: the responses themselves, with how many of them hold a text.';
grant select, insert, update, delete on meetpunt.theme_tally to meetpunt_folder;
alter table meetpunt.theme_tally enable row level security, force row level security;
create policy folder on meetpunt.theme_tally to meetpunt_folder using (true) with check (true);

-- Up to which month a municipality was told: what comes in later of such a month counts in a later one.
create table meetpunt.theme_look (
    municipality text primary key references meetpunt.municipality,
    month date not null
);
grant select, insert, update, delete on meetpunt.theme_look to meetpunt_folder;
alter table meetpunt.theme_look enable row level security, force row level security;
create policy folder on meetpunt.theme_look to meetpunt_folder using (true) with check (true);

-- No two rows of one theme and part share a text, so whatever is added up or subtracted is of ten texts, five with the theme
-- and five without, or more.
create table lees.thema (
    municipality text not null,
    month date not null check (extract(day from month) = 1),
    channel text not null,
    theme text not null,
    version smallint not null,
    part text not null check (part in ('alle', 'laag')),
    touchpoint integer not null,
    wijk text not null,
    product text not null,
    texts bigint not null check (texts >= 10),
    hits bigint not null check (hits >= 5 and texts - hits >= 5),
    small_group boolean not null,
    told_at timestamptz not null,
    primary key (municipality, month, channel, theme, version, part, touchpoint, wijk, product)
) partition by list (municipality);
comment on table lees.thema is 'Told when its month is over. A row is written once, and never changed.';
comment on column lees.thema.part is 'alle: every text; laag: those with a mark of 5 or lower, which are among these too.';
comment on column lees.thema.touchpoint is '0: several of the channel together.';
alter table lees.thema enable row level security, force row level security;
create policy folder on lees.thema to meetpunt_folder using (true) with check (true);
grant select, insert, update, delete on lees.thema to meetpunt_folder;

-- As the files say.
create table meetpunt.theme (
    municipality text not null references meetpunt.municipality,
    theme text not null,
    version smallint not null,
    position smallint not null,
    name text not null,
    about text not null,
    own boolean not null,
    precise double precision check (precise between 0 and 1),
    recall double precision check (recall between 0 and 1),
    measured_on integer check (measured_on > 0),
    primary key (municipality, theme, version)
);
comment on column meetpunt.theme.precise is 'The share of what was found that is right, of labelled Dutch texts; null: not measured.';
alter table meetpunt.theme enable row level security, force row level security;
create policy files on meetpunt.theme using (true) with check (true);

create table lees.dim_thema (
    municipality text not null,
    theme text not null,
    version smallint not null,
    position smallint not null,
    name text not null,
    about text not null,
    own boolean not null,
    precise double precision,
    recall double precision,
    measured_on integer,
    primary key (municipality, theme, version)
) partition by list (municipality);
