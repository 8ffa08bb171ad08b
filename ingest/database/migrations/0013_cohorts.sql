-- How far the contacts of a month came, up to the answer, told once when the month is over for everybody in it.

-- Only links that we send ourselves have a month: of others nobody knows what became of them before the answer.
alter table meetpunt.invitation add column month date check (extract(day from month) = 1);
comment on column meetpunt.invitation.month is
    'In which the contact became known, in Amsterdam; null: the municipality sends the link itself.';

-- Such answers are published apart: the others are counted in invitation_count.
alter table meetpunt.unpublished add column sent_by_us boolean not null default false;
comment on column meetpunt.unpublished.sent_by_us is 'By a link that we sent ourselves.';

-- What expired is not counted any more, only by the version before; nothing shows it.
alter table lees.uitnodiging alter column expired set default 0;

-- Who stores answers adds rows here, because they would wait for each other to count in the same one.
create table meetpunt.answered_tally (
    municipality text not null,
    month date not null,
    touchpoint integer not null,
    product text not null,
    n bigint not null
)
with (autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);
comment on table meetpunt.answered_tally is
    'How many answered in one batch, until the daily look adds it to invitation_stage and deletes it.';
grant insert on meetpunt.answered_tally to meetpunt_ingest;
grant select, delete on meetpunt.answered_tally to meetpunt_folder;
alter table meetpunt.answered_tally enable row level security, force row level security;
create policy service on meetpunt.answered_tally for insert to meetpunt_ingest with check (true);
create policy folder on meetpunt.answered_tally to meetpunt_folder using (true) with check (true);

create table lees.uitnodiging_maand (
    municipality text not null,
    month date not null check (extract(day from month) = 1),
    touchpoint integer not null,
    product text not null,
    known bigint not null,
    not_chosen bigint,
    sent bigint,
    delivered bigint,
    failed bigint,
    unknown bigint,
    expired bigint,
    asked_recently bigint check (asked_recently >= 10),
    opted_out bigint check (opted_out >= 10),
    answered bigint check (answered >= 10),
    told_at timestamptz not null,
    primary key (municipality, month, touchpoint, product),
    check (known >= 10 or (not_chosen is null and sent is null and delivered is null and failed is null
        and unknown is null and expired is null and asked_recently is null and opted_out is null and answered is null))
) partition by list (municipality);
comment on table lees.uitnodiging_maand is 'A row is written once, when its month is closed, and never changed.';
alter table lees.uitnodiging_maand enable row level security, force row level security;
create policy folder on lees.uitnodiging_maand to meetpunt_folder using (true) with check (true);
grant select, insert, update, delete on lees.uitnodiging_maand to meetpunt_folder;
