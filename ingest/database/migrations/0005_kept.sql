-- What is kept no longer, and who took what out: both on record.

-- Counts only, added up per day. The summaries stay.
create table meetpunt.destruction_record (
    municipality text not null references meetpunt.municipality,
    day date not null,
    kind text not null check (kind in
        ('free_text', 'invitation', 'invitation_call', 'kiosk_item', 'kiosk_pairing', 'kiosk_quarantine',
         'kiosk_set_aside', 'published_response', 'published_text', 'receipt', 'response', 'spent_token')),
    rows bigint not null check (rows > 0),
    primary key (municipality, day, kind)
);
comment on table meetpunt.destruction_record is
    'How many rows of which kind were destroyed on which day because their term was over.';

-- One line an export, committed before its first row is read. A reader leaves it by the function `noteer_uitvoer` of its
-- own schema, which fills in who, when and whose rows: nobody writes in another's name, changes or removes a line. The same
-- within a minute is one line, for which the function sees the last minute and no more.
create table meetpunt.export_audit (
    id uuid primary key default gen_random_uuid(),
    role_name name not null,
    exported_at timestamptz not null default now(),
    municipalities text[] not null,
    view text not null check (length(view) <= 63),
    month date check (extract(day from month) = 1),
    format text not null check (format in ('csv', 'parquet'))
);
create index export_audit_of_role on meetpunt.export_audit (role_name, exported_at);
comment on table meetpunt.export_audit is
    'Who exported which view of which municipalities, over which month (null: all), and when.';

do $$
begin
    alter table meetpunt.destruction_record enable row level security;
    alter table meetpunt.destruction_record force row level security;
    alter table meetpunt.export_audit enable row level security;
    alter table meetpunt.export_audit force row level security;
    create policy purge on meetpunt.destruction_record to meetpunt_folder using (true) with check (true);
    create policy note on meetpunt.export_audit for insert to meetpunt_audit with check (true);
    create policy recent on meetpunt.export_audit for select to meetpunt_audit
        using (exported_at > now() - interval '1 minute');
    execute format('create policy owner on meetpunt.destruction_record for select to %I using (true)', current_user);
    execute format('create policy owner on meetpunt.export_audit for select to %I using (true)', current_user);
end
$$;
grant select, insert, update (rows) on meetpunt.destruction_record to meetpunt_folder;
grant insert, select (role_name, exported_at, municipalities, view, month, format)
    on meetpunt.export_audit to meetpunt_audit;
