-- When something was last destroyed by date, or looked at for it: what the clock says of a next time is held against this.

create table meetpunt.purge_moment (
    the_only boolean primary key default true check (the_only),
    at timestamptz not null
);
comment on table meetpunt.purge_moment is
    'When the last purge was that believed its clock: a next one refuses a clock that jumped since.';

do $$
begin
    alter table meetpunt.purge_moment enable row level security;
    alter table meetpunt.purge_moment force row level security;
    create policy purge on meetpunt.purge_moment to meetpunt_folder using (true) with check (true);
    execute format('create policy owner on meetpunt.purge_moment for select to %I using (true)', current_user);
end
$$;
grant select, insert, update (at) on meetpunt.purge_moment to meetpunt_folder;
