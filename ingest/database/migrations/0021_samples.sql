-- What one in so many residents is asked in place of another question, told once when the quarter is over.

-- Who publishes adds to it, and who tells deletes. Nobody reads it: it holds numbers under ten.
create table meetpunt.sample_tally (
    municipality text not null,
    quarter date not null check (extract(day from quarter) = 1 and extract(month from quarter) in (1, 4, 7, 10)),
    touchpoint integer not null,
    item text not null,
    code text not null,
    small_group boolean not null,
    n bigint not null,
    primary key (municipality, quarter, touchpoint, item, code)
);
comment on table meetpunt.sample_tally is
    'How often each code was answered by those of a sample whose responses were published, until the quarter is told.';
grant select, insert, update, delete on meetpunt.sample_tally to meetpunt_folder;
alter table meetpunt.sample_tally enable row level security, force row level security;
create policy folder on meetpunt.sample_tally to meetpunt_folder using (true) with check (true);

create table lees.kanaalwissel (
    municipality text not null,
    quarter date not null check (extract(day from quarter) = 1 and extract(month from quarter) in (1, 4, 7, 10)),
    channel text not null,
    part text not null check (part in ('gevraagd', 'eerder', 'kanaal', 'reden')),
    code text not null,
    n bigint check (n >= 10),
    small_group boolean not null,
    told_at timestamptz not null,
    primary key (municipality, quarter, channel, part, code)
) partition by list (municipality);
comment on table lees.kanaalwissel is 'A row is written once, when its quarter is over, and never changed.';
comment on column lees.kanaalwissel.n is 'Ten or more, and so is what can be subtracted; null: fewer than ten answered.';
alter table lees.kanaalwissel enable row level security, force row level security;
create policy folder on lees.kanaalwissel to meetpunt_folder using (true) with check (true);
grant select, insert, update, delete on lees.kanaalwissel to meetpunt_folder;

-- A publisher of a version before this one knows no samples, and would put these answers into rows. It is refused: what
-- it wanted to publish waits for one that does.
alter table lees.reactie add constraint reactie_holds_no_sample check (not answers ?| array['eerder', 'eerder_reden']);
