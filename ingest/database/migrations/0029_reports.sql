-- What was improved, beside the figures; and the page of each department at the end of a month: written by who publishes, with
-- the rights of a reader, and sent by who sends.

create table meetpunt.improvement (
    municipality text not null references meetpunt.municipality,
    position smallint not null,
    day date not null check (isfinite(day)),
    department text not null,
    channel text not null,
    text text not null,
    primary key (municipality, position)
);
comment on table meetpunt.improvement is 'As the municipality''s file says; '''' stands for no department, or for every channel.';
alter table meetpunt.improvement enable row level security, force row level security;
create policy files on meetpunt.improvement using (true) with check (true);

create table lees.verbetering (
    municipality text not null,
    position smallint not null,
    day date not null,
    department text not null,
    channel text not null,
    text text not null,
    primary key (municipality, position)
) partition by list (municipality);

create table meetpunt.report (
    municipality text not null references meetpunt.municipality,
    month date not null check (isfinite(month) and extract(day from month) = 1),
    department text not null,
    id uuid not null unique,
    state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'failed', 'unknown')),
    subject text,
    plain text,
    due timestamptz not null check (isfinite(due)),
    attempts smallint not null default 0,
    holder uuid,
    held_until timestamptz check (isfinite(held_until)),
    reason text check (reason ~ '^[a-z]+(-[a-z]+)*$' and length(reason) <= 40),
    changed_on date not null check (isfinite(changed_on)),
    primary key (municipality, month, department),
    -- What was sent, or never will be, is not kept: whoever wants the page makes it again.
    check ((plain is null) = (state not in ('waiting', 'sending')) and (subject is null) = (plain is null)),
    check ((holder is null) = (state <> 'sending') and (held_until is null) = (state <> 'sending'))
);
comment on table meetpunt.report is
    'The page of a department, once a month. "sending" is committed before the call: what is found so afterwards may have gone out.';
comment on column meetpunt.report.id is 'What a provider knows it by: each attempt is the same mail.';
comment on column meetpunt.report.plain is 'Figures that the department''s municipality may read, and no word of a resident.';

alter table meetpunt.report enable row level security, force row level security;
create policy folder on meetpunt.report to meetpunt_folder using (true) with check (true);
create policy work on meetpunt.report to meetpunt_work using (true) with check (true);
-- Who publishes writes it once, and removes it after a year; who sends changes how far it came.
grant select (municipality, month, department, state, due, attempts, reason, changed_on), insert, delete
    on meetpunt.report to meetpunt_folder;
grant select, update (state, subject, plain, due, attempts, holder, held_until, reason, changed_on)
    on meetpunt.report to meetpunt_work;
