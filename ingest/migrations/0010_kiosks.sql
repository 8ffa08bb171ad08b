-- Kiosks: tablets at the counter that sign what residents answered there, and send it when there is a network.

-- When a touchpoint is open; a day that is not named it is closed. Local time.
create table meetpunt.opening_hours (
    municipality text not null,
    touchpoint integer not null,
    weekday smallint not null check (weekday between 1 and 7),
    opens time not null,
    closes time not null check (closes > opens),
    primary key (municipality, touchpoint, weekday),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
);
comment on column meetpunt.opening_hours.weekday is 'ISO 8601: 1 is Monday.';

-- A tablet that shows a code and waits until somebody enrols it.
create table meetpunt.kiosk_pairing (
    municipality text not null,
    code text not null check (code ~ '^[A-Z0-9]{8}$'),
    touchpoint integer not null,
    public_key bytea not null check (octet_length(public_key) = 65),
    expires_at timestamptz not null,
    primary key (municipality, code),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
);

create table meetpunt.kiosk (
    municipality text not null,
    id uuid not null default gen_random_uuid(),
    touchpoint integer not null,
    public_key bytea not null check (octet_length(public_key) = 65),
    name text not null check (char_length(name) <= 100),
    is_test boolean not null default false,
    enrolled_at timestamptz not null,
    revoked_on date,
    counter bigint not null default 1 check (counter between 1 and 9007199254740991),
    last_seen timestamptz,
    emptied_at timestamptz,
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
    received_on date not null,
    primary key (municipality, kiosk, digest),
    foreign key (municipality, kiosk) references meetpunt.kiosk
);
comment on table meetpunt.kiosk_quarantine is
    'Items of a profile that was copied or restored, or of a revoked kiosk: kept out of the figures until somebody looks.';

alter table meetpunt.destruction_record drop constraint destruction_record_kind_check;
alter table meetpunt.destruction_record add constraint destruction_record_kind_check check (kind in
    ('free_text', 'invitation', 'invitation_call', 'kiosk_item', 'kiosk_pairing', 'kiosk_quarantine',
     'kiosk_set_aside', 'receipt', 'response', 'spent_token'));

do $$
declare
    made text;
begin
    foreach made in array array['opening_hours', 'kiosk_pairing', 'kiosk', 'kiosk_item', 'kiosk_set_aside',
        'kiosk_quarantine']
    loop
        execute format('alter table meetpunt.%I enable row level security', made);
        execute format('alter table meetpunt.%I force row level security', made);
    end loop;
    foreach made in array array['kiosk_pairing', 'kiosk', 'kiosk_item', 'opening_hours']
    loop
        execute format('create policy service on meetpunt.%I to meetpunt_ingest, meetpunt_folder using (true) with check (true)', made);
    end loop;
    -- Put there by the service, which never reads it back; destroyed at the end of its term.
    foreach made in array array['kiosk_set_aside', 'kiosk_quarantine']
    loop
        execute format('create policy service on meetpunt.%I for insert to meetpunt_ingest with check (true)', made);
        execute format('create policy folder on meetpunt.%I to meetpunt_folder using (true) with check (true)', made);
        execute format('grant insert on meetpunt.%I to meetpunt_ingest', made);
        execute format('grant select, delete on meetpunt.%I to meetpunt_folder', made);
    end loop;
    -- The owner mirrors the files, enrols and revokes.
    foreach made in array array['opening_hours', 'kiosk_pairing', 'kiosk']
    loop
        execute format('create policy owner on meetpunt.%I to %I using (true) with check (true)', made, current_user);
    end loop;
    foreach made in array array['opening_hours', 'kiosk']
    loop
        execute format('create policy reader on meetpunt.%I for select to meetpunt_reader using (municipality = any (array(
            select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user)))', made);
    end loop;
end
$$;

grant select on meetpunt.opening_hours to meetpunt_folder, meetpunt_reader;
grant select, insert on meetpunt.kiosk_pairing to meetpunt_ingest;
grant select, delete on meetpunt.kiosk_pairing to meetpunt_folder;
grant select on meetpunt.kiosk to meetpunt_ingest;
-- Not the key, the touchpoint or the revocation: who enrols is the owner.
grant update (counter, last_seen, emptied_at, queue, version, clock_offset_seconds, last_boot, last_monotonic,
    set_aside, quarantined) on meetpunt.kiosk to meetpunt_ingest;
grant select, insert on meetpunt.kiosk_item to meetpunt_ingest;
grant select, update (content_code, received_on) on meetpunt.kiosk_item to meetpunt_folder;
grant select (municipality, id, touchpoint, name, is_test, enrolled_at, revoked_on, last_seen, queue, version,
    clock_offset_seconds, set_aside, quarantined) on meetpunt.kiosk to meetpunt_folder, meetpunt_reader;

do $$
declare
    target record;
begin
    for target in select * from (values ('bi', 'false'), ('bi_test', 'true')) as t (name, is_test)
    loop
        -- Silence counts within the opening hours alone; where the file names none, a day and a night is too long.
        execute format($view$
            create view %1$I.kiosk_status with (security_invoker = true) as
            select
                kiosk.municipality as gemeente_code,
                touchpoint.slug as meetpunt,
                kiosk.id as kiosk,
                kiosk.name as naam,
                kiosk.last_seen as laatst_gezien,
                kiosk.queue as wachtrij,
                kiosk.version as versie,
                kiosk.clock_offset_seconds as klokverschil_seconden,
                kiosk.revoked_on is null and case
                    when hours.named then hours.silent > interval '30 minutes'
                    else now() - since.seen > interval '24 hours'
                end as te_lang_stil,
                kiosk.revoked_on as ingetrokken,
                kiosk.set_aside as apart_gezet,
                kiosk.quarantined as in_quarantaine
            from meetpunt.kiosk
            join meetpunt.touchpoint
                on touchpoint.municipality = kiosk.municipality
                and touchpoint.number = kiosk.touchpoint
            cross join lateral (
                select coalesce(kiosk.last_seen, kiosk.enrolled_at) as seen,
                    coalesce(kiosk.last_seen, kiosk.enrolled_at) at time zone 'Europe/Amsterdam' as local,
                    now() at time zone 'Europe/Amsterdam' as local_now
            ) as since
            cross join lateral (
                select count(*) > 0 as named,
                    coalesce(sum(greatest(
                        least(since.local_now, day.day::date + open.closes)
                            - greatest(since.local, day.day::date + open.opens),
                        interval '0'
                    )) filter (where day.day is not null), interval '0') as silent
                from meetpunt.opening_hours as open
                -- A week holds every opening time; who is silent for longer is silent for too long.
                left join generate_series(
                    greatest(since.local, since.local_now - interval '8 days')::date, since.local_now::date,
                    interval '1 day'
                ) as day (day) on extract(isodow from day.day) = open.weekday
                where open.municipality = kiosk.municipality and open.touchpoint = kiosk.touchpoint
            ) as hours
            where kiosk.is_test = %2$s
        $view$, target.name, target.is_test);
        execute format('comment on view %I.kiosk_status is %L', target.name,
            'Een rij per kiosk: een tablet aan de balie. Alleen kiosken van uw eigen gemeente.');
        execute format('comment on column %I.kiosk_status.gemeente_code is %L', target.name, 'CBS-code van de gemeente.');
        execute format('comment on column %I.kiosk_status.meetpunt is %L', target.name, 'Korte naam van het meetpunt waar de kiosk staat.');
        execute format('comment on column %I.kiosk_status.kiosk is %L', target.name, 'Willekeurig kenmerk van de kiosk.');
        execute format('comment on column %I.kiosk_status.naam is %L', target.name, 'Naam die de beheerder de kiosk gaf; kan leeg zijn.');
        execute format('comment on column %I.kiosk_status.laatst_gezien is %L', target.name, 'Wanneer de kiosk zich voor het laatst meldde, op de minuut; leeg als dat nog nooit was.');
        execute format('comment on column %I.kiosk_status.wachtrij is %L', target.name, 'Aantal reacties dat toen op de kiosk wachtte om verstuurd te worden.');
        execute format('comment on column %I.kiosk_status.versie is %L', target.name, 'Versie van het programma op de kiosk.');
        execute format('comment on column %I.kiosk_status.klokverschil_seconden is %L', target.name, 'Hoeveel seconden de klok van de kiosk voorloopt (achterloopt: negatief). Dagen worden hiervoor gecorrigeerd.');
        execute format('comment on column %I.kiosk_status.te_lang_stil is %L', target.name, 'Waar als de kiosk zich binnen de openingstijden van het meetpunt meer dan 30 minuten niet meldde; zonder openingstijden: 24 uur.');
        execute format('comment on column %I.kiosk_status.ingetrokken is %L', target.name, 'Dag waarop de kiosk is ingetrokken; anders leeg.');
        execute format('comment on column %I.kiosk_status.apart_gezet is %L', target.name, 'Aantal berichten van deze kiosk die geen geldige reactie waren. Ze zijn bewaard maar tellen niet mee.');
        execute format('comment on column %I.kiosk_status.in_quarantaine is %L', target.name, 'Aantal reacties die bewaard zijn maar niet meetellen, omdat de kiosk gekopieerd, teruggezet of ingetrokken is.');
        execute format('grant select on %I.kiosk_status to meetpunt_reader, meetpunt_folder', target.name);
        -- It tells the metrics.
        execute format('grant usage on schema %I to meetpunt_folder', target.name);
    end loop;
end
$$;
