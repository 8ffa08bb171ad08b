-- Who did what, when, and how it ended: one trail, which whoever acts can add to and nobody can change.

-- It belongs to meetpunt_audit, which nobody logs in as. Deeds come in by `note_deed`, and exports by `noteer_uitvoer` of a
-- reader's schema; both fill in who is connected and when. Lines go by `forget_audit`, once they are past their term.
create table meetpunt.audit (
    id uuid primary key default gen_random_uuid(),
    at timestamptz not null default clock_timestamp(),
    actor text not null check (actor <> '' and length(actor) <= 200),
    role name not null default session_user,
    action text not null check (action ~ '^[a-z]+(-[a-z]+)*$' and length(action) <= 40),
    object text not null check (length(object) <= 4000),
    outcome text not null check (outcome in ('begun', 'done', 'refused', 'failed'))
);
create index audit_at on meetpunt.audit (at);
create index audit_of_role on meetpunt.audit (role, at);
comment on table meetpunt.audit is 'Who did what, when and with which outcome. Never an answer, an address, a key or a token.';
comment on column meetpunt.audit.actor is
    'The login name on the machine where the command ran, as that machine says; of an export the reader.';
comment on column meetpunt.audit.role is 'As whom the database knew them.';
comment on column meetpunt.audit.object is 'What it was done to: a name, a schema, the id of a kiosk, how many rows.';
comment on column meetpunt.audit.outcome is
    'begun: allowed, and what came of it follows or is not known to the database. refused: by a rule. failed: it broke.';

create function meetpunt.note_deed(actor text, action text, object text, outcome text) returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp as
$$
    insert into meetpunt.audit (actor, role, action, object, outcome) values ($1, session_user, $2, $3, $4)
$$;
comment on function meetpunt.note_deed is 'Adds a line to the audit trail, in the name of who is connected, now.';

-- By whole months, so that a month is there wholly or not at all; and the line about it goes the same way.
create function meetpunt.forget_audit(days integer) returns bigint
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as
$$
declare
    until timestamptz := date_trunc('month', now() - make_interval(days => days), 'UTC');
    gone bigint;
begin
    if days is null or days < 365 then
        raise check_violation using message = 'the audit trail is kept for a year at least';
    end if;
    delete from meetpunt.audit where at < until;
    get diagnostics gone = row_count;
    if gone > 0 then
        insert into meetpunt.audit (actor, role, action, object, outcome)
        values ('meetpunt', session_user, 'forget-audit',
            format('%s lines of before %s', gone, (until at time zone 'UTC')::date), 'done');
    end if;
    return gone;
end
$$;
comment on function meetpunt.forget_audit is 'Destroys the lines of months that ended so many days ago, 365 at least.';

-- What was exported before there was one trail.
insert into meetpunt.audit (id, at, actor, role, action, object, outcome)
select id, exported_at, role_name, role_name, 'export',
    format('%s %s %s (%s)', view, coalesce(to_char(month, 'YYYY-MM'), 'all'), format, array_to_string(municipalities, ' ')),
    'begun'
from meetpunt.export_audit;
drop table meetpunt.export_audit;

-- Also for the role that owns it: nobody changes a line, and nobody removes one of the last year. It sees the last minute
-- (an export that is noted twice is one line) and what it may remove.
alter table meetpunt.audit enable row level security;
alter table meetpunt.audit force row level security;
create policy note on meetpunt.audit for insert to meetpunt_audit with check (true);
create policy look on meetpunt.audit for select to meetpunt_audit
    using (at > now() - interval '1 minute' or at < now() - interval '365 days');
create policy forget on meetpunt.audit for delete to meetpunt_audit using (at < now() - interval '365 days');

do $$
declare
    me text := current_user;
    member boolean := pg_has_role(me, 'meetpunt_audit',
        case when current_setting('server_version_num')::integer < 160000 then 'member' else 'set' end);
    thing text;
begin
    -- For who answers to an auditor: reads the trail, and nothing else.
    if not exists (select from pg_roles where rolname = 'meetpunt_auditor') then
        create role meetpunt_auditor nologin;
    end if;
    grant usage on schema meetpunt to meetpunt_auditor;
    execute format('create policy reads on meetpunt.audit for select to meetpunt_auditor, %I using (true)', me);

    if not member then
        execute format('grant meetpunt_audit to %I', me);
    end if;
    grant create on schema meetpunt to meetpunt_audit;
    foreach thing in array array['table meetpunt.audit', 'function meetpunt.note_deed', 'function meetpunt.forget_audit']
    loop
        execute format('alter %s owner to meetpunt_audit', thing);
    end loop;
    set local role meetpunt_audit;
    revoke all on function meetpunt.note_deed, meetpunt.forget_audit from public;
    execute format('grant select on meetpunt.audit to meetpunt_auditor, %I', me);
    execute format('grant execute on function meetpunt.note_deed to meetpunt_folder, %I', me);
    grant execute on function meetpunt.forget_audit to meetpunt_folder;
    execute format('set local role %I', me);
    revoke create on schema meetpunt from meetpunt_audit;
    if not member then
        execute format('revoke meetpunt_audit from %I', me);
    end if;
end
$$;
