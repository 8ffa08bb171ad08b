-- What a superuser does once per database, after `meetpunt migrate`: psql -v ON_ERROR_STOP=1 -f once.sql
-- May be run again at any time, and is after an upgrade: Postgres may bring new functions, and Meetpunt a new version of this.
--
-- Postgres tells everybody how many rows a table has, who holds which lock and how many transactions there were. A reader
-- learns from that when others answered, and how many. Public loses it here; pg_monitor and the owner keep it.
-- Nothing here takes a right away that a report needs. What stops working for a reader: sizes in psql (\dt+, \l+), getIndexInfo
-- of JDBC (it asks for numbers of pages), `xmin` of some catalogues, numbers of objects in pg_depend, pg_cancel_backend (not
-- Ctrl-C), and dashboards about the server itself. Nor does everybody come into `postgres` and `template1` any more: what is
-- taken away here is answered there, about the whole server. That goes for every other database of this server; which those
-- are, and who has to come in, you know: deploy/README.md.

begin;
set local search_path = pg_catalog, pg_temp;

-- Anybody else would be told of nothing but warnings, and leave functions behind that do not have the rights they need.
do $$
begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
        raise insufficient_privilege using message = 'once.sql takes rights from everybody: run it as a superuser.';
    end if;
end
$$;

-- The one list of what tells of rows that are not one's own, by name, so that it holds for versions and extensions to come.
-- pg_statistic_ext stays: it tells which statistics there are and not what is in them, and \d reads it.
create or replace function meetpunt.tells_of_others()
    returns table (kind text, object text, to_public boolean, to_monitor boolean)
    language sql stable set search_path = pg_catalog, pg_temp as
$$
    with extended as (
        select classid, objid from pg_depend where deptype = 'e'
    ),
    told as (
        select 'table' as kind, c.oid::regclass::text as object, c.relname as name,
            coalesce(c.relacl, acldefault('r', c.relowner)) as rights
        from pg_class as c
        where c.relkind in ('r', 'v', 'm')
            and (c.relnamespace = 'pg_catalog'::regnamespace
                or exists (select from extended where classid = 'pg_class'::regclass and objid = c.oid))
            and c.relname like any (array[
                -- counters, and what the planner knows of values
                'pg\_stat\_%', 'pg\_statio\_%', 'pg\_stats', 'pg\_stats\_%', 'pg\_statistic', 'pg\_statistic\_ext\_data',
                -- who is at work on what
                'pg\_locks', 'pg\_prepared\_xacts', 'pg\_replication\_slots', 'pg\_replication\_origin\_status',
                'pg\_aios', 'pg\_buffercache%', 'pg\_shmem\_allocations%', 'pg\_backend\_memory\_contexts',
                'pg\_largeobject%'
            ])
        union all
        select 'function', p.oid::regprocedure::text, p.proname, coalesce(p.proacl, acldefault('f', p.proowner))
        from pg_proc as p
        where (p.pronamespace = 'pg_catalog'::regnamespace
                or exists (select from extended where classid = 'pg_proc'::regclass and objid = p.oid))
            and (p.proname like any (array[
                'pg\_stat\_%',
                -- sizes, and names of files that change when a table is written anew
                'pg\_%\_size', 'pg\_relation\_file%', 'pg\_filenode\_relation',
                -- locks, and who waits for which
                'pg\_lock\_status', 'pg\_%blocking\_pids', 'pg\_isolation\_test%', 'pg\_prepared\_xact',
                'pg\_advisory%', 'pg\_try\_advisory%',
                -- large objects: a place to write in for who may write nothing
                'lo\_%', 'loread', 'lowrite',
                -- how far the log and the transactions are: what all others wrote between two looks
                'pg\_current\_wal%', 'pg\_last\_%', 'pg\_logical\_emit\_message', 'pg\_control\_%', 'pg\_get\_replication%',
                'pg\_current\_snapshot', 'pg\_current\_xact\_id%', 'pg\_snapshot\_%', 'pg\_visible\_in\_snapshot',
                'pg\_export\_snapshot', 'pg\_xact\_%', 'pg\_get\_multixact%', 'txid\_%', 'mxid\_age',
                'pg\_notification\_queue\_usage',
                -- the same of a log that is summarised (summarize_wal)
                'pg\_get\_wal\_summarizer%', 'pg\_available\_wal\_summaries', 'pg\_wal\_summary%',
                -- whether a process is there: another reader's login
                'pg\_cancel\_backend', 'pg\_terminate\_backend',
                -- numbers of objects: from that of one's own of a moment ago (a default right) follows how many others took
                'pg\_get\_object\_address', 'pg\_identify\_object%', 'pg\_describe\_object'
            ]) or p.oid = 'age(xid)'::regprocedure)
            -- Of values at hand, and of one's own session: drivers call the last when they give a connection back.
            and p.proname not in ('pg_column_size', 'pg_advisory_unlock_all')
            and p.proname !~ '^pg_snapshot_(in|out|recv|send)$' and p.proname !~ '^txid_snapshot_(in|out|recv|send)$'
        union all
        -- No more than the estimates of a table, and numbers of objects where one's own would be seen that was made a moment
        -- ago; the rest of their rows every tool reads.
        select 'column', format('%s.%s', c.relname, a.attname), a.attname,
            coalesce(c.relacl, acldefault('r', c.relowner)) || coalesce(a.attacl, '{}')
        from pg_attribute as a
        join pg_class as c on c.oid = a.attrelid
        where c.relnamespace = 'pg_catalog'::regnamespace
            and format('%s.%s', c.relname, a.attname) in (
                'pg_class.reltuples', 'pg_class.relpages', 'pg_class.relallvisible', 'pg_class.relallfrozen',
                'pg_class.relfrozenxid', 'pg_class.relminmxid',
                'pg_default_acl.oid', 'pg_depend.objid', 'pg_shdepend.objid'
            )
        union all
        -- Their system columns: whoever may write a row here (`alter role` and `alter default privileges` of oneself) reads in
        -- its xmin how many transactions there were.
        select 'system columns', c.oid::regclass::text, c.relname, coalesce(c.relacl, acldefault('r', c.relowner))
        from pg_class as c
        where c.relnamespace = 'pg_catalog'::regnamespace
            and c.relname in ('pg_class', 'pg_db_role_setting', 'pg_default_acl', 'pg_depend', 'pg_shdepend')
        union all
        -- The ways round: every server has them, everybody comes in, and counters, locks and the log are those of all.
        select 'database', quote_ident(d.datname), d.datname, coalesce(d.datacl, acldefault('d', d.datdba))
        from pg_database as d
        where d.datname in ('postgres', 'template1') and d.datname <> current_database()
    )
    select kind, object,
        exists (select from aclexplode(rights) where grantee = 0 and privilege_type in ('SELECT', 'EXECUTE', 'CONNECT')),
        exists (
            select from aclexplode(rights)
            where grantee = 'pg_monitor'::regrole and privilege_type in ('SELECT', 'EXECUTE', 'CONNECT')
        )
    from told
$$;
comment on function meetpunt.tells_of_others() is
    'What tells of rows that are not one''s own, and whether public may ask for it: once.sql takes that away.';

do $$
declare
    owner text := (select datdba::regrole::text from pg_database where datname = current_database());
    services text := (
        select string_agg(quote_ident(rolname), ', ') from pg_roles
        where rolname in ('meetpunt_ingest', 'meetpunt_folder', 'meetpunt_work')
    );
    told record;
begin
    for told in
        select * from meetpunt.tells_of_others() where kind in ('table', 'function') and (to_public or to_monitor)
    loop
        execute format('revoke all on %s %s from public', told.kind, told.object);
        execute format('grant %s on %s %s to pg_monitor, %s',
            case told.kind when 'table' then 'select' else 'execute' end, told.kind, told.object, owner);
        -- What the service does itself: waiting for a standby, and ending a session of its own that is stuck.
        if told.object ~ '^pg_(logical_emit_message|terminate_backend)' then
            execute format('grant execute on function %s to %s', told.object, services);
        end if;
    end loop;

    -- What tools read of them stays, column by column.
    for told in
        select * from meetpunt.tells_of_others() where kind = 'system columns'
    loop
        execute format('revoke select on %s from public', told.object);
        -- The service looks for itself whether all of this was done.
        execute format('grant select on %s to pg_monitor, %s, %s', told.object, owner, services);
        execute (
            select format('grant select (tableoid, %s) on %s to public', string_agg(quote_ident(attname), ', '), told.object)
            from pg_attribute
            where attrelid = told.object::regclass and attnum > 0 and not attisdropped
                and format('%s.%s', told.object, attname)
                    not in (select object from meetpunt.tells_of_others() where kind = 'column')
        );
    end loop;

    for told in
        select * from meetpunt.tells_of_others() where kind = 'database'
    loop
        execute format('grant connect on database %s to pg_monitor, %s, %s', told.object, owner, services);
        execute format('revoke connect on database %s from public', told.object);
    end loop;
end
$$;

-- Who is there to read: logins alone. Membership is counted by hand, for to pg_has_role a superuser is a member of everything.
-- Whoever made a role may, from Postgres 16 on, give it on and is not for that a reader.
create or replace function meetpunt.readers() returns table (role oid)
    language sql stable set search_path = pg_catalog, pg_temp as
$$
    with recursive reads (role) as (
        select oid from pg_roles where rolname like 'meetpunt\_reads\_%'
        union
        select members.member
        from reads
        join pg_auth_members as members on members.roleid = reads.role
        where coalesce((to_jsonb(members) ->> 'inherit_option')::boolean, true)
            or coalesce((to_jsonb(members) ->> 'set_option')::boolean, true)
    )
    select who.oid
    from pg_roles as who
    where who.oid in (select reads.role from reads)
        and who.rolcanlogin
        and not who.rolsuper
        and who.rolname not like 'meetpunt\_%'
        and who.oid <> (select datdba from pg_database where datname = current_database())
$$;
comment on function meetpunt.readers() is 'The logins that read a municipality or a group, and nobody else.';

-- A transaction that stays open keeps a view of the database of hours ago, and what was destroyed since from being cleared
-- away. A time-out of a role is no limit: the role may set it itself. Only logins that are there to read are ended.
create or replace function meetpunt.end_long_readers(longer_than interval default interval '10 minutes') returns integer
    language sql volatile security definer set search_path = pg_catalog, pg_temp as
$$
    select (count(*) filter (where pg_terminate_backend(activity.pid)))::integer
    from pg_stat_activity as activity
    where activity.datname = current_database()
        and activity.pid <> pg_backend_pid()
        and activity.xact_start <= clock_timestamp() - longer_than
        and activity.usesysid in (select role from meetpunt.readers())
$$;
comment on function meetpunt.end_long_readers(interval) is
    'Ends the sessions of readers whose transaction began longer ago than this, and tells how many; it reaches nobody else.';
-- `create or replace` keeps the owner of what stood there, and this runs with its owner's rights.
alter function meetpunt.end_long_readers(interval) owner to current_user;
alter function meetpunt.tells_of_others() owner to current_user;
alter function meetpunt.readers() owner to current_user;
revoke all on function meetpunt.end_long_readers(interval) from public;
grant execute on function meetpunt.end_long_readers(interval) to meetpunt_folder;

-- The service comes in when readers have taken all other connections: Postgres 16 and newer, where `reserved_connections` is
-- set. Those before have no such role.
do $$
declare
    role text;
begin
    if to_regrole('pg_use_reserved_connections') is not null then
        foreach role in array array['meetpunt_ingest', 'meetpunt_folder', 'meetpunt_work', (
            select datdba::regrole::text from pg_database where datname = current_database()
        )]
        loop
            if not pg_has_role(role, 'pg_use_reserved_connections', 'usage') then
                execute format('grant pg_use_reserved_connections to %s', role);
            end if;
        end loop;
    end if;
end
$$;

-- What a reader sorts goes to the disk of the server, for as long as a cursor is kept; without this up to the last byte. Only a
-- superuser may say how much, and whoever was given that right: the owner, for the readers that it makes. A limit that somebody
-- chose stays.
do $$
declare
    reader text;
begin
    execute format('grant set on parameter temp_file_limit to %s',
        (select datdba::regrole::text from pg_database where datname = current_database()));
    for reader in
        select rolname from meetpunt.readers() as readers join pg_roles on pg_roles.oid = readers.role
        where not exists (
            select from pg_db_role_setting where setrole = readers.role and setconfig::text ~ '\mtemp_file_limit='
        )
    loop
        execute format('alter role %I set temp_file_limit = %L', reader, '512MB');
    end loop;
end
$$;

-- Publishing writes to few pages, many rows each: packing those pages for the log costs a sixth of its processor time and
-- saves little. Only a superuser may set this.
do $$
begin
    execute format('alter role meetpunt_folder in database %I set wal_compression = off', current_database());
end
$$;

-- Metabase asks pg_stat_user_tables, without a schema, for an estimate beside each name, and lists nothing when that fails.
-- This empty one stands before pg_catalog on a reader's search_path: bi_<slug>, meetpunt_tools, pg_catalog.
create schema if not exists meetpunt_tools;
comment on schema meetpunt_tools is 'What reporting tools ask for and need not know: empty. Not for reports.';
grant usage on schema meetpunt_tools to public;
create or replace view meetpunt_tools.pg_stat_user_tables as
select null::oid as relid, null::name as schemaname, null::name as relname, null::bigint as n_live_tup
where false;
comment on view meetpunt_tools.pg_stat_user_tables is 'Always empty: numbers of rows are told to who looks after the database.';
grant select on meetpunt_tools.pg_stat_user_tables to public;

commit;
