-- What readers read: tables that hold nothing but what may be read, a partition for each municipality in a schema of its
-- own (`lees_<slug>`), under plain views in a schema that is a reader's whole world (`bi_<slug>`). The partitions, the
-- views and the roles of readers are made when files are mirrored, see ingest/database/reading.py.

create schema lees;
comment on schema lees is 'What was published. Readers reach it through the views of their own schema alone.';
grant usage on schema lees to meetpunt_folder, meetpunt_views;

-- One row a response. A row whose day was not kept counts in the week and the month in which its batch closed.
create table lees.reactie (
    municipality text not null,
    month date not null check (extract(day from month) = 1),
    week date not null check (extract(isodow from week) = 1),
    day date,
    id uuid not null default gen_random_uuid(),
    touchpoint integer not null,
    questionnaire text not null,
    version smallint not null,
    structure text not null,
    complete boolean not null,
    suspect text[] not null,
    small_group boolean not null,
    mode text,
    language text,
    dimensions jsonb not null,
    answers jsonb not null,
    primary key (municipality, month, id)
) partition by list (municipality);
comment on column lees.reactie.id is 'Its own: nothing ties the row to the response that it was.';
comment on column lees.reactie.dimensions is 'Those that were kept: of each combination there are ten, or none. Null: not kept, so not that of the touchpoint either.';

create table lees.tekst (
    municipality text not null,
    month date not null,
    id uuid not null default gen_random_uuid(),
    touchpoint integer not null,
    questionnaire text not null,
    item text not null,
    judgement text not null,
    small_group boolean not null,
    text text not null,
    masked text[] not null,
    primary key (municipality, month, id)
) partition by list (municipality);

-- Every touchpoint of a channel together, with what means and deviations need added up once.
create table lees.cijfer (
    municipality text not null,
    grain text not null,
    period date not null,
    channel text not null,
    indicator text not null,
    kind text not null,
    given bigint[] not null,
    small_group boolean not null,
    n bigint not null generated always as (
        given[1] + given[2] + given[3] + given[4] + given[5]
        + given[6] + given[7] + given[8] + given[9] + given[10]
    ) stored,
    total bigint not null generated always as (
        given[1] + 2 * given[2] + 3 * given[3] + 4 * given[4] + 5 * given[5]
        + 6 * given[6] + 7 * given[7] + 8 * given[8] + 9 * given[9] + 10 * given[10]
    ) stored,
    squares bigint not null generated always as (
        given[1] + 4 * given[2] + 9 * given[3] + 16 * given[4] + 25 * given[5]
        + 36 * given[6] + 49 * given[7] + 64 * given[8] + 81 * given[9] + 100 * given[10]
    ) stored,
    primary key (municipality, grain, period, channel, indicator, kind)
) partition by list (municipality);

create table lees.deelname (
    municipality text not null,
    grain text not null,
    period date not null,
    channel text not null,
    responses bigint not null,
    complete bigint not null,
    primary key (municipality, grain, period, channel)
) partition by list (municipality);

create table lees.uitnodiging (
    municipality text not null,
    day date not null,
    channel text not null,
    product text not null,
    issued bigint not null,
    spent bigint not null,
    expired bigint not null,
    primary key (municipality, day, channel, product)
) partition by list (municipality);

-- What was looked at when, and what waits since.
create table lees.stand (
    municipality text not null,
    touchpoint integer not null,
    looked_at timestamptz not null,
    waiting bigint not null,
    primary key (municipality, touchpoint)
) partition by list (municipality);

create table lees.kiosk (
    municipality text not null,
    id uuid not null,
    touchpoint text not null,
    name text not null,
    last_seen timestamptz,
    queue integer,
    version text,
    clock_offset_seconds bigint,
    silent boolean not null,
    revoked_on date,
    set_aside bigint not null,
    quarantined bigint not null,
    looked_at timestamptz not null,
    primary key (municipality, id)
) partition by list (municipality);

create table lees.doel (
    municipality text not null,
    channel text not null,
    indicator text not null,
    measure text not null,
    kind text not null,
    amount numeric not null,
    base_year smallint,
    primary key (municipality, channel, indicator, measure)
) partition by list (municipality);

create table lees.dim_meetpunt (
    municipality text not null,
    number integer not null,
    slug text not null,
    name text not null,
    channel text not null,
    location text,
    product text,
    questionnaire text,
    version smallint,
    since date,
    retired boolean not null,
    batch smallint not null,
    primary key (municipality, number)
) partition by list (municipality);

create table lees.dim_vragenlijst (
    municipality text not null,
    structure text not null,
    questionnaire text not null,
    version smallint not null,
    title text not null,
    primary key (municipality, structure)
) partition by list (municipality);

create table lees.dim_item (
    municipality text not null,
    structure text not null,
    item text not null,
    position smallint not null,
    kind text not null,
    indicator text,
    core boolean not null,
    text text not null,
    primary key (municipality, structure, item)
) partition by list (municipality);

-- The own side of the region's figures, as it was counted when the others were told.
create table lees.vergelijking (
    municipality text not null,
    grain text not null check (grain in ('month', 'quarter', 'year')),
    period date not null,
    channel text not null,
    core text not null,
    indicator text not null,
    kind text not null,
    given bigint[] not null,
    small_group boolean not null,
    revision smallint not null,
    published_on date not null,
    primary key (municipality, grain, period, channel, core, indicator, kind)
) partition by list (municipality);

-- What others may know of a municipality: null is what they may not. Written once; a revision is a row of its own.
create table lees.gepubliceerd (
    region text not null,
    grain text not null check (grain in ('month', 'quarter', 'year')),
    period date not null,
    channel text not null,
    core text not null,
    indicator text not null,
    kind text not null,
    municipality text not null,
    revision smallint not null,
    latest boolean not null,
    published_on date not null,
    small_group boolean not null,
    n bigint,
    total bigint,
    le_6 bigint,
    lt_6 bigint,
    ge_8 bigint,
    given bigint[],
    primary key (region, grain, period, channel, core, indicator, kind, municipality, revision)
) partition by list (region);

create table lees.gepubliceerd_regio (
    region text not null,
    grain text not null check (grain in ('month', 'quarter', 'year')),
    period date not null,
    channel text not null,
    core text not null,
    indicator text not null,
    kind text not null,
    municipalities integer not null,
    hidden integer not null,
    pooled numeric,
    unweighted numeric,
    primary key (region, grain, period, channel, core, indicator, kind)
) partition by list (region);
comment on column lees.gepubliceerd_regio.hidden is 'How many municipalities are hidden: a group that reads several sees a mean only where none is.';

-- The same for everybody.
create table lees.dim_gemeente (
    municipality text primary key,
    slug text not null,
    name text not null,
    region text not null,
    fictional boolean not null
);

create table lees.dim_kanaal (
    channel text primary key,
    name text not null,
    position smallint not null
);

create table lees.dim_datum (
    day date primary key,
    holiday text
);

-- The days of article 3 of the Algemene termijnenwet, with Good Friday, and both Sundays. Easter by the "anonymous"
-- algorithm (Nature, 1876; Meeus). Koningsdag is 27 April, or the day before where that is a Sunday.
insert into lees.dim_datum (day, holiday)
with years as (
    select year, year % 19 as golden, year / 100 as century, year % 100 as rest
    from generate_series(2020, 2045) as year
),
epacts as (
    select *, (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30 as epact
    from years
),
weekdays as (
    select *, (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7 as weekday
    from epacts
),
late as (
    select *, epact + weekday - 7 * ((golden + 11 * epact + 22 * weekday) / 451) + 114 as days
    from weekdays
),
easters as (
    select year, make_date(year, days / 31, days % 31 + 1) as easter from late
),
holidays as (
    select easter + after.days as day, after.name
    from easters
    cross join (values
        (-2, 'Goede Vrijdag'), (0, 'Eerste paasdag'), (1, 'Tweede paasdag'), (39, 'Hemelvaartsdag'),
        (49, 'Eerste pinksterdag'), (50, 'Tweede pinksterdag')
    ) as after (days, name)
    union all
    select make_date(year, 4, 27) - (extract(isodow from make_date(year, 4, 27)) = 7)::integer, 'Koningsdag'
    from years
    union all
    select make_date(year, fixed.month, fixed.day), fixed.name
    from years
    cross join (values
        (1, 1, 'Nieuwjaarsdag'), (5, 5, 'Bevrijdingsdag'), (12, 25, 'Eerste kerstdag'),
        (12, 26, 'Tweede kerstdag')
    ) as fixed (month, day, name)
)
select days.day::date, string_agg(holidays.name, ' en ' order by holidays.name)
from generate_series(date '2020-01-01', date '2045-12-31', interval '1 day') as days (day)
left join holidays on holidays.day = days.day
group by days.day;

-- ln(t / z) * df is smooth in 1/df between its ends at 1 and infinity; this polynomial stays within
-- 3e-6 of t there, and within 1e-6 from 2 degrees of freedom on.
create function lees.t_975(df double precision) returns double precision
language sql immutable parallel safe
return 1.959963984540054 * exp((1 / df) * (1.2103657 + (1 / df) * (0.7074986 + (1 / df) * (0.1533112
    + (1 / df) * (-0.2395088 + (1 / df) * (-0.0575579 + (1 / df) * (0.1419811 - (1 / df) * 0.0469278)))))));
comment on function lees.t_975 is
    'The 0.975 quantile of Student''s t for any number of degrees of freedom from 1 on: the margin of a 95 % interval in standard errors.';

create function lees.t_margin(variance double precision, n double precision) returns double precision
language sql immutable parallel safe
return lees.t_975(n - 1) * sqrt(variance / n);
comment on function lees.t_margin is 'Half the width of the 95 % interval of a mean of n values.';

-- Wilson's interval: unlike the usual one it holds for small n, and for shares near 0 and 1.
create function lees.wilson_low(hits double precision, n double precision) returns double precision
language sql immutable parallel safe
return case when n > 0 then greatest(0,
    (hits + 1.9207294103470 - 1.959963984540054 * sqrt(hits * (n - hits) / n + 0.9603647051735))
    / (n + 3.8414588206941)) end;
comment on function lees.wilson_low is 'Lower end of the 95 % interval of a share of hits among n.';

create function lees.wilson_high(hits double precision, n double precision) returns double precision
language sql immutable parallel safe
return case when n > 0 then least(1,
    (hits + 1.9207294103470 + 1.959963984540054 * sqrt(hits * (n - hits) / n + 0.9603647051735))
    / (n + 3.8414588206941)) end;
comment on function lees.wilson_high is 'Upper end of the 95 % interval of a share of hits among n.';

-- `a` and `b` are the squared standard errors of the two means.
create function lees.welch_df(a double precision, n_a double precision, b double precision, n_b double precision)
returns double precision
language sql immutable parallel safe
return (a + b) ^ 2 / nullif(a ^ 2 / (n_a - 1) + b ^ 2 / (n_b - 1), 0);
comment on function lees.welch_df is 'Degrees of freedom of Welch''s test; null where neither side varies.';

create function lees.welch_differs(
    mean_a double precision, variance_a double precision, n_a double precision,
    mean_b double precision, variance_b double precision, n_b double precision
) returns boolean
language sql immutable parallel safe
return abs(mean_a - mean_b) > coalesce(
    lees.t_975(lees.welch_df(variance_a / n_a, n_a, variance_b / n_b, n_b))
        * sqrt(variance_a / n_a + variance_b / n_b), 0);
comment on function lees.welch_differs is
    'Whether two means differ by more than chance explains (Welch''s test, two-sided, 5 %). Where neither side varies, any difference counts.';

-- Which view was made in which schema, from which text: one that changed is made anew.
create table meetpunt.applied_view (
    schema_name text not null,
    view_name text not null,
    sha256 text not null,
    primary key (schema_name, view_name)
);

-- Partitioned tables hold no row themselves; their partitions have the same policies, see ingest/database/reading.py.
do $$
declare
    named text;
begin
    foreach named in array array['reactie', 'tekst', 'cijfer', 'deelname', 'uitnodiging', 'stand', 'kiosk', 'vergelijking',
        'gepubliceerd', 'gepubliceerd_regio']
    loop
        execute format('alter table lees.%I enable row level security', named);
        execute format('alter table lees.%I force row level security', named);
        execute format('create policy folder on lees.%I to meetpunt_folder using (true) with check (true)', named);
        execute format('grant select, insert, update, delete on lees.%I to meetpunt_folder', named);
    end loop;
end
$$;
grant select on lees.dim_gemeente, lees.dim_kanaal, lees.dim_datum to meetpunt_views;
