-- What other systems count of the work itself, beside what residents say of it, and the norms for that.

-- As the municipality's file says; '' stands for every department or product of the channel.
create table meetpunt.norm (
    municipality text not null references meetpunt.municipality,
    channel text not null,
    department text not null,
    product text not null,
    measure text not null,
    value double precision not null,
    primary key (municipality, channel, department, product, measure)
);
comment on column meetpunt.norm.value is 'The most, or the least of what is better when there is more; in the unit of the measure.';
alter table meetpunt.norm enable row level security, force row level security;
create policy files on meetpunt.norm using (true) with check (true);

create table lees.norm (
    municipality text not null,
    channel text not null,
    department text not null,
    product text not null,
    measure text not null,
    value double precision not null,
    primary key (municipality, channel, department, product, measure)
) partition by list (municipality);

-- Counted by the municipality's own systems, of no resident who answered. Told again it replaces what was told before.
create table lees.kengetal (
    municipality text not null,
    grain text not null check (grain in ('day', 'month')),
    period date not null check (grain = 'day' or extract(day from period) = 1),
    channel text not null,
    department text not null,
    product text not null,
    measure text not null,
    -- So large that no sum of them overflows: one that does would end every report of the municipality.
    value double precision check (value >= 0 and value <= 1e12),
    n bigint check (n > 0 and n <= 1000000000000),
    told_at timestamptz not null check (isfinite(told_at)),
    primary key (municipality, measure, channel, department, product, grain, period)
) partition by list (municipality);
comment on column lees.kengetal.value is 'In the unit of the measure (ingest/municipalities/measures.py). Null: it was taken back.';
comment on column lees.kengetal.n is 'Of how many cases or contacts it is the mean or the share; null for a stock.';
alter table lees.kengetal enable row level security, force row level security;
create policy folder on lees.kengetal to meetpunt_folder using (true) with check (true);
create policy service on lees.kengetal to meetpunt_ingest using (true) with check (true);
grant select, insert, update, delete on lees.kengetal to meetpunt_folder;

-- The service takes them in, and changes of what is there no more than the figure. Of the schema it reaches nothing else.
grant usage on schema lees to meetpunt_ingest;
grant select, insert, update (value, n, told_at) on lees.kengetal to meetpunt_ingest;
