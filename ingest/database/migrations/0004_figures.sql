-- What is counted when a batch is published, and what waits for a later one. No reader reaches any of it.
-- Only counts of given values are kept, so that every figure can be worked out again from them, and so that two
-- parts of one period add up. Suspect responses are left out.

create table meetpunt.summary (
    municipality text not null references meetpunt.municipality,
    grain text not null check (grain in ('week', 'month')),
    period date not null,
    touchpoint integer not null,
    structure text not null,
    item text not null,
    indicator text,
    kind text not null,
    -- How often each value was given: [1] to [10] of a mark, [1] to [5] of a scale, and nee, deels, ja as
    -- [1] to [3]. Other codes have no number and are not counted here.
    given bigint[] not null check (array_length(given, 1) = 10),
    not_applicable bigint not null,
    small_group boolean not null,
    primary key (municipality, grain, period, touchpoint, structure, item)
);
comment on column meetpunt.summary.small_group is 'Something in it came from a batch of fewer than ten.';

create table meetpunt.summary_responses (
    municipality text not null references meetpunt.municipality,
    grain text not null check (grain in ('week', 'month')),
    period date not null,
    touchpoint integer not null,
    structure text not null,
    responses bigint not null,
    complete bigint not null,
    invited bigint not null,
    primary key (municipality, grain, period, touchpoint, structure)
);

-- How many were asked: counts only, no invitation can be told from another. Issued counts on its own day; spent on the
-- day on which a batch closed, and under the product only where the batch kept it.
create table meetpunt.invitation_count (
    municipality text not null,
    day date not null,
    touchpoint integer not null,
    product text not null,
    issued bigint not null default 0,
    spent bigint not null default 0,
    expired bigint not null default 0,
    primary key (municipality, day, touchpoint, product),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
);

-- Until when responses were destroyed at the end of their term: summaries of periods that begin before that day can no
-- longer be worked out again, and stay as they are.
create table meetpunt.purged_before (
    municipality text primary key references meetpunt.municipality,
    day date not null
);

-- When it was last looked for a batch that is full.
create table meetpunt.look (
    municipality text primary key references meetpunt.municipality,
    looked_at timestamptz not null
);

-- Texts of responses that are published, until as many of that judgement are that none points at its response. From here
-- on nothing ties a text to its response: the id is its own, and the month is that in which the batch closed.
create table meetpunt.waiting_text (
    municipality text not null,
    id uuid not null default gen_random_uuid(),
    touchpoint integer not null,
    structure text not null,
    invited boolean not null,
    judgement text not null check (judgement in ('laag', 'midden', 'hoog', '')),
    language text not null,
    month date not null,
    item text not null,
    text text not null,
    masked text[] not null,
    primary key (municipality, touchpoint, structure, invited, judgement, language, id),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
);
-- How many responses of a judgement were published since its texts last were, by the month in which their batch closed:
-- they count for as long as a text of that month is kept, and no longer.
create table meetpunt.judged (
    municipality text not null,
    touchpoint integer not null,
    structure text not null,
    invited boolean not null,
    judgement text not null,
    language text not null,
    month date not null check (extract(day from month) = 1),
    responses bigint not null,
    primary key (municipality, touchpoint, structure, invited, judgement, language, month),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
);

-- What the region was told of a month, as it was counted then: the truth behind `lees.gepubliceerd`.
create table meetpunt.regional (
    municipality text not null references meetpunt.municipality,
    month date not null,
    channel text not null,
    core text not null,
    indicator text not null,
    kind text not null,
    revision smallint not null,
    given bigint[] not null check (array_length(given, 1) = 10),
    small_group boolean not null,
    hidden boolean not null,
    primary key (municipality, month, channel, core, indicator, kind, revision)
);
comment on column meetpunt.regional.hidden is
    'Hidden from the others when it was first told, and so for ever: what turns up later would tell what it was.';

-- Up to which month a municipality's region was told of it: what turns up later of a month that was told, and was not
-- there, is not told. It would change quarters and years that were, by as little as there is of it.
create table meetpunt.region_look (
    municipality text primary key references meetpunt.municipality,
    month date not null
);

create function meetpunt.added(a bigint[], b bigint[]) returns bigint[]
language sql immutable parallel safe
return array[
    a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5],
    a[6] + b[6], a[7] + b[7], a[8] + b[8], a[9] + b[9], a[10] + b[10]
];
comment on function meetpunt.added is 'Two distributions as one.';

do $$
declare
    named text;
begin
    foreach named in array array['summary', 'summary_responses', 'invitation_count', 'purged_before', 'look',
        'waiting_text', 'judged', 'regional', 'region_look']
    loop
        execute format('alter table meetpunt.%I enable row level security', named);
        execute format('alter table meetpunt.%I force row level security', named);
        execute format('create policy folder on meetpunt.%I to meetpunt_folder using (true) with check (true)', named);
        execute format('grant select, insert, update, delete on meetpunt.%I to meetpunt_folder', named);
    end loop;
    create policy service on meetpunt.invitation_count to meetpunt_ingest using (true) with check (true);
end
$$;
grant select, insert, update (issued) on meetpunt.invitation_count to meetpunt_ingest;
