-- Who is invited after a contact that ended: what waits to be sent, what came of it, and whom not to ask again.
-- Who it is stands here sealed, and only while it waits; every code is under a key that lies outside the database.

do $$
begin
    if not exists (select from pg_roles where rolname = 'meetpunt_work') then
        create role meetpunt_work login;
    end if;
end
$$;
grant usage on schema meetpunt to meetpunt_work;
grant select on meetpunt.municipality, meetpunt.touchpoint to meetpunt_work;

-- What was told before, to know it when it is told again.
create table meetpunt.occasion (
    municipality text not null references meetpunt.municipality,
    code bytea not null check (octet_length(code) = 32),
    until date not null,
    primary key (municipality, code)
);
comment on column meetpunt.occasion.code is 'Keyed code of the source and its own key for the contact.';

create table meetpunt.outbox (
    municipality text not null,
    id uuid not null,
    touchpoint integer not null,
    sender text not null check (sender ~ '^[a-z][a-z0-9-]{0,38}$'),
    state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'delivered', 'failed', 'unknown',
        'expired', 'withdrawn', 'opted-out', 'asked-recently')),
    month date not null check (extract(day from month) = 1),
    product text not null check (length(product) <= 100),
    sealed bytea,
    due timestamptz,
    expires_at timestamptz,
    attempts smallint not null default 0,
    holder uuid,
    held_until timestamptz,
    reference text check (length(reference) <= 100),
    reason text check (reason ~ '^[a-z]+(-[a-z]+)*$' and length(reason) <= 40),
    receipt_until date,
    changed_on date not null,
    primary key (municipality, id),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint,
    -- Whoever is done with is nobody any more, and nothing tells the hour.
    check ((sealed is null) = (state not in ('waiting', 'sending'))),
    check ((due is null) = (sealed is null) and (expires_at is null) = (sealed is null)),
    check ((held_until is null) = (state <> 'sending') and (holder is null or state = 'sending')),
    check (receipt_until is null or state = 'sent'),
    -- Programs that send compare them; infinity is no moment to them.
    check (isfinite(month) and isfinite(changed_on) and isfinite(due) and isfinite(expires_at)
        and isfinite(held_until) and isfinite(receipt_until))
)
-- Nearly every row is changed three times and deleted.
with (autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);
comment on table meetpunt.outbox is
    'Messages that wait, and what came of them. "sending" is committed before the call: what is found so afterwards may have gone out.';
comment on column meetpunt.outbox.month is 'In which the contact became known, in Amsterdam: figures follow it.';
comment on column meetpunt.outbox.sealed is 'To whom, in which language, about what; the key lies outside the database.';
comment on column meetpunt.outbox.expires_at is 'After this it is not tried any more.';
comment on column meetpunt.outbox.holder is 'A number that a process draws at its start: it is calling the provider. Null: nobody does.';
comment on column meetpunt.outbox.reference is 'The provider''s own name for it.';
comment on column meetpunt.outbox.reason is 'A word of our program, never one of the provider.';
comment on column meetpunt.outbox.receipt_until is 'Until when the provider may still tell; null: it tells nothing.';
-- Whoever sends goes from sender to sender.
create index outbox_due on meetpunt.outbox (municipality, sender, due) where state = 'waiting';
create index outbox_held on meetpunt.outbox (held_until) where state = 'sending';
create index outbox_reference on meetpunt.outbox (reference) where reference is not null;

-- Who was asked, so as not to ask again. The key of a quarter comes of its half here and a secret outside: with the half
-- the codes of that quarter lose their meaning.
create table meetpunt.asked (
    municipality text not null references meetpunt.municipality,
    code bytea not null check (octet_length(code) = 32),
    until date not null,
    primary key (municipality, code)
);
comment on column meetpunt.asked.until is 'From this day on, in Amsterdam, they may be asked again.';
create table meetpunt.asked_key (
    quarter text primary key check (quarter ~ '^[0-9]{4}-[1-4]$'),
    half bytea not null check (octet_length(half) = 32)
);

create table meetpunt.opted_out (
    municipality text not null references meetpunt.municipality,
    code bytea not null check (octet_length(code) = 32),
    since date not null,
    primary key (municipality, code)
);

create table meetpunt.invitation_stage (
    municipality text not null,
    month date not null check (extract(day from month) = 1),
    touchpoint integer not null,
    product text not null check (length(product) <= 100),
    stage text not null check (stage in ('known', 'sampled-out', 'not-this', 'opted-out', 'asked-recently', 'sent',
        'delivered', 'failed', 'unknown', 'expired', 'withdrawn', 'answered')),
    n bigint not null,
    primary key (municipality, month, touchpoint, product, stage),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
);
comment on table meetpunt.invitation_stage is
    'How many contacts of a month came how far, counted in the transaction in which it happened.';

-- The service takes in what it is told, and what a provider tells of a message. It never reads who somebody is.
grant insert on meetpunt.occasion, meetpunt.outbox to meetpunt_ingest, meetpunt_work;
grant insert on meetpunt.opted_out to meetpunt_ingest;
grant select (municipality, code) on meetpunt.occasion, meetpunt.opted_out to meetpunt_ingest, meetpunt_work;
grant select (municipality, id, touchpoint, sender, state, month, product, due, held_until, attempts, reference, reason),
    update (state, sealed, due, expires_at, holder, held_until, reason, receipt_until, changed_on)
    on meetpunt.outbox to meetpunt_ingest;
grant select, insert, update (n) on meetpunt.invitation_stage to meetpunt_ingest, meetpunt_work;
-- Who sends.
grant select, update on meetpunt.outbox to meetpunt_work;
grant select, insert, update on meetpunt.asked to meetpunt_work;
grant select, insert on meetpunt.asked_key to meetpunt_work;
grant select (municipality, digest), insert on meetpunt.invitation to meetpunt_work;
grant select, insert, update (issued) on meetpunt.invitation_count to meetpunt_work;
-- Who destroys, and counts.
grant select (municipality, code, until), delete on meetpunt.occasion, meetpunt.asked to meetpunt_folder;
grant select (quarter), delete on meetpunt.asked_key to meetpunt_folder;
grant select (municipality, id, touchpoint, state, month, product, due, held_until, attempts, reason, receipt_until, changed_on), delete,
    update (state, reason, receipt_until, changed_on) on meetpunt.outbox to meetpunt_folder;
grant select, insert, update, delete on meetpunt.invitation_stage to meetpunt_folder;

do $$
declare
    named text;
begin
    foreach named in array array['occasion', 'outbox', 'asked', 'asked_key', 'opted_out', 'invitation_stage']
    loop
        execute format('alter table meetpunt.%I enable row level security', named);
        execute format('alter table meetpunt.%I force row level security', named);
        execute format('create policy work on meetpunt.%I to meetpunt_work using (true) with check (true)', named);
    end loop;
    foreach named in array array['occasion', 'opted_out', 'invitation_stage']
    loop
        execute format('create policy service on meetpunt.%I to meetpunt_ingest using (true) with check (true)', named);
    end loop;
    foreach named in array array['occasion', 'outbox', 'asked', 'asked_key', 'invitation_stage']
    loop
        execute format('create policy folder on meetpunt.%I to meetpunt_folder using (true) with check (true)', named);
    end loop;
    -- What the service changes ends a message: it can let nobody be sent one twice.
    create policy service_reads on meetpunt.outbox for select to meetpunt_ingest using (true);
    create policy service_adds on meetpunt.outbox for insert to meetpunt_ingest with check (state = 'waiting');
    create policy service_ends on meetpunt.outbox for update to meetpunt_ingest using (true)
        with check (sealed is null and state in ('delivered', 'failed', 'expired'));
    -- Only an operator takes back what a resident asked for, when that resident asks it.
    execute format('create policy owner on meetpunt.opted_out to %I using (true) with check (true)', current_user);
    create policy work on meetpunt.invitation to meetpunt_work using (true) with check (true);
    create policy work on meetpunt.invitation_count to meetpunt_work using (true) with check (true);
end
$$;

alter table meetpunt.destruction_record drop constraint destruction_record_kind_check,
    add constraint destruction_record_kind_check check (kind in
        ('asked', 'free_text', 'invitation', 'invitation_call', 'kiosk_item', 'kiosk_pairing', 'kiosk_quarantine',
         'kiosk_set_aside', 'occasion', 'outbox', 'published_response', 'published_text', 'receipt', 'response',
         'spent_token'));
