-- Who wants to be called, and on which number: sealed until one person opens it, and joined to nothing but the touchpoint.

create table meetpunt.callback (
    municipality text not null,
    id uuid not null,
    touchpoint integer not null,
    day date not null check (isfinite(day)),
    state text not null default 'nieuw' check (state in ('nieuw', 'geopend', 'afgehandeld')),
    sealed bytea,
    mixed boolean not null default false,
    primary key (municipality, id),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint,
    -- What was opened once is here no more.
    check ((sealed is null) = (state <> 'nieuw'))
)
-- What a row was lies in its file until vacuum comes by.
with (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
comment on table meetpunt.callback is
    'Who wants to be called. Stored in a transaction of its own, minutes after an answer or without one; gone after fourteen days.';
comment on column meetpunt.callback.id is 'Random: of no token and of no response.';
comment on column meetpunt.callback.day is 'On which they asked, in Amsterdam, and no time.';
comment on column meetpunt.callback.sealed is 'The number, and which half of the day suits; the key lies outside the database.';
comment on column meetpunt.callback.mixed is
    'Written anew with the others of its day, in the order of the ids: what the place and transaction of a row tell is over.';

-- The service seals and puts in, and reads none of it. Who calls back opens it, and may read no answer. Who destroys reads
-- answers, and no number.
grant insert (municipality, id, touchpoint, day, sealed) on meetpunt.callback to meetpunt_ingest;
grant select (municipality, id, touchpoint, day, state, sealed), update (state, sealed) on meetpunt.callback to meetpunt_work;
grant select (municipality, id, touchpoint, day, state, mixed), update (mixed), delete on meetpunt.callback to meetpunt_folder;

alter table meetpunt.callback enable row level security, force row level security;
create policy service_adds on meetpunt.callback for insert to meetpunt_ingest with check (state = 'nieuw' and not mixed);
create policy work on meetpunt.callback to meetpunt_work using (true) with check (sealed is null);
create policy folder on meetpunt.callback to meetpunt_folder using (true) with check (true);

do $$
declare
    me text := current_user;
    member boolean := pg_has_role(me, 'meetpunt_audit',
        case when current_setting('server_version_num')::integer < 160000 then 'member' else 'set' end);
    kinds text[];
begin
    -- Who opens one leaves a line in the same transaction; the function belongs to the role that owns the trail.
    if not member then
        execute format('grant meetpunt_audit to %I', me);
    end if;
    set local role meetpunt_audit;
    grant execute on function meetpunt.note_deed to meetpunt_work;
    execute format('set local role %I', me);
    if not member then
        execute format('revoke meetpunt_audit from %I', me);
    end if;

    -- Whatever kinds there are by now, and these. One that nobody opened in its days is counted apart: nobody was called.
    select array_agg(named[1]) into kinds
    from pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''([a-z_]+)''', 'g') as named
    where conname = 'destruction_record_kind_check' and conrelid = 'meetpunt.destruction_record'::regclass;
    kinds := kinds || array['callback', 'callback_unopened'];
    execute format('alter table meetpunt.destruction_record drop constraint destruction_record_kind_check,'
        ' add constraint destruction_record_kind_check check (kind in (%s))',
        (select string_agg(quote_literal(kind), ', ' order by kind) from unnest(kinds) as kind));
end
$$;
