-- What case systems tell by way of Open Notificaties: kept until it is worked off, and then no more than a code.

create table meetpunt.notification (
    municipality text not null references meetpunt.municipality,
    code bytea not null check (octet_length(code) = 32),
    since date not null,
    channel text check (length(channel) <= 50),
    resource text check (length(resource) <= 100),
    action text check (length(action) <= 100),
    about text check (length(about) <= 1000),
    url text check (length(url) <= 1000),
    details jsonb check (jsonb_typeof(details) = 'object' and length(details::text) <= 4000),
    due timestamptz check (isfinite(due)),
    attempts smallint not null default 0,
    primary key (municipality, code),
    -- Of what is worked off nothing is left but that it was.
    check ((due is null) = (about is null) and (due is null) = (channel is null) and (due is null) = (resource is null)
        and (due is null) = (action is null) and (due is null) = (url is null) and (due is null) = (details is null))
)
-- Every row is changed once and deleted.
with (autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);
comment on table meetpunt.notification is
    'What another system told and nobody has worked off; afterwards its code alone, so that it is known when it comes again.';
comment on column meetpunt.notification.code is 'Keyed code of what was told; the key lies outside the database.';
comment on column meetpunt.notification.about is 'Address, at the other system, of what all of it is about: the case.';
comment on column meetpunt.notification.details is 'Of the characteristics those that our own list names, and never a text that somebody typed.';
create index notification_due on meetpunt.notification (due) where due is not null;

-- What a message is about, at the system that told of it: so that it can be taken back while it waits.
alter table meetpunt.outbox add column about bytea check (octet_length(about) = 32);
comment on column meetpunt.outbox.about is 'Keyed code of the case; the key lies outside the database.';
create index outbox_about on meetpunt.outbox (municipality, about) where state = 'waiting' and about is not null;

-- The service takes in. It reads nothing of it but whether it was told before.
grant insert on meetpunt.notification to meetpunt_ingest, meetpunt_work;
grant select (municipality, code) on meetpunt.notification to meetpunt_ingest;
-- Who works it off; as a task, of which the lease stands with the others.
grant select, update (channel, resource, action, about, url, details, due, attempts) on meetpunt.notification to meetpunt_work;
grant select, update (holder, held_until, pid, last_ran, last_failed, reason) on meetpunt.task to meetpunt_work;
-- Who destroys.
grant select (municipality, code, since), delete on meetpunt.notification to meetpunt_folder;

alter table meetpunt.notification enable row level security, force row level security;
create policy service on meetpunt.notification to meetpunt_ingest using (true) with check (due is not null);
create policy work on meetpunt.notification to meetpunt_work using (true) with check (true);
create policy folder on meetpunt.notification to meetpunt_folder using (true) with check (true);
create policy work on meetpunt.task to meetpunt_work using (true) with check (true);

alter table meetpunt.destruction_record drop constraint destruction_record_kind_check,
    add constraint destruction_record_kind_check check (kind in
        ('asked', 'free_text', 'invitation', 'invitation_call', 'kiosk_item', 'kiosk_pairing', 'kiosk_quarantine',
         'kiosk_set_aside', 'notification', 'occasion', 'outbox', 'published_breakdown', 'published_response',
         'published_text', 'receipt', 'response', 'spent_token'));
