-- "A low mark came in at this touchpoint", and what the department did about it. No way leads from here to a response.

create table meetpunt.signal (
    id uuid primary key default gen_random_uuid(),
    municipality text not null,
    touchpoint integer not null,
    reason text not null check (reason in ('laag', 'niet-geholpen', 'thema')),
    theme text check (theme ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(theme) <= 39),
    day date not null,
    half text not null check (half in ('ochtend', 'middag')),
    shown_from timestamptz not null check (isfinite(shown_from)),
    state text not null default 'nieuw' check (state in ('nieuw', 'gezien', 'bezig', 'afgehandeld')),
    outcome text check (outcome in ('verbeterd', 'uitgelegd', 'kan-niet', 'klacht')),
    why text check (length(why) between 1 and 200),
    seen_on date,
    seen_after double precision check (seen_after >= 0),
    ended_on date,
    foreign key (municipality, touchpoint) references meetpunt.touchpoint,
    check ((reason = 'thema') = (theme is not null)),
    check ((state = 'nieuw') = (seen_on is null) and (state = 'nieuw') = (seen_after is null)),
    check ((state = 'afgehandeld') = (outcome is not null) and (state = 'afgehandeld') = (ended_on is not null)),
    check ((why is not null) = (outcome is not distinct from 'kan-niet'))
)
-- Every row is changed some times, and few come in a day.
with (autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0);
create index signal_of on meetpunt.signal (municipality, day);
comment on table meetpunt.signal is
    'What a department is told of, and what it did. Of an answer at an open touchpoint it tells the half day and no more.';
comment on column meetpunt.signal.id is 'Random: it tells neither an order nor a response.';
comment on column meetpunt.signal.day is 'In which it came in; where somebody was invited, in which its batch was published.';
comment on column meetpunt.signal.shown_from is 'The end of that half day. Before it no role can read the row.';
comment on column meetpunt.signal.seen_after is
    'Working hours from when it was shown to when somebody had seen it, to half an hour; the moment itself is not kept.';
comment on column meetpunt.signal.why is 'In a few words, why nothing can be done; of nobody.';

-- By the clock of the database. The morning lasts until half past twelve, the afternoon until half past five, and what comes in
-- later is of the next morning. Five minutes before its end a half day is closed: what is still being stored at the end would be
-- seen to appear.
create function meetpunt.half_day(at timestamptz, out day date, out half text, out shown_from timestamptz)
    language sql stable as
$$
    select closed::date + (closed::time >= '17:30')::integer,
        case when closed::time >= '12:30' and closed::time < '17:30' then 'middag' else 'ochtend' end,
        (case when closed::time < '12:30' then closed::date + time '12:30'
            when closed::time < '17:30' then closed::date + time '17:30'
            else closed::date + 1 + time '12:30' end) at time zone 'Europe/Amsterdam'
    from (select at at time zone 'Europe/Amsterdam' + interval '5 minutes') as moment (closed)
$$;

-- The half day of what comes in now; `at_once` it is shown within it, and so it is of today, in the evening too.
create function meetpunt.half_day_now(at_once boolean, out day date, out half text, out shown_from timestamptz)
    language sql stable as
$$
    select case when at_once then today else closed.day end,
        case when at_once and closed.day > today then 'middag' else closed.half end,
        case when at_once then now() else closed.shown_from end
    from meetpunt.half_day(now()) as closed
    cross join (select (now() at time zone 'Europe/Amsterdam')::date) as clock (today)
$$;

-- What is told of the follow-up: rows of ten signals and more, from which fewer cannot be reckoned either.
create table lees.opvolging (
    municipality text not null,
    grain text not null check (grain in ('month', 'quarter')),
    period date not null check (extract(day from period) = 1 and (grain = 'month' or extract(month from period) in (1, 4, 7, 10))),
    channel text not null,
    department text not null,
    n bigint not null check (n >= 10),
    seen bigint not null check (seen between 0 and n),
    to_see bigint not null check (to_see between 0 and n),
    in_time bigint not null check (in_time between 0 and to_see),
    median_hours double precision check (median_hours >= 0),
    oldest_open date,
    done bigint not null check (done between 0 and n),
    improved bigint not null check (improved between 0 and done),
    counted_at timestamptz not null,
    primary key (municipality, grain, period, channel, department)
) partition by list (municipality);
comment on column lees.opvolging.department is 'An empty text: of the whole channel.';
comment on column lees.opvolging.to_see is 'Signals that were seen, or had to be by now: of these `in_time` is a part.';
comment on column lees.opvolging.median_hours is
    'Working hours until half of all signals were seen; null while more than half of them were not.';
alter table lees.opvolging enable row level security, force row level security;
create policy folder on lees.opvolging to meetpunt_folder using (true) with check (true);
grant select, insert, update, delete on lees.opvolging to meetpunt_folder;

-- A key is for links, as all were, or for signals, or for both: who follows up need not be able to invite.
alter table meetpunt.api_key add column may text[] not null default '{links}'
    check (may <@ array['links', 'signals'] and cardinality(may) > 0);

-- The service makes those of open touchpoints, and hears what was done. Who publishes makes those of who was invited.
grant insert (municipality, touchpoint, reason, theme, day, half, shown_from) on meetpunt.signal
    to meetpunt_ingest, meetpunt_folder;
grant select, update (state, outcome, why, seen_on, seen_after, ended_on) on meetpunt.signal to meetpunt_ingest, meetpunt_folder;
grant delete on meetpunt.signal to meetpunt_folder;
grant select (id, municipality, touchpoint, reason, theme, day, half, shown_from, state) on meetpunt.signal to meetpunt_work;

alter table meetpunt.signal enable row level security, force row level security;
do $$
declare
    named text;
begin
    foreach named in array array['meetpunt_ingest', 'meetpunt_folder']
    loop
        execute format('create policy %I on meetpunt.signal for insert to %I with check (state = ''nieuw'')', named || '_makes', named);
        execute format('create policy %I on meetpunt.signal for update to %I using (shown_from <= now())', named || '_follows', named);
    end loop;
    -- Nobody is told before its time, whatever a statement asks. A policy each: those of several are listed in any order.
    foreach named in array array['meetpunt_ingest', 'meetpunt_folder', 'meetpunt_work']
    loop
        execute format('create policy %I on meetpunt.signal for select to %I using (shown_from <= now())', named || '_sees', named);
    end loop;
    create policy folder_destroys on meetpunt.signal for delete to meetpunt_folder using (shown_from <= now());
end
$$;

-- Whatever kinds there are by now, and this one.
do $$
declare
    kinds text[];
begin
    select array_agg(listed[1]) into kinds
    from pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''([a-z_]+)''', 'g') as listed
    where conname = 'destruction_record_kind_check' and conrelid = 'meetpunt.destruction_record'::regclass;
    execute format('alter table meetpunt.destruction_record drop constraint destruction_record_kind_check,'
        ' add constraint destruction_record_kind_check check (kind in (%s))',
        (select string_agg(quote_literal(kind), ', ' order by kind) from unnest(array_append(kinds, 'signal')) as kind));
end
$$;
