-- What is kept no longer, and who took what out: both on record.

-- Counts only, added up per day. The summaries stay.
create table meetpunt.destruction_record (
    municipality text not null references meetpunt.municipality,
    day date not null,
    kind text not null check (kind in
        ('free_text', 'invitation', 'invitation_call', 'receipt', 'response', 'spent_token')),
    rows bigint not null check (rows > 0),
    primary key (municipality, day, kind)
);
comment on table meetpunt.destruction_record is
    'How many rows of which kind were destroyed on which day because their term was over.';

-- One line an export, committed before its first row is read. Who, when and whose rows is filled in
-- here, so that nobody writes in another's name; nobody can change or remove a line.
create table meetpunt.export_audit (
    id uuid primary key default gen_random_uuid(),
    role_name name not null default session_user,
    exported_at timestamptz not null default now(),
    municipalities text[] not null,
    view text not null,
    month date check (extract(day from month) = 1),
    format text not null check (format in ('csv', 'parquet'))
);
create function meetpunt.whose_export() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp as
$$
begin
    new.municipalities := array(
        select mine.municipality from meetpunt.reader as mine
        where mine.role_name = session_user order by mine.municipality
    );
    return new;
end
$$;
create trigger whose_export before insert on meetpunt.export_audit
    for each row execute function meetpunt.whose_export();
comment on table meetpunt.export_audit is
    'Who exported which view of which municipalities, over which month (null: all), and when.';

do $$
declare
    made text;
begin
    foreach made in array array['destruction_record', 'export_audit']
    loop
        execute format('alter table meetpunt.%I enable row level security', made);
        execute format('alter table meetpunt.%I force row level security', made);
    end loop;
end
$$;
create policy purge on meetpunt.destruction_record to meetpunt_folder using (true) with check (true);
grant select, insert, update (rows) on meetpunt.destruction_record to meetpunt_folder;

-- A municipality accounts for what was destroyed of its own.
create policy reader on meetpunt.destruction_record for select to meetpunt_reader using (municipality in (
    select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user));
grant select on meetpunt.destruction_record to meetpunt_reader;
do $$
begin
    execute format('create policy owner on meetpunt.destruction_record for select to %I using (true)', current_user);
    execute format('create policy owner on meetpunt.export_audit for select to %I using (true)', current_user);
end
$$;

create policy own_line on meetpunt.export_audit for insert to meetpunt_reader
    with check (role_name = session_user);
grant insert (view, month, format) on meetpunt.export_audit to meetpunt_reader;
