-- What dashboards read fast: counts per touchpoint, item and period, folded from responses.
-- Only counts of given values are kept, so that every figure can be worked out again from them, and so
-- that two parts of one period add up. Suspect responses are left out.

-- One row a stored response, put there by the insert and taken away by the folder: no watermark to lose.
-- `items` names the answers to fold; null: the whole response.
create table meetpunt.unfolded (
    municipality text not null,
    day date not null,
    response_id uuid not null,
    items text[]
);

-- One row a response that was stored and not published yet. Test data is never published.
create table meetpunt.unpublished (
    municipality text not null,
    day date not null,
    response_id uuid not null
);

create table meetpunt.summary (
    municipality text not null references meetpunt.municipality,
    grain text not null check (grain in ('week', 'month')),
    period date not null,
    touchpoint integer not null,
    structure text not null,
    item text not null,
    indicator text,
    kind text not null,
    is_test boolean not null,
    -- How often each value was given: [1] to [10] of a mark, [1] to [5] of a scale, and nee, deels, ja as
    -- [1] to [3]. Other codes have no number and are not counted here.
    given bigint[] not null check (array_length(given, 1) = 10),
    not_applicable bigint not null,
    primary key (municipality, grain, period, is_test, touchpoint, structure, item)
);

create table meetpunt.summary_responses (
    municipality text not null references meetpunt.municipality,
    grain text not null check (grain in ('week', 'month')),
    period date not null,
    touchpoint integer not null,
    structure text not null,
    is_test boolean not null,
    responses bigint not null,
    complete bigint not null,
    invited bigint not null,
    primary key (municipality, grain, period, is_test, touchpoint, structure)
);

-- How many were asked: counts only, no invitation can be told from another.
create table meetpunt.invitation_count (
    municipality text not null,
    day date not null,
    touchpoint integer not null,
    product text not null,
    is_test boolean not null default false,
    issued bigint not null default 0,
    spent bigint not null default 0,
    expired bigint not null default 0,
    primary key (municipality, day, touchpoint, product, is_test),
    unique (municipality, day, touchpoint, product),
    foreign key (municipality, touchpoint) references meetpunt.touchpoint
);

do $$
declare
    made text;
begin
    foreach made in array array['unfolded', 'unpublished', 'summary', 'summary_responses', 'invitation_count']
    loop
        execute format('alter table meetpunt.%I enable row level security', made);
        execute format('alter table meetpunt.%I force row level security', made);
        execute format('create policy service on meetpunt.%I to meetpunt_ingest, meetpunt_folder using (true) with check (true)', made);
    end loop;
    foreach made in array array['summary', 'summary_responses', 'invitation_count']
    loop
        execute format('create policy reader on meetpunt.%I for select to meetpunt_reader using (municipality in (
            select mine.municipality from meetpunt.reader as mine where mine.role_name = current_user))', made);
        execute format('grant select on meetpunt.%I to meetpunt_reader', made);
    end loop;
    foreach made in array array['summary', 'summary_responses', 'touchpoint']
    loop
        execute format('create policy benchmark on meetpunt.%I for select to meetpunt_benchmark using (true)', made);
        execute format('grant select on meetpunt.%I to meetpunt_benchmark', made);
    end loop;
end
$$;
grant usage on schema meetpunt to meetpunt_benchmark;
grant select on meetpunt.municipality to meetpunt_benchmark;

grant insert on meetpunt.unfolded, meetpunt.unpublished to meetpunt_ingest;
grant select, insert, update (issued) on meetpunt.invitation_count to meetpunt_ingest;
grant select, insert, delete on meetpunt.unfolded, meetpunt.unpublished to meetpunt_folder;
grant select, insert, update, delete on meetpunt.summary, meetpunt.summary_responses, meetpunt.invitation_count
    to meetpunt_folder;
