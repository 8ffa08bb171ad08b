-- Who reads Signalen knows of each reporter what they told their report. So answers share a batch, and their texts wait
-- together, only where the same was told.

alter table meetpunt.unpublished add column told text not null default '';
comment on column meetpunt.unpublished.told is
    'What its reporter told their report in Signalen: a word of our program. The empty text: there was nothing to tell.';

-- The version before does not name it, and publishes no answer to a report.
alter table meetpunt.waiting_text add column told text not null default '', drop constraint waiting_text_pkey,
    add primary key (municipality, touchpoint, structure, invited, promised, judgement, language, told, id);
alter table meetpunt.judged add column told text not null default '', drop constraint judged_pkey,
    add primary key (municipality, touchpoint, structure, invited, promised, judgement, language, told, month);
comment on column meetpunt.waiting_text.told is
    'As in unpublished: it waits for ten who told their report the same.';

-- The link of a report is used just before its response is stored. In spent_token its row would stand beside that of the
-- response for a month, and whoever has our key and the tokens of Signalen could lead from one to the other. So it stands here
-- until the day is over; then those of a whole day go there together, in the order of their codes.
create table meetpunt.report_link (
    municipality text not null references meetpunt.municipality,
    id bytea not null check (octet_length(id) = 16),
    used_on date not null,
    primary key (municipality, id)
)
with (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
comment on table meetpunt.report_link is 'Links of reports that were used today; of days before they stand in spent_token.';

grant select, insert on meetpunt.report_link to meetpunt_ingest;
grant select, delete on meetpunt.report_link to meetpunt_work;
grant insert on meetpunt.spent_token to meetpunt_work;
alter table meetpunt.report_link enable row level security, force row level security;
create policy service on meetpunt.report_link to meetpunt_ingest using (true) with check (true);
create policy work on meetpunt.report_link to meetpunt_work using (true) with check (true);
create policy work on meetpunt.spent_token for insert to meetpunt_work with check (true);
comment on column meetpunt.report_retry.id is 'As in report_link.';
