-- Kiosks: tablets at the counter that sign what residents answered there, and send it when there is a network.

-- A tablet that shows a code and waits until somebody enrols it.
create table meetpunt.kiosk_pairing (
    municipality text not null,
    code text not null check (code ~ '^[A-Z0-9]{8}$'),
    touchpoint integer not null,
    public_key bytea not null check (octet_length(public_key) = 65),
    expires_at timestamptz not null,
    kiosk uuid,
    primary key (municipality, code),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
);
comment on column meetpunt.kiosk_pairing.kiosk is
    'The id that the tablet had before, in a database that is not there any more; null for a new one.';

create table meetpunt.kiosk (
    municipality text not null,
    id uuid not null default gen_random_uuid(),
    touchpoint integer not null,
    public_key bytea not null check (octet_length(public_key) = 65),
    name text not null check (char_length(name) <= 100),
    enrolled_at timestamptz not null,
    answers_since timestamptz,
    revoked_on date,
    counter bigint not null default 1 check (counter between 1 and 9007199254740991),
    last_seen timestamptz,
    emptied_at timestamptz,
    emptied_offset_seconds bigint,
    queue integer check (queue >= 0),
    version text check (char_length(version) <= 40),
    clock_offset_seconds bigint,
    last_boot text,
    last_monotonic double precision,
    set_aside bigint not null default 0,
    quarantined bigint not null default 0,
    primary key (municipality, id),
    unique (municipality, public_key),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
);
comment on table meetpunt.kiosk is 'Tablets that may send responses, each by its own key. Revoked ones stay.';
comment on column meetpunt.kiosk.counter is
    'What the kiosk was told last. It, or the one before when that reply was lost, comes with the next call.';
comment on column meetpunt.kiosk.last_seen is 'To the minute: it says something of a tablet, not of who stood there.';
comment on column meetpunt.kiosk.emptied_at is 'When the kiosk last had nothing left to send: what comes later was answered later.';
comment on column meetpunt.kiosk.answers_since is
    'Before this nothing was answered on it; null where that is when it was enrolled.';
comment on column meetpunt.kiosk.emptied_offset_seconds is
    'How far its clock was ahead when it last had nothing left to send. Another figure: somebody set it since.';
comment on column meetpunt.kiosk.last_monotonic is
    'Milliseconds on the clock of `last_boot` of the latest answer: the next one may not follow too soon.';

-- What a kiosk sent and was stored, for ever: a tablet may come back with its queue after years.
create table meetpunt.kiosk_item (
    municipality text not null,
    kiosk uuid not null,
    id uuid not null,
    content_code bytea check (octet_length(content_code) = 32),
    received_on date,
    primary key (municipality, kiosk, id),
    foreign key (municipality, kiosk) references meetpunt.kiosk
);
comment on table meetpunt.kiosk_item is
    'Which responses came from a kiosk, under the id of the response. After 30 days the id alone.';

-- What could not be stored and must not be lost. Personal data was taken out of what was typed.
create table meetpunt.kiosk_set_aside (
    municipality text not null,
    kiosk uuid not null,
    digest bytea not null check (octet_length(digest) = 32),
    reason text not null,
    payload text not null,
    received_on date not null,
    primary key (municipality, kiosk, digest),
    foreign key (municipality, kiosk) references meetpunt.kiosk
);
comment on table meetpunt.kiosk_set_aside is
    'Items that can never be stored: unreadable, changed, of another kiosk, or not an answer to what was asked.';

create table meetpunt.kiosk_quarantine (
    municipality text not null,
    kiosk uuid not null,
    digest bytea not null check (octet_length(digest) = 32),
    reason text not null check (reason in ('old-counter', 'revoked')),
    payload text not null,
    response text,
    received_on date not null,
    primary key (municipality, kiosk, digest),
    foreign key (municipality, kiosk) references meetpunt.kiosk
);
comment on table meetpunt.kiosk_quarantine is
    'Items of a profile that was copied or restored, or of a revoked kiosk: kept out of the figures until somebody looks.';

comment on column meetpunt.kiosk_quarantine.response is
    'What is stored when it is released, as JSON; null where it is not an answer to what was asked.';

do $$
declare
    named text;
begin
    foreach named in array array['kiosk_pairing', 'kiosk', 'kiosk_item', 'kiosk_set_aside', 'kiosk_quarantine']
    loop
        execute format('alter table meetpunt.%I enable row level security', named);
        execute format('alter table meetpunt.%I force row level security', named);
        execute format('create policy folder on meetpunt.%I to meetpunt_folder using (true) with check (true)', named);
    end loop;
    foreach named in array array['kiosk_pairing', 'kiosk', 'kiosk_item']
    loop
        execute format('create policy service on meetpunt.%I to meetpunt_ingest using (true) with check (true)', named);
    end loop;
    -- Put there by the service, which never reads it back.
    foreach named in array array['kiosk_set_aside', 'kiosk_quarantine']
    loop
        execute format('create policy service on meetpunt.%I for insert to meetpunt_ingest with check (true)', named);
    end loop;
    -- The owner enrols and revokes.
    foreach named in array array['kiosk_pairing', 'kiosk']
    loop
        execute format('create policy owner on meetpunt.%I to %I using (true) with check (true)', named, current_user);
    end loop;
end
$$;

grant select, insert on meetpunt.kiosk_pairing to meetpunt_ingest;
grant select, delete on meetpunt.kiosk_pairing to meetpunt_folder;
grant select on meetpunt.kiosk to meetpunt_ingest;
-- Not the key, the touchpoint or the revocation: who enrols is the owner.
grant update (counter, last_seen, emptied_at, emptied_offset_seconds, queue, version, clock_offset_seconds, last_boot,
    last_monotonic, set_aside, quarantined) on meetpunt.kiosk to meetpunt_ingest;
grant select (municipality, id, touchpoint, name, enrolled_at, revoked_on, last_seen, queue, version,
    clock_offset_seconds, set_aside, quarantined) on meetpunt.kiosk to meetpunt_folder;
-- What is destroyed at the end of its term, or released, is not kept apart any more.
grant update (set_aside, quarantined) on meetpunt.kiosk to meetpunt_folder;
grant select, insert on meetpunt.kiosk_item to meetpunt_ingest;
grant select, insert, update (content_code, received_on) on meetpunt.kiosk_item to meetpunt_folder;
grant insert on meetpunt.kiosk_set_aside, meetpunt.kiosk_quarantine to meetpunt_ingest;
grant select, delete on meetpunt.kiosk_set_aside, meetpunt.kiosk_quarantine to meetpunt_folder;
