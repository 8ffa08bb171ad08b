-- What runs beside the requests: who does each task until when, and when it last ran. No reader has any right here, so
-- none can hold a row. 'meetpunt migrate' makes a row for each task of its version; what another version left is left.
-- Times are the database's.
create table meetpunt.task (
    name text primary key check (name ~ '^[a-z]+(-[a-z]+)*$' and length(name) <= 40),
    since timestamptz not null default clock_timestamp(),
    holder uuid,
    held_until timestamptz,
    pid integer,
    last_ran timestamptz,
    last_failed timestamptz,
    reason text check (length(reason) <= 100),
    check ((holder is null) = (held_until is null) and (holder is null) = (pid is null)),
    check ((last_failed is null) = (reason is null))
);
comment on table meetpunt.task is
    'Tasks that run beside the requests. Each transaction of a task holds its row for update.';
comment on column meetpunt.task.since is 'From when on the database knows the task: it is late from then, if it never ran.';
comment on column meetpunt.task.holder is 'A number that a process draws at its start: it does the task.';
comment on column meetpunt.task.pid is 'The session of the holder, to be ended when it is stuck.';
comment on column meetpunt.task.reason is 'Why it last failed: the name of a class of our program, never data.';

alter table meetpunt.task enable row level security;
alter table meetpunt.task force row level security;
do $$
begin
    create policy folder on meetpunt.task to meetpunt_folder using (true) with check (true);
    create policy service on meetpunt.task for select to meetpunt_ingest using (true);
    execute format('create policy owner on meetpunt.task to %I using (true) with check (true)', current_user);
end
$$;
grant select, update (holder, held_until, pid, last_ran, last_failed, reason) on meetpunt.task to meetpunt_folder;
grant select on meetpunt.task to meetpunt_ingest;
