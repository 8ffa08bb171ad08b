-- Who is told of signals, and that they were. Nothing here tells more than the signals do: which touchpoint, why, which half day.

create table meetpunt.signal_delivery (
    municipality text not null references meetpunt.municipality,
    id uuid not null,
    way text not null check (way in ('webhook', 'mail')),
    department text check (department ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(department) <= 40),
    counts jsonb not null check (jsonb_typeof(counts) = 'array' and jsonb_array_length(counts) > 0),
    state text not null default 'waiting' check (state in ('waiting', 'sending')),
    made timestamptz not null check (isfinite(made)),
    due timestamptz not null check (isfinite(due)),
    until timestamptz not null check (isfinite(until)),
    attempts smallint not null default 0,
    holder uuid,
    held_until timestamptz check (isfinite(held_until)),
    reason text check (reason ~ '^[a-z]+(-[a-z]+)*$' and length(reason) <= 40),
    primary key (municipality, id),
    check (department is null or way = 'mail'),
    check ((held_until is null) = (state = 'waiting') and (holder is null) = (state = 'waiting'))
)
-- Every row is changed some times and deleted.
with (autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0);
comment on table meetpunt.signal_delivery is
    'What is about to be told of signals. "sending" is committed before the call; what was told, or is lost, is deleted and counted.';
comment on column meetpunt.signal_delivery.id is 'The same at every try: whoever is told twice can tell by it.';
comment on column meetpunt.signal_delivery.department is 'Whose mail it is; null: of a webhook, or of whom the file names for the rest.';
comment on column meetpunt.signal_delivery.counts is 'How many signals, by touchpoint, reason, theme, day and half day.';
comment on column meetpunt.signal_delivery.until is 'After it there is one more try, and then it is lost.';
comment on column meetpunt.signal_delivery.holder is 'A number that a process draws at its start: it is calling. Null: nobody does.';
comment on column meetpunt.signal_delivery.reason is 'Why it was not told the last time: a word of our program.';
create index signal_delivery_due on meetpunt.signal_delivery (due) where state = 'waiting';
create index signal_delivery_held on meetpunt.signal_delivery (held_until) where state = 'sending';

create table meetpunt.signal_told (
    signal uuid not null references meetpunt.signal on delete cascade,
    way text not null check (way in ('webhook', 'mail')),
    primary key (signal, way)
);
comment on table meetpunt.signal_told is
    'Signals that stand in a delivery, or stood in one: written in the transaction that makes it, so that each is told once and none is left out.';

create table meetpunt.signal_webhook_gone (
    municipality text primary key references meetpunt.municipality,
    address bytea not null check (octet_length(address) = 32),
    since date not null
);
comment on table meetpunt.signal_webhook_gone is
    'Webhooks that answered 410: nobody is told there until the address is another, or takes a test delivery.';
comment on column meetpunt.signal_webhook_gone.address is 'SHA-256 of the address, which may hold a secret.';

create table meetpunt.signal_tally (
    municipality text not null references meetpunt.municipality,
    month date not null check (extract(day from month) = 1),
    way text not null check (way in ('webhook', 'mail')),
    outcome text not null check (outcome in ('done', 'away', 'refused', 'nobody')),
    n bigint not null,
    primary key (municipality, month, way, outcome)
);
comment on table meetpunt.signal_tally is
    'How many deliveries ended how, by month: all but "done" are lost. "nobody": its webhook or mailbox stands in no file any more.';

grant select, insert, delete, update (state, due, attempts, holder, held_until, reason) on meetpunt.signal_delivery
    to meetpunt_work;
grant select, insert on meetpunt.signal_told to meetpunt_work;
grant select, insert, delete, update (address, since) on meetpunt.signal_webhook_gone to meetpunt_work;
grant select, insert, update (n) on meetpunt.signal_tally to meetpunt_work;
grant select (municipality, way, state, due, until, reason) on meetpunt.signal_delivery to meetpunt_ingest, meetpunt_folder;
grant select on meetpunt.signal_webhook_gone, meetpunt.signal_tally to meetpunt_ingest, meetpunt_folder;

do $$
declare
    named text;
begin
    foreach named in array array['signal_delivery', 'signal_told', 'signal_webhook_gone', 'signal_tally']
    loop
        execute format('alter table meetpunt.%I enable row level security, force row level security', named);
        execute format('create policy work on meetpunt.%I to meetpunt_work using (true) with check (true)', named);
        if named <> 'signal_told' then
            execute format('create policy service_reads on meetpunt.%I for select to meetpunt_ingest using (true)', named);
            execute format('create policy folder on meetpunt.%I for select to meetpunt_folder using (true)', named);
        end if;
    end loop;
end
$$;
