-- What a resident says to their report in Signalen. Written down before the answer is stored, sealed until it is done, and
-- then gone: no answer and no response stands here.

-- The link of a closing mail is good for one response. Until then the same form, sent again, goes through.
alter table meetpunt.spent_token
    add column response_code bytea check (octet_length(response_code) = 16),
    add column response_until timestamptz check (isfinite(response_until)),
    add check ((response_code is null) = (response_until is null));
comment on column meetpunt.spent_token.response_code is
    'Of the link of a report alone: a keyed code of the response that it was spent for, for twenty minutes.';
create index spent_token_response on meetpunt.spent_token (response_until) where response_until is not null;

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
grant update (response_code, response_until) on meetpunt.spent_token to meetpunt_work;
grant select (municipality, id, response_until) on meetpunt.spent_token to meetpunt_work;
grant select, update, delete on meetpunt.writeback to meetpunt_work;
grant select, insert, update (n) on meetpunt.writeback_tally to meetpunt_work;
grant select (municipality, state, due, until, reason) on meetpunt.writeback to meetpunt_ingest, meetpunt_folder;
grant select on meetpunt.writeback_tally to meetpunt_ingest, meetpunt_folder;

alter table meetpunt.writeback enable row level security, force row level security;
alter table meetpunt.writeback_tally enable row level security, force row level security;
create policy work on meetpunt.writeback to meetpunt_work using (true) with check (true);
create policy service_adds on meetpunt.writeback for insert to meetpunt_ingest with check (state = 'waiting');
create policy service_reads on meetpunt.writeback for select to meetpunt_ingest using (true);
create policy folder on meetpunt.writeback for select to meetpunt_folder using (true);
create policy work on meetpunt.writeback_tally to meetpunt_work using (true) with check (true);
create policy service on meetpunt.writeback_tally for select to meetpunt_ingest using (true);
create policy folder on meetpunt.writeback_tally for select to meetpunt_folder using (true);
-- It forgets which response a link was spent for, and can do nothing else to it.
create policy work on meetpunt.spent_token for select to meetpunt_work using (true);
create policy work_forgets on meetpunt.spent_token for update to meetpunt_work using (response_until is not null)
    with check (response_code is null);
