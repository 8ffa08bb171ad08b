-- Whether these are what the files say is asked at every start of `serve`, which has no other role. They hold what a
-- municipality wrote in its files, and nothing of a resident.
grant select on meetpunt.norm, meetpunt.target, meetpunt.department, meetpunt.wijk, meetpunt.core_item, meetpunt.theme,
    meetpunt.improvement to meetpunt_ingest;

-- How the systems of others are that we ask or tell, so that one that does not let us shows where somebody looks. What they
-- answer does not stand here, nor about whom it was.
create table meetpunt.neighbour (
    municipality text not null references meetpunt.municipality,
    kind text not null check (kind in ('cases', 'contacts', 'reports')),
    last_well timestamptz check (isfinite(last_well)),
    away_since timestamptz check (isfinite(away_since)),
    reason text check (reason ~ '^[a-z]+(-[a-z0-9]+)*$' and length(reason) <= 40),
    primary key (municipality, kind),
    check ((away_since is null) = (reason is null))
);
comment on table meetpunt.neighbour is 'By municipality, each system of others that we ask or tell: when it last did as asked, and since when it does not.';
comment on column meetpunt.neighbour.last_well is 'When it did as asked, at most ten minutes too early; of reports the hour alone, as they are told because somebody answered.';
grant select, insert, update, delete on meetpunt.neighbour to meetpunt_work;
grant select on meetpunt.neighbour to meetpunt_ingest, meetpunt_folder;
alter table meetpunt.neighbour enable row level security, force row level security;
create policy work on meetpunt.neighbour to meetpunt_work using (true) with check (true);
create policy service on meetpunt.neighbour for select to meetpunt_ingest using (true);
create policy folder on meetpunt.neighbour for select to meetpunt_folder using (true);
