-- What a resident says to their report in Signalen. Written down before the answer is stored, sealed until it is done, and
-- then gone: no answer and no response stands here.

-- The link of a closing mail is good for one response: a code of it stands in spent_token. For twenty minutes this says of
-- which response, so that the same form, sent again, goes through.
create table meetpunt.report_retry (
    municipality text not null references meetpunt.municipality,
    id bytea not null check (octet_length(id) = 16),
    response_code bytea not null check (octet_length(response_code) = 16),
    until timestamptz not null check (isfinite(until)),
    primary key (municipality, id)
)
-- A deleted row lies in its file until vacuum comes by.
with (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
comment on column meetpunt.report_retry.id is 'As in spent_token.';
comment on column meetpunt.report_retry.response_code is 'Keyed code of the response, under another key than its id.';
create index report_retry_until on meetpunt.report_retry (until);

create table meetpunt.writeback (
    municipality text not null references meetpunt.municipality,
    id uuid not null,
    state text not null default 'waiting' check (state in ('waiting', 'writing')),
    sealed bytea not null,
    due timestamptz not null check (isfinite(due)),
    until date not null check (isfinite(until)),
    attempts smallint not null default 0,
    holder uuid,
    held_until timestamptz check (isfinite(held_until)),
    reason text check (reason ~ '^[a-z]+(-[a-z]+)*$' and length(reason) <= 40),
    primary key (municipality, id),
    check ((held_until is null) = (state = 'waiting') and (holder is null) = (state = 'waiting'))
)
with (autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0);
comment on table meetpunt.writeback is
    'What has to be told to Signalen. "writing" is committed before the call; what was done, or is lost, is deleted and counted.';
comment on column meetpunt.writeback.sealed is
    'The token of the report''s feedback, and what its reporter says; the key lies outside the database.';
comment on column meetpunt.writeback.due is 'At first some minutes by chance after the answer: their order tells nothing.';
comment on column meetpunt.writeback.until is 'After this day it is not tried any more.';
comment on column meetpunt.writeback.holder is 'A number that a process draws at its start: it is calling. Null: nobody does.';
comment on column meetpunt.writeback.reason is 'Why it was not done the last time: a word of our program.';
create index writeback_due on meetpunt.writeback (due) where state = 'waiting';
create index writeback_held on meetpunt.writeback (held_until) where state = 'writing';

create table meetpunt.writeback_tally (
    municipality text not null references meetpunt.municipality,
    month date not null check (extract(day from month) = 1),
    outcome text not null check (outcome in ('done', 'done-elsewhere', 'too-late', 'unknown', 'refused', 'unreadable', 'away')),
    n bigint not null,
    primary key (municipality, month, outcome)
);
comment on table meetpunt.writeback_tally is
    'How many ended how, by month: all but "done" and "done-elsewhere" are lost.';

-- The service writes it down and never reads it back; who works tells Signalen.
grant insert on meetpunt.writeback to meetpunt_ingest;
grant select, insert on meetpunt.report_retry to meetpunt_ingest;
grant select (until), delete on meetpunt.report_retry to meetpunt_work;
grant select, update, delete on meetpunt.writeback to meetpunt_work;
grant select, insert, update (n) on meetpunt.writeback_tally to meetpunt_work;
grant select (municipality, state, due, until, reason) on meetpunt.writeback to meetpunt_ingest, meetpunt_folder;
grant select on meetpunt.writeback_tally to meetpunt_ingest, meetpunt_folder;

do $$
declare
    named text;
begin
    foreach named in array array['report_retry', 'writeback', 'writeback_tally']
    loop
        execute format('alter table meetpunt.%I enable row level security', named);
        execute format('alter table meetpunt.%I force row level security', named);
        execute format('create policy work on meetpunt.%I to meetpunt_work using (true) with check (true)', named);
    end loop;
    foreach named in array array['writeback', 'writeback_tally']
    loop
        execute format('create policy service_reads on meetpunt.%I for select to meetpunt_ingest using (true)', named);
        execute format('create policy folder on meetpunt.%I for select to meetpunt_folder using (true)', named);
    end loop;
    create policy service on meetpunt.report_retry to meetpunt_ingest using (true) with check (true);
    create policy service_adds on meetpunt.writeback for insert to meetpunt_ingest with check (state = 'waiting');
end
$$;
